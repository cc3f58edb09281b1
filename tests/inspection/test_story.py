"""The second phase over HTTP: plan, seal, draw, visit, find, claim, object, decide, rectify, check, close.

40 households are looked at; 5 problems that the self-check missed and 3 false rectifications are planted and all found.
"""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from bs4 import BeautifulSoup
from docx import Document
from openpyxl import load_workbook

from build_scripts.counting.supervision_rates import Rate
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.clock import Clock
from forms_server.desk import Desk
from forms_server.inspection import self_check_rates
from forms_server.inspection.letter_facts import since
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WEST, WEST_BRIDGE
from tests.inspection.conftest import supervised_campaign
from tests.inspection.county import (
    FALSE,
    HERE,
    MISSED,
    WORDS,
    County,
    answer,
    check,
    claim,
    county,
    decide,
    edited,
    record_of,
    sent_out,
    visit,
)
from tests.inspection.test_draws import opened
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

__all__ = ["county"]


def test_the_second_phase(county: County, signed_in: SignedIn):
    before = {unit: county.figures(unit) for unit in HERE}
    assert before == {EAST: (4, 4, 0), WEST: (3, 3, 0)}

    # Plan, seal, draw: every household of the two villages is in the sample.
    sent_out(county)
    opened(county.office)
    assert county.units[EAST].get("/inspection/").status_code == 403

    # The visits, and the five problems that the self-check had missed.
    for number in range(40):
        seen = visit(county, number)
        if number in MISSED:
            form = BeautifulSoup(county.inspector.get(seen).text, "html.parser").select_one("form.found")
            kept = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
            chosen = {} if "problem-type" in kept else {"problem-type": "housing"}
            for _ in range(2):  # sent twice, it is one finding
                filed = county.inspector.post(f"{seen}/findings", data={**kept, **chosen, "content": WORDS})
                assert filed.status_code == 303, text_of(filed)
    assert len(county.rows("inspection_finding")) == 5
    assert {unit: county.figures(unit) for unit in HERE} == {EAST: (7, 4, 3), WEST: (5, 3, 2)}

    # The seven issues that were told as rectified, three of them falsely.
    for issue in county.rows("issue"):
        if issue.finding_number is None:
            false = int(issue.householder.removeprefix("赵某")) in FALSE
            check(
                county.inspector, issue, "false" if false else "confirmed", "水龙头没有水。" if false else ""
            )
    findings = county.rows("inspection_finding")
    assert sorted(each.number for each in findings) == list(range(1, 9))
    assert {unit: county.figures(unit) for unit in HERE} == {EAST: (7, 2, 5), WEST: (5, 2, 3)}
    assert sorted(each.rebounds for each in county.rows("issue") if each.rebounds) == [1, 1, 1]

    the_rates_are_right(county)

    what_the_finder_wrote_is_locked(county)
    the_units_answer_and_the_office_decides(county, signed_in)
    the_circular_says_what_the_ledger_says(county)
    who_does_not_answer_is_urged(county, signed_in)


def the_rates_are_right(county: County) -> None:
    """The table worked out by hand: 3 of 20 and 2 of 20 households, 2 of 4 and 1 of 3 issues."""
    with county.app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, f"{OFFICE}-office-")
        total, units = self_check_rates.rates(Desk(connection, supervised_campaign(), account, NOW))
    assert {each.unit.code: each.missed for each in units} == {EAST: Rate(3, 20), WEST: Rate(2, 20)}
    assert total.missed == Rate(5, 40)
    assert {each.unit.code: each.false for each in units} == {EAST: Rate(2, 4), WEST: Rate(1, 3)}
    assert total.false == Rate(3, 7)
    assert all(each.false_place is None for each in units)  # the intervals overlap
    shown = text_of(county.office.get("/inspection/rates"))
    assert "42.9% 3/7" in shown


def what_the_finder_wrote_is_locked(county: County) -> None:
    missed = next(each for each in county.rows("issue") if each.finding_number and each.unit_code == EAST)
    assert (missed.source, missed.found_by) == ("supervision", "第一督导组（周某）")
    record, east = f"/records/household-issues/{missed.id}", county.units[EAST]
    assert east.get(f"{record}/withdraw").status_code == 403
    assert "不能改" in text_of(edited(east, record, missed, content="没有问题。"))


