"""Rates, page and circular against figures worked out by hand: what was drawn, what beside it, what is not finished."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

from bs4 import BeautifulSoup
from docx import Document
from sqlalchemy import update

from build_scripts.counting.supervision_rates import Rate
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection.self_check_rates import Beside, UnitRates, rates
from tests.builders import EAST, OFFICE, WEST
from tests.inspection.conftest import supervised_campaign
from tests.inspection.county import County, answer, check, county, record_of, sent_out, visit
from tests.inspection.test_draws import opened
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of
from tests.visits.builders import household_id
from tests.whole import vouch

__all__ = ["county"]


def counted(county: County, after=None) -> tuple[UnitRates, dict[str, UnitRates]]:
    with county.app.extensions["huitoukan"].engine.connect() as connection:
        account = account_store.find_by_name(connection, f"{OFFICE}-office-")
        total, units = rates(Desk(connection, supervised_campaign(), account, NOW), after)
    return total, {each.unit.code: each for each in units}


def undrawn(county: County, *subjects: str) -> None:
    """Take households and issues off the draw's list, as if the lot had not fallen on them."""
    row = tables.draw_row.c
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.draw_row).where(row.subject_id.in_(subjects)).values(why=""))
        vouch(connection, NOW)


def issue_of(county: County, number: int):
    return next(each for each in county.rows("issue") if each.householder == f"赵某{number}")


def test_only_what_was_drawn_counts_in_a_rate(county: County):
    """The east: 3 households drawn, 1 of them missed, 1 not finished; 2 issues drawn, 1 false. Beside: 1 and 1 false."""
    sent_out(county)
    opened(county.office)
    undrawn(county, *map(household_id, (8, 10, 12, 14)), str(UUID(int=9110)))
    of_twenty = visit(county, 4), visit(county, 2)  # both ticked a problem
    visit(county, 6)
    visit(county, 14)  # beside the list, with a reason
    page = BeautifulSoup(county.inspector.get(of_twenty[0]).text, "html.parser").select_one("form.found")
    typed = {str(each["name"]): str(each["value"]) for each in page.select("input[type=hidden]")}
    typed |= {"problem-type": typed.get("problem-type", "housing"), "content": "厨房梁有裂缝。"}
    assert county.inspector.post(f"{of_twenty[0]}/findings", data=typed).status_code == 303
    check(county.inspector, issue_of(county, 6), "false", "没有水。")
    check(county.inspector, issue_of(county, 8), "confirmed", "")
    check(county.inspector, issue_of(county, 12), "unclear", "锁着门。")
    check(county.inspector, issue_of(county, 10), "false", "没有水。")  # not drawn

    total, units = counted(county)
    east = units[EAST]
    assert (east.missed, east.unfinished_sheets) == (Rate(1, 2), 1)
    assert (east.false, east.confirmed) == (Rate(1, 2), 1)
    assert east.beside == Beside(1, 0, 1, 1) == total.beside
    assert WEST not in units
    assert (total.missed, total.false) == (Rate(1, 2), Rate(1, 2))

    shown = text_of(county.office.get("/inspection/rates"))
    assert "1 户勾了有问题、还没有写明记入台账 ，其中抽中的 1 户没有计入漏查率" in shown
    assert "赵某2：1 个问题，周某" in shown
    assert "1 户，其中 0 户查出自查漏掉的问题；核实 1 个问题，其中虚假整改 1 个" in shown
    for client in (county.office, county.inspector, county.other_inspector):
        assert "督导看过的 1 户勾了有问题，还没有写明记入台账" in text_of(client.get("/reminders/"))
    assert "还没有写明" not in text_of(county.units[EAST].get("/reminders/"))
    assert of_twenty[1] in county.inspector.get("/inspection/rates").text

    the_circular_tells_what_was_done(county)
    what_is_looked_at_again_is_no_new_look(county)
    a_wrong_tick_is_put_right_by_another_sheet(county)


def the_circular_tells_what_was_done(county: County) -> None:
    """Two units were planned, one was visited."""
    kept = {"letter-id": str(uuid4())}
    letter = post(county.office, "/inspection/letters", "/inspection/letters", **kept).location
    document = Document(BytesIO(county.office.get(f"{letter}.docx").data))
    words = "\n".join(each.text for each in document.paragraphs)
    for told in (
        "共派出1个督导组2人，到1个单位1个村，入户核查抽中的3户，现场核实抽中的报告已整改的问题3个，另看了名单以外的1户"
        "，另核实了没有抽中的问题1个。",
        "第一督导组2人，督导东河镇。",
        "抽中的户里还有1户勾了有问题、没有写明，没有计入漏查率。",
    ):  # fmt: skip
        assert told in words, words
    shown = text_of(county.office.get(letter))
    assert "到 1 个单位 1 个村，入户核查抽中的 3 户" in shown
    assert "另看了名单以外的 1 户，另核实了没有抽中的问题 1 个" in shown


