"""The shipped campaign says what the notice says: its words, its order, its units.

``notice-body.txt`` is the notice's sections one to four, a paragraph a line, with the sentences joined that
page breaks had cut. Each line is built again from the YAML, so a lost, changed or added word fails.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from checklist.loading.loader import load_campaign
from checklist.model import Area, Campaign, Unit
from checklist.model.campaign import Phase, Requirement

FOLDER = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"
BODY = Path(__file__).with_name("notice-body.txt").read_text(encoding="utf-8").splitlines()
NUMERALS = "一二三四五六七八九十"
REMARK = "，按各自职责分工，不分先后，下同"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(FOLDER)


def numeral(number: int) -> str:
    return NUMERALS[number - 1]


def joined(clauses: list[str]) -> str:
    """A pattern for clauses with the notice's own separators between them."""
    return "[，；]".join(re.escape(clause) for clause in clauses)


def area_pattern(area: Area) -> str:
    return (
        f"（{numeral(area.number)}）{re.escape(area.name)}。"
        f"{area.key_check_lead}{joined([item.text for item in area.key_checks])}。"
        f"{area.look_for_lead}{joined([item.text for item in area.items])}。"
        f"【责任单位：{re.escape(area.responsible_text)}】"
    )


def phase_line(number: int, phase: Phase) -> str:
    tasks = "".join(task.text for task in phase.tasks)
    return f"（{numeral(number)}）{phase.name}（{phase.period}）。{tasks}"


def requirement_line(number: int, requirement: Requirement) -> str:
    return f"({numeral(number)}) {requirement.heading}。" + "".join(requirement.clauses)


def body_patterns(campaign: Campaign) -> list[str]:
    """A pattern for every line of the notice's sections one to four, made of nothing but the campaign."""
    notice = campaign.notice
    phases = [phase_line(number, phase) for number, phase in enumerate(notice.phases, 1)]
    phases[-1] += f"联系邮箱：{notice.contact.email}。联系电话：{notice.contact.phone}。"
    return [
        *map(re.escape, [notice.scope.heading, notice.scope.text, notice.tasks.heading, notice.tasks.text]),
        *map(area_pattern, campaign.areas),
        *map(re.escape, [notice.organisation.heading, *phases, notice.demands.heading]),
        *(re.escape(requirement_line(number, part)) for number, part in enumerate(notice.requirements, 1)),
    ]


def test_body_is_complete(campaign):
    assert len(body_patterns(campaign)) == len(BODY)


@pytest.mark.parametrize("index", range(len(BODY)), ids=[line[:12] for line in BODY])
def test_line_of_the_notice_is_said_by_the_yaml(campaign, index):
    assert re.fullmatch(body_patterns(campaign)[index], BODY[index])


def test_an_item_is_one_clause(campaign):
    for area in campaign.areas:
        for item in area.all_items:
            assert not re.search("[；。]|，$", item.text), item.id


def test_item_ids_tell_their_area_and_kind(campaign):
    for area in campaign.areas:
        for number, item in enumerate(area.key_checks, 1):
            assert item.id == f"{area.id}-k{number}"
        for number, item in enumerate(area.items, 1):
            assert item.id == f"{area.id}-{number:02}"


def test_every_item_says_how_to_check_it(campaign):
    for area in campaign.areas:
        for item in area.all_items:
            assert item.how.endswith("。"), item.id


def test_items_of_a_divided_area_carry_their_problem_type(campaign):
    divided = [area for area in campaign.areas if len(area.problem_types) > 1]
    assert [area.name for area in divided] == ["“三保障”和饮水安全方面"]
    for area in divided:
        assert {item.problem_type for item in area.items} == {kind.id for kind in area.problem_types}


def test_front_matter(campaign):
    notice = campaign.notice
    assert (notice.number, notice.issued) == ("萧巩固办〔2022〕1号", date(2022, 8, 9))
    assert notice.title == "关于开展巩固拓展脱贫攻坚成果集中排查“回头看”专项行动的通知"
    assert notice.addressees == "各乡镇、县直各单位"
    assert notice.preamble.endswith("现将具体通知如下：")


def test_scope_lists_the_three_objects(campaign):
    scope = campaign.notice.scope
    assert len(scope.objects) == 3
    assert f"对{'、'.join(scope.objects)}开展全面排查。" in scope.text