def the_units_answer_and_the_office_decides(county: County, signed_in: SignedIn) -> None:
    east, findings = county.units[EAST], county.rows("inspection_finding")
    assert "督导反馈的问题 5 个等着认领" in text_of(east.get("/reminders/"))

    # The unit claims one and objects to another; the office decides.
    of_east = [each for each in findings if each.unit_code == EAST]
    claimed, objected, cancelled = [each for each in of_east if each.way == "missed"]
    claim(east, claimed)
    for each in (objected, cancelled):
        answer(east, each, "object", objection="已请人鉴定为安全，报告在村部。")
    assert "督导反馈的异议 2 个等着核定" in text_of(county.office.get("/reminders/"))
    decide(county.office, objected, "yes")
    refused = answer(east, objected, "object", objection="再说一次。")
    assert refused.status_code == 422
    claim(east, objected)
    decide(county.office, cancelled, "no")
    assert county.figures(EAST) == (6, 2, 4)
    withdrawn = county.office.get(record_of(cancelled))
    assert "督导反馈的异议成立，恢复原样" in text_of(withdrawn)
    restored = post(
        county.office, f"{record_of(cancelled)}/restore", **{"base-version": "2", "reason": "属实。"}
    )
    assert (restored.status_code, "异议已经核定成立" in text_of(restored)) == (409, True)
    assert county.figures(EAST) == (6, 2, 4)

    # Rectified, checked by another one than the finder, closed.
    assert (
        post(
            east,
            f"{record_of(claimed)}/report",
            **{"base-version": "2", "outcome": "已加固。", "rectified_on": "2022-08-20"},
        ).status_code
        == 303
    )
    issue = next(each for each in county.rows("issue") if each.id == claimed.issue_id)
    own = check(county.inspector, issue, "confirmed", "", expect=422)
    assert "请别的人去核实" in text_of(own)
    check(county.other_inspector, issue, "confirmed", "")
    assert post(county.office, f"{record_of(claimed)}/verify", **{"base-version": "3"}).status_code == 303
    assert county.figures(EAST) == (6, 3, 3)
    what_is_alike_is_linked_both_ways(county, claimed, signed_in)
    a_general_finding_is_filed_for_the_unit(county)

    # Nobody sees another's findings.
    other = county.units[WEST]
    assert other.get(f"/inspection/findings/{claimed.id}").status_code == 404
    assert text_of(other.get("/inspection/findings")).count("督导第") == 3


def what_is_alike_is_linked_both_ways(county: County, claimed, signed_in: SignedIn) -> None:
    """举一反三: the unit looks at others, files what it finds, and says which ones they are."""
    east, page = county.units[EAST], f"/inspection/findings/{claimed.id}"
    typed = {
        **ISSUE,
        "village": EAST_WILLOW,
        "householder": "赵某14",
        "problem_type": "housing",
        "people": "3",
    }
    found = file(east, HOUSEHOLD, **typed, source="self", **{"is-different": "yes"})
    record = str(found.location)
    old = next(each for each in county.rows("issue") if each.householder == "赵某6")
    assert answer(east, claimed, "alike", **{"looked-at": "12", "alike": old.id}).status_code == 422
    assert answer(east, claimed, "alike", **{"looked-at": "0", "alike": record[-36:]}).status_code == 422
    for _ in range(2):
        assert answer(east, claimed, "alike", **{"looked-at": "12", "alike": record[-36:]}).status_code == 303
    told = county.office.get(page)
    assert "又排查了 12 户，发现同类问题 1 个" in text_of(told)
    assert record in told.text
    assert f"这一条是举一反三查出的： 督导第 {claimed.number} 号" in text_of(east.get(record))
    mine = text_of(east.get(record_of(claimed)))
    assert f"督导第 {claimed.number} 号 反馈的就是这一条" in mine
    assert county.figures(EAST) == (7, 3, 4)
    a_village_neither_sees_nor_drops_what_lies_in_another(county, claimed, record[-36:], signed_in)