def what_is_looked_at_again_is_no_new_look(county: County) -> None:
    later = NOW + timedelta(minutes=5)
    object.__setattr__(county.app.extensions["huitoukan"], "clock", Clock(later))
    check(county.other_inspector, issue_of(county, 8), "false", "又坏了。")
    check(county.inspector, issue_of(county, 12), "confirmed", "")  # it could not be judged before
    total, _ = counted(county)
    assert (total.false, total.confirmed) == (Rate(1, 3), 2)
    since, _ = counted(county, NOW)
    assert (since.false, since.missed) == (Rate(0, 1), Rate(0, 0))


def a_wrong_tick_is_put_right_by_another_sheet(county: County) -> None:
    address = f"/inspection/households/{household_id(2)}"
    sheet = BeautifulSoup(county.inspector.get(address).text, "html.parser")
    fine = {str(each["name"]): "fine" for each in sheet.select("input[type=radio]")}
    sent = {**fine, "visit-id": str(uuid4()), "begun": NOW.isoformat()}
    assert post(county.inspector, address, "/password", **sent).status_code == 303
    total, _ = counted(county)
    assert (total.missed, total.unfinished_sheets) == (Rate(1, 3), 0)
    assert "还没有写明" not in text_of(county.office.get("/reminders/"))
    assert len(county.rows("spot_visit")) == 5  # nothing is overwritten


def test_an_item_is_written_down_by_its_own_finding(county: County, signed_in: SignedIn):
    """Two findings at one item do not stand for another one that nobody wrote down."""
    sent_out(county)
    opened(county.office)
    seen = visit(county, 4)
    (stored,) = county.rows("spot_visit")
    both = {**stored.answers, next(key for key in stored.answers if key != "house-safe"): "problem"}
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.spot_visit).values(answers=both))
        vouch(connection, NOW)
    form = BeautifulSoup(county.inspector.get(seen).text, "html.parser").select_one("#found-house-safe")
    typed = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
    typed |= {"problem-type": typed.get("problem-type", "housing"), "content": "厨房梁有裂缝。"}
    again = {**typed, "finding-id": str(uuid4()), "content": "屋顶漏雨。", "is-different": "yes"}
    for each in (typed, again):
        assert county.inspector.post(f"{seen}/findings", data=each).status_code == 303
    total, _ = counted(county)
    assert (total.missed, total.unfinished_sheets) == (Rate(1, 1), 0), "it is missed, whatever the other is"
    assert "赵某4：1 个问题" in text_of(county.office.get("/inspection/rates"))
    assert "赵某4" not in text_of(signed_in(OFFICE, Role.INSPECTOR, name="别的组").get("/inspection/rates"))


def test_a_verdict_that_was_put_right_counts(county: County):
    """A wrong tick is put right by another check; one after the issue was mended changes nothing."""
    sent_out(county)
    opened(county.office)
    for number in (6, 8):
        visit(county, number)
    for verdict, words in (("confirmed", ""), ("false", "没有水。")):
        check(county.inspector, issue_of(county, 6), verdict, words)
    check(county.inspector, issue_of(county, 8), "confirmed", "")
    east = counted(county)[1][EAST]
    assert (east.false, east.confirmed) == (Rate(1, 2), 1)

    (finding,) = county.rows("inspection_finding")
    typed = {
        "measures": "接通。",
        "responsible_person": "王某",
        "responsible_unit": "东河镇",
        "deadline": "8月底前",
    }
    assert answer(county.units[EAST], finding, "claim", **typed).status_code == 303
    told = {"base-version": "4", "outcome": "已接通。", "rectified_on": "2022-08-20"}
    done = post(county.units[EAST], f"{record_of(finding)}/report", **told)
    assert done.status_code == 303, text_of(done)
    object.__setattr__(county.app.extensions["huitoukan"], "clock", Clock(NOW + timedelta(minutes=5)))
    check(county.other_inspector, issue_of(county, 6), "confirmed", "")
    assert counted(county)[1][EAST].false == Rate(1, 2)


def test_what_was_looked_at_before_the_lot_fell_on_it_was_drawn(county: County):
    """The list calls it done, so it counts: nobody goes there again."""
    sent_out(county)
    visit(county, 14)
    check(county.inspector, issue_of(county, 8), "confirmed", "")
    assert counted(county)[1][EAST].beside == Beside(1, 0, 1, 0)
    opened(county.office)
    east = counted(county)[1][EAST]
    assert (east.missed, east.false, east.beside) == (Rate(0, 1), Rate(0, 1), Beside())
