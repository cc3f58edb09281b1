"""Units as people name them, in all spellings of the shipped campaign."""

import pytest

from checklist.model import Campaign
from checklist.reading.names import short_village
from checklist.values.unit_lookup import NoSuchUnit, find_filing_unit, find_unit


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("341322110", "丁里镇"),
        ("丁里", "丁里镇"),
        ("萧县丁里镇", "丁里镇"),
        ("丁里镇人民政府（盖章）", "丁里镇"),
        ("中共萧县丁里镇委员会", "丁里镇"),
        ("萧县丁里镇乡村振兴工作站", "丁里镇"),
        ("青龙镇", "青龙集镇"),
        ("jiaotiju", "县教体局"),
        ("教育局", "县教体局"),
        ("萧县 教育体育局", "县教体局"),
        ("县财政局(县地方金融监督管理局)", "县财政局（县地方金融监督管理局）"),
    ],
)
def test_a_filing_unit_by_its_code_or_any_of_its_names(shipped: Campaign, typed: str, name: str) -> None:
    assert find_filing_unit(shipped, typed).name == name


def test_every_name_means_its_own_unit_alone(shipped: Campaign) -> None:
    for unit in shipped.unit_by_code.values():
        for name in filter(None, (unit.code, unit.name, unit.full_name, *unit.aliases)):
            assert find_unit(shipped, name) is unit, name


@pytest.mark.parametrize("typed", ["", "县", "局", "镇", "某某镇", "县卫健", "巩固办"])
def test_names_that_are_no_filing_unit_get_a_hint_what_to_write(shipped: Campaign, typed: str) -> None:
    with pytest.raises(
        NoSuchUnit,
        match=f"没有填报单位“{typed}”；请写 units.yml 里.*名称如凤城街道、龙河街道、锦屏街道(?!、)",
    ):
        find_filing_unit(shipped, typed)


def test_the_office_is_a_unit_that_files_nothing(shipped: Campaign) -> None:
    assert find_unit(shipped, "巩固办") is shipped.units.office


def test_no_two_villages_of_a_township_have_the_same_short_name(shipped: Campaign) -> None:
    for unit in shipped.units.townships:
        names = [short_village(village.name, shipped.reading.names) for village in unit.villages]
        assert len(set(names)) == len(names), unit.name