def a_village_neither_sees_nor_drops_what_lies_in_another(
    county: County, claimed, here: str, signed_in: SignedIn
) -> None:
    east = county.units[EAST]
    typed = {**ISSUE, "village": EAST_DAM, "householder": "钱某", "problem_type": "housing", "people": "3"}
    there = str(file(east, HOUSEHOLD, **typed, source="self").location)
    assert (
        answer(east, claimed, "alike", **{"looked-at": "12", "alike": [here, there[-36:]]}).status_code == 303
    )
    bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    shown = bound.get(f"/inspection/findings/{claimed.id}").text
    assert here in shown
    assert there[-36:] not in shown
    assert "钱某" not in shown
    assert answer(bound, claimed, "alike", **{"looked-at": "13", "alike": here}).status_code == 303
    assert {each.issue_id for each in county.rows("alike_issue")} == {here, there[-36:]}
    (told,) = [each for each in county.rows("inspection_finding") if each.id == claimed.id]
    assert (told.looked_at, told.found_alike) == (13, 2)
    gone = {"base-version": "1", "reason": "登记有误。"}
    assert post(east, f"{there}/withdraw", **gone).status_code == 303


def a_general_finding_is_filed_for_the_unit(county: County) -> None:
    """A problem of no household counts for the unit at once, like all others."""
    page, before = f"/inspection/units/{EAST}/findings/new", county.figures(EAST)
    form = BeautifulSoup(county.inspector.get(page).text, "html.parser")
    levels = [str(each["value"]) for each in form.select("select[name=level] option") if each["value"]]
    assert levels == ["township", "village"]
    typed = {
        "csrf_token": form.select_one("[name=csrf_token]")["value"],
        "finding-id": form.select_one("[name=finding-id]")["value"],
        "level": "village", "village": EAST_WILLOW, "problem_type": "water", "content": "管护台账没有记录。",
    }  # fmt: skip
    assert county.inspector.post(page, data={**typed, "village": WEST_BRIDGE}).status_code == 422
    for _ in range(2):
        assert county.inspector.post(page, data=typed).status_code == 303
    (issue,) = [each for each in county.rows("issue") if each.form_id == "general-issues"]
    assert (issue.unit_code, issue.village_code, issue.source) == (EAST, EAST_WILLOW, "supervision")
    assert issue.finding_number == 9
    assert county.figures(EAST) == (before[0] + 1, before[1], before[2] + 1)
    assert "管护台账没有记录。" in text_of(county.units[EAST].get("/inspection/findings"))
    assert county.inspector.get("/inspection/units/shuiliju/findings/new").status_code == 404


def send(county: County, **typed: str) -> str:
    """Send a letter, twice as if the line had broken; return its page."""
    kept = {"letter-id": str(uuid4()), **typed}
    for _ in range(2):
        done = post(county.office, "/inspection/letters", "/inspection/letters", **kept)
    assert done.status_code == 303, text_of(done)
    return str(done.location)


def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def the_circular_says_what_the_ledger_says(county: County) -> None:
    """Figures of the moment, by hand: 9 findings, one cancelled; 4 of 40 households, 3 of the 7 issues that were drawn.

    A finding's issue that was checked after the unit had rectified it was not drawn: it is told apart.
    """
    page = send(county)
    file = county.office.get(f"{page}.docx").data
    words = words_of(file)
    for told in (
        "督〔2022〕1号", "共派出1个督导组2人，到2个单位2个村，入户核查抽中的40户，现场核实抽中的报告已整改的问题7个",
        "，另核实了没有抽中的问题1个。抽中的由抽签产生",
        "共反馈问题8个", "自查漏掉问题的4户，漏查率10.0%", "虚假整改3个，虚假整改率42.9%", "这是第一次通报。",
        "房屋是否安全（", "各单位的95%区间互相重叠", "回  执",
    ):  # fmt: skip
        assert told in words, told
    assert "赵某" not in words
    assert WORDS not in words

    report = words_of(county.office.get("/documents/campaign-report.docx").data)
    assert "（督〔2022〕1号），督导组到2个单位入户核查抽中的40户" in report
    assert "漏查率10.0%（95%区间4.0%至23.1%）" in report
    assert {"█", "███", "█████"} == {
        line for line in report.splitlines() if set(line) == {"█"}
    }  # 10%, 1/3, 2/4
    assert county.office.get("/inspection/rates").text.count("<svg") == 2
    for kind in ("inspection-circular", "urging-letter"):
        assert "{{ 发文号 }}" in words_of(county.office.get(f"/documents/templates/{kind}.docx").data)

    # What is found later changes the next one, not this one.
    object.__setattr__(county.app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(minutes=9)))
    a_second_general_finding(county)
    again = next(each for each in county.rows("issue") if each.householder == "赵某12")
    check(county.other_inspector, again, "confirmed", "")
    assert county.office.get(f"{page}.docx").data == file
    second = words_of(county.office.get(f"{send(county)}.docx").data)
    assert "与督〔2022〕1号相比，反馈的问题增加1个，漏查率由10.0%到10.0%" in second
    assert "其中上次通报以后" not in second  # a second look at what was looked at is none at something new
    assert [(each.number, each.mark) for each in county.rows("letter")] == [
        (1, "督〔2022〕1号"),
        (2, "督〔2022〕2号"),
    ]