def test_phases_follow_each_other(campaign):
    periods = [(phase.start, phase.end) for phase in campaign.notice.phases]
    days = [(9, 19), (20, 29), (30, 31)]
    assert periods == [(date(2022, 8, start), date(2022, 8, end)) for start, end in days]
    for phase in campaign.notice.phases:
        assert phase.period in BODY[14 + 1 + campaign.notice.phases.index(phase)]


def test_deadline_is_before_the_end_of_the_morning(campaign):
    deadline = campaign.notice.deadline
    assert deadline.at.isoformat() == "2022-08-31T12:00:00"
    assert deadline.text in campaign.notice.phases[-1].tasks[-1].text


def test_thirteen_problem_types_in_the_order_of_annex_2(campaign):
    assert [kind.row_name for kind in campaign.problem_types] == [
        "脱贫人口收入支出变化方面", "义务教育", "基本医疗", "住房安全", "安全饮水",
        "防止返贫动态监测帮扶方面", "资金项目管理方面", "产业发展方面", "脱贫人口就业稳岗方面",
        "易地扶贫搬迁后续扶持方面", "问题整改方面", "人居环境整治方面", "基础工作方面",
    ]  # fmt: skip


def test_problem_types_have_the_name_of_the_body(campaign):
    named_otherwise = {kind.name: kind.annex_name for kind in campaign.problem_types if kind.annex_name}
    assert named_otherwise == {"饮水安全": "安全饮水", "脱贫人口稳岗就业方面": "脱贫人口就业稳岗方面"}
    for area in campaign.areas:
        if len(area.problem_types) == 1:
            assert area.problem_types[0].name == area.name


def test_units_are_27_townships_277_villages_and_17_county_units(campaign):
    assert len(campaign.units.townships) == 27
    assert sum(len(unit.villages) for unit in campaign.units.townships) == 277
    assert len(campaign.village_by_code) == 277
    assert len(campaign.units.county_units) == 17


def names_in(responsible_text: str) -> list[str]:
    """The units and groups that the notice names, in its order; a comma within brackets separates nothing."""
    return re.split(r"[、，](?![^（]*）)", responsible_text.removesuffix(REMARK))


def test_responsible_references_are_the_units_that_the_notice_names(campaign):
    names = {unit.code: unit.name for unit in campaign.filing_units}
    names |= {group.id: group.name for group in campaign.units.groups}
    for area in campaign.areas:
        assert [names[reference] for reference in area.responsible] == names_in(area.responsible_text)
        for item in area.all_items:
            assert set(item.responsible) <= set(area.responsible), item.id


def test_every_county_unit_is_named_by_an_area(campaign):
    named = {reference for area in campaign.areas for reference in area.responsible}
    assert {unit.code for unit in campaign.units.county_units} <= named


def test_groups_of_the_notice_resolve_to_units(campaign):
    sizes = {group.name: len(campaign.members(group.id)) for group in campaign.units.groups}
    assert sizes == {
        "各乡镇": 27,
        "相关乡镇": 27,
        "各重点工程牵头部门": 16,
        "县直各帮扶单位": 17,
        "县直相关责任单位": 17,
    }


def test_a_group_whose_members_the_notice_does_not_list_says_so(campaign):
    notes = {group.name: group.note for group in campaign.units.groups if group.name != "各乡镇"}
    for name, note in notes.items():
        assert re.match("通知没有.*由县巩固办核定后修改本组成员。", note), name


def spoken_names(unit: Unit) -> set[str]:
    return {unit.name, unit.full_name, *unit.aliases} - {""}


def test_no_name_means_two_units(campaign):
    owner: dict[str, str] = {}
    for unit in campaign.unit_by_code.values():
        for name in spoken_names(unit):
            assert owner.setdefault(name, unit.code) == unit.code, name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("青龙镇", "青龙集镇"), ("圣泉乡", "圣泉镇"), ("永固镇", "永堌镇"), ("孙圩孜镇", "孙圩子镇"),
        ("庄里乡", "庄里镇"), ("经开区", "萧县经济开发区"), ("龙河街道办", "龙河街道"), ("丁里", "丁里镇"),
        ("教育局", "县教体局"), ("县扶贫局", "县乡村振兴局"), ("萧县住房和城乡建设局", "县住建局"),
        ("县财政局", "县财政局（县地方金融监督管理局）"),
        ("县巩固办", "萧县巩固拓展脱贫攻坚成果专项小组办公室"),
    ],
)  # fmt: skip
def test_old_and_short_names_of_units_are_known(campaign, written, name):
    assert [unit.name for unit in campaign.unit_by_code.values() if written in spoken_names(unit)] == [name]
