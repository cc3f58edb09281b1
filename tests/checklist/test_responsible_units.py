"""Which units a typed 责任单位 names."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.loading.loader import load_campaign
from checklist.values.responsible_units import NamedUnits, UnitReader, lead_names, unit_reader, with_picked
from tests.builders import EAST, OFFICE, WATER, WEST, small_campaign

CAMPAIGN = small_campaign()
SHIPPED = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
READ = UnitReader(CAMPAIGN).read
SHIPPED_READ = UnitReader(SHIPPED).read


@pytest.mark.parametrize(
    ("text", "codes", "others"),
    [
        ("县医保局、县卫健委", ("yibaoju", "weijianwei"), ()),
        ("县医保局，县卫健委。", ("yibaoju", "weijianwei"), ()),
        ("医保局 卫健委", ("yibaoju", "weijianwei"), ()),
        ("县医保局和县卫健委", ("yibaoju", "weijianwei"), ()),
        ("萧县医疗保障局/县卫生健康委", ("yibaoju", "weijianwei"), ()),
        ("县卫健委、县医保局（牵头）", ("yibaoju", "weijianwei"), ()),
        ("配合单位：县卫健委；牵头单位：县医保局", ("yibaoju", "weijianwei"), ()),
        ("县卫健委配合，县医保局牵头", ("yibaoju", "weijianwei"), ()),
        ("县财政局（县地方金融监督管理局）", ("caizhengju",), ()),
        ("丁里镇党委、政府", ("341322110",), ()),
        ("丁里镇、县医保局、丁里镇人民政府", ("341322110", "yibaoju"), ()),
        ("丁里镇河头村", ("341322110",), ()),
        ("县住建局 王某某", ("zhujianju",), ("王某某",)),
        ("各乡镇", (), ("各乡镇",)),
        ("丁里镇、丁里镇民政所", ("341322110",), ("丁里镇民政所",)),
        ("县住建局、河头小学、各乡镇", ("zhujianju",), ("河头小学", "各乡镇")),
        ("王和平", (), ("王和平",)),
        ("、", (), ()),
        ("", (), ()),
        (None, (), ()),
    ],
)
def test_a_text_names_units_with_the_lead_first(text, codes, others):
    named = SHIPPED_READ(text)
    assert (named.codes, named.others) == (codes, others)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("丁里镇民政所", {"丁里镇民政所": "341322110"}),
        ("丁里中心小学、县水利局河道股", {"丁里中心小学": "341322110", "县水利局河道股": "shuiliju"}),
        ("丁里镇、丁里镇民政所", {}),
        ("县住建局、萧县王寨镇卫生院", {"萧县王寨镇卫生院": "341322111"}),
        ("各乡镇、镇政府、王某某", {}),
        ("丁里站", {}),
    ],
)
def test_a_part_of_a_unit_is_offered_as_that_unit_and_never_decided(text, parts):
    assert SHIPPED_READ(text).parts == parts
    assert not set(parts) - set(SHIPPED_READ(text).others)


@pytest.mark.parametrize(
    ("text", "picked", "whole"),
    [
        ("水利局", ["县水利局"], "水利局"),
        ("水利局。", ["东河镇"], "水利局、东河镇"),
        ("", ["县水利局", "东河镇"], "县水利局、东河镇"),
        ("县水利局、王某某", ["东河镇（牵头）"], "东河镇、县水利局、王某某"),
        ("县水利局、东河镇、王某某", ["东河镇（牵头）", "西岭镇"], "东河镇、县水利局、王某某、西岭镇"),
        ("东河镇、水利局", ["东河镇（牵头）"], "东河镇、水利局"),
        ("东河镇", ["", "no unit", "刘某某"], "东河镇"),
    ],
)
def test_what_is_picked_joins_what_was_typed(text, picked, whole):
    assert with_picked(CAMPAIGN, text, picked) == whole


@given(
    st.text(alphabet="东河西岭镇县水利局、，王某", max_size=12),
    st.lists(st.sampled_from(["东河镇", "西岭镇", "县水利局", "县水利局（牵头）"]), max_size=4),
)
def test_picking_adds_units_and_loses_none_and_no_words(text, picked):
    before, after = READ(text), READ(with_picked(CAMPAIGN, text, picked))
    assert set(after.codes) == set(before.codes) | {READ(name).lead for name in picked}
    assert set(before.others) == set(after.others)
    if "县水利局（牵头）" in picked:
        assert after.lead == WATER


def test_every_name_of_a_unit_names_it():
    for unit in (SHIPPED.units.office, *SHIPPED.filing_units):
        for name in filter(None, (unit.name, unit.full_name, *unit.aliases)):
            assert SHIPPED_READ(name) == NamedUnits((unit.code,))


def test_a_village_that_both_townships_have_names_neither():
    assert READ("柳林村") == NamedUnits((), ("柳林村",))
    assert READ("西岭镇柳林村") == NamedUnits((WEST,))


@given(
    st.lists(
        st.sampled_from(["东河镇", "西岭镇", "县水利局", "青河县联席会议办公室", "刘某某", "水管站"]),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["、", "，", ",", "；", "/", "\n", " 、 "]),
)
def test_units_keep_their_order_whatever_divides_them(names, separator):
    known = {"东河镇": EAST, "西岭镇": WEST, "县水利局": WATER, "青河县联席会议办公室": OFFICE}
    found = READ(separator.join(names))
    assert found.codes == tuple(dict.fromkeys(known[name] for name in names if name in known))
    assert set(found.others) == set(names) - set(known)


@given(st.text(alphabet="东西岭镇县水利局、，（）牵头配合:： 和及\n某", max_size=20))
def test_any_text_is_read_without_error_and_names_units_once(text):
    found = READ(text)
    assert len(set(found.codes)) == len(found.codes)
    assert READ("、".join(CAMPAIGN.unit_by_code[code].name for code in found.codes)) == NamedUnits(
        found.codes
    )


def test_the_marked_lead_leads_wherever_it_stands():
    for names in permutations(["东河镇", "西岭镇", "县水利局（牵头）"]):
        assert READ("、".join(names)).lead == WATER


def test_a_campaign_is_read_by_one_reader():
    assert unit_reader(CAMPAIGN) is unit_reader(CAMPAIGN)
    assert unit_reader(SHIPPED) is not unit_reader(CAMPAIGN)
    assert lead_names(CAMPAIGN)("水利局、东河镇") == "县水利局"
    assert lead_names(CAMPAIGN)("刘某某") == ""