def a_second_general_finding(county: County) -> None:
    page = f"/inspection/units/{EAST}/findings/new"
    typed = {
        "level": "township",
        "problem_type": "income",
        "content": "没有研判记录。",
        "finding-id": str(uuid4()),
    }
    assert post(county.inspector, page, page, **typed).status_code == 303


def who_does_not_answer_is_urged(county: County, signed_in: SignedIn) -> None:
    """One unit answers; the other gets an urging letter after the deadline, which nobody else sees."""
    first, *_ = county.rows("letter")
    page, east, west = f"/inspection/letters/{first.id}", county.units[EAST], county.units[WEST]
    assert "督〔2022〕1号等着答复" in text_of(west.get("/reminders/"))
    assert post(west, f"{page}/answer", page, answer=" ").status_code == 422
    for _ in range(2):
        assert post(west, f"{page}/answer", "/password", answer="已认领，正在改。").status_code == 303
    assert post(west, f"{page}/answer", "/password", answer="另一句。").status_code == 422
    assert post(east, f"{page}/answer", "/password", unit=WEST, answer="替人答。").status_code == 403
    assert "已认领，正在改。" in text_of(county.office.get(page))
    assert "已认领，正在改。" not in text_of(east.get(page))

    early = {"letter-id": str(uuid4()), "unit": EAST, "follows": first.id}
    post(county.office, "/inspection/letters", "/inspection/letters", **early)
    assert len(county.rows("letter")) == 2
    later = Clock(NOW + timedelta(days=8))
    object.__setattr__(county.app.extensions["huitoukan"], "clock", later)
    county.office = signed_in(OFFICE, Role.OFFICE)
    east, west = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    assert "督〔2022〕1号有 2 个单位逾期没有答复" in text_of(county.office.get("/reminders/"))
    assert "督〔2022〕1号 没有答复" in text_of(county.office.get("/inspection/letters"))
    urging = send(county, unit=EAST, follows=first.id)
    words = words_of(east.get(f"{urging}.docx").data)
    assert "督〔2022〕1号要求你单位于" in words
    assert "管护台账没有记录。" in words  # not claimed in time
    again = {"letter-id": str(uuid4()), "unit": EAST, "follows": first.id}
    post(county.office, "/inspection/letters", "/inspection/letters", **again)
    assert len(county.rows("letter")) == 3, "urged once"
    assert west.get(urging).status_code == 404
    assert west.get(f"{urging}.docx").status_code == 404
    assert "督〔2022〕1号有 1 个单位逾期没有答复" in text_of(county.office.get("/reminders/"))

    unclaimed = next(each for each in county.rows("inspection_finding") if "管护台账" in each.content)
    claim(east, unclaimed)
    after = east.get(f"{urging}.docx").data
    assert ("未认领" in words, words_of(after).count("未认领")) == (True, words.count("未认领")), (
        "as it was then"
    )

    book = load_workbook(BytesIO(east.get("/inspection/findings.xlsx").data)).active
    assert [row[1].value for row in book.iter_rows(min_row=3)] == ["东河镇"] * 6
    assert [row[5].value for row in book.iter_rows(min_row=3)][-1] == "没有研判记录。"


def test_what_is_new_in_a_circular_does_not_shrink_by_what_was_cancelled():
    last = {"mark": "督〔2022〕1号", "facts": {"反馈数": 3, "末号": 3, "漏查率": "1%", "虚假率": "2%"}}
    assert since(last, [{"number": number} for number in (1, 4, 5)])["新反馈数"] == 2
