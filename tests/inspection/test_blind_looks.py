"""A drawn household is looked at blind: until a sheet of it is stored, a team reads nothing that the unit wrote about it.

By whatever way: each page and file that a unit or the office opens is asked for by the inspector, too.
"""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update

from forms_server.access import MATRIX, Role
from forms_server.accounts import account_store
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, OFFICE
from tests.examples import Reader, places
from tests.inspection.county import County, county, sent_out, visit
from tests.inspection.test_draw_packs import take
from tests.inspection.test_drawn_and_beside import undrawn
from tests.inspection.test_draws import LIST, opened
from tests.inspection.test_spot_photos import send as send_with_photos
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.pictures import jpeg
from tests.server.visiting import FINE, WRONG, begin, send
from tests.visits.builders import household_id
from tests.whole import vouch

__all__ = ["county"]

EXPORT = "/ledgers/export.xlsx?purpose=核对"
HIDDEN = "东屋灶台塌了一角。"
NUMBER = 14


def words_of(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    sheets = load_workbook(io.BytesIO(data)).worksheets
    return " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)


def readable(county: County) -> Iterator[str]:
    """Addresses that the unit or the office opens, as far as the matrix has an inspector ask for them, too."""
    services = county.app.extensions["huitoukan"]
    found: dict[str, None] = {}
    for name in (f"{EAST}-reporter-", f"{OFFICE}-office-"):
        with services.engine.connect() as connection:
            account = account_store.find_by_name(connection, name)
            for each in places(county.app, Reader(services, connection, account)):
                if Role.INSPECTOR in MATRIX[each.endpoint].get("GET", ()) and each.endpoint.split(".")[0] not in {
                    "documents", "static", "health", "handbook",
                }:  # fmt: skip
                    found.setdefault(each.address)
    yield from found


@pytest.fixture
def found(county: County) -> Any:
    """A problem that the east found at a drawn household on its own visit, with a photograph."""
    east = county.units[EAST]
    sheet = begin(east, householder=f"赵某{NUMBER}", household_type="yiban", people="3")
    wrong = {**WRONG, "house-safe.content": HIDDEN}
    done = send(east, sheet, "finish", **{**FINE, **wrong, "source": "self"})
    assert done.status_code == 303, text_of(done)
    issue = next(each for each in county.rows("issue") if each.content == HIDDEN)
    assert issue.household_id == household_id(NUMBER)
    added = send_with_photos(east, f"{record(issue)}/photos", {"side": "before"}, ("photos", jpeg("red")))
    assert added.status_code == 303
    return issue


def record(issue: Any) -> str:
    return f"/records/household-issues/{issue.id}"


def test_nothing_of_a_household_that_waits_is_read_by_its_team(county: County, found: Any) -> None:
    sent_out(county)
    inspector, east = county.inspector, county.units[EAST]
    assert HIDDEN in inspector.get(record(found)).text, "before the draw it is an issue of its unit"
    opened(county.office)
    undrawn(county, *(household_id(number) for number in range(40) if number != NUMBER))
    (photo,) = county.rows("photo")
    (own_visit,) = county.rows("visit")
    ways = [
        *readable(county), record(found), f"{record(found)}/photos/{photo.id}", f"/visit/{own_visit.id}",
        "/records/household-issues/?words=灶台", "/records/?words=灶台", EXPORT,
        f"/records/household-issues/?state=rectifying&unit={EAST}", "/inspection/findings.xlsx", LIST,
        f"/inspection/households/{household_id(NUMBER)}", "/inspection/outside?name=赵某14",
    ]  # fmt: skip
    shown = [way for way in ways if HIDDEN in words_of(east.get(way).data)]
    assert len(shown) >= 5, "the unit reads it: the test can fail"
    read = [way for way in ways if HIDDEN in words_of(inspector.get(way).data)]
    assert read == []
    assert inspector.get(f"{record(found)}/photos/{photo.id}").status_code == 404
    assert inspector.get(f"/visit/{own_visit.id}").status_code == 404
    assert HIDDEN not in take(inspector).text
    assert county.other_inspector.get(record(found)).status_code == 404

    counts_and_lists_agree(inspector)
    the_return_is_read_afterwards(county)
    visit(county, NUMBER)
    for way in (record(found), "/records/household-issues/?words=灶台", f"/visit/{own_visit.id}"):
        assert inspector.get(way).status_code == 200
    assert HIDDEN in inspector.get(record(found)).text
    assert HIDDEN in words_of(inspector.get(EXPORT).data)
    assert "另有 1 条" not in text_of(inspector.get("/records/household-issues/"))
    assert "看完户再看报送" not in text_of(inspector.get(f"/returns/units/{EAST}"))


def counts_and_lists_agree(inspector: FlaskClient) -> None:
    """What is left out of the list is left out of its counts, and said."""
    page = inspector.get("/records/household-issues/?whose=own")
    assert "另有 1 条是名单上等着入户核查的户的" in text_of(page)
    tabs = BeautifulSoup(page.text, "html.parser").select(".state-tabs a")
    assert [each.get_text(" ", strip=True) for each in tabs][:1] == ["全部 7"]
    assert page.text.count("stretched-link") == 7


def the_return_is_read_afterwards(county: County) -> None:
    told = text_of(county.inspector.get(f"/returns/units/{EAST}"))
    assert "名单上还有 1 户没有看" in told
    assert HIDDEN not in told
    assert "名单上还有 1 户没有看" in text_of(county.inspector.get(f"/documents/report/{EAST}.docx?draft=1"))


def test_a_told_issue_of_a_household_that_waits_is_checked_after_its_sheet(county: County) -> None:
    sent_out(county)
    opened(county.office)
    issue = next(each for each in county.rows("issue") if each.householder == "赵某6")
    listed = county.inspector.get(LIST)
    assert issue.content not in listed.text
    assert "先填这一户的表，再核实" in text_of(listed)
    assert issue.content in county.office.get(LIST).text
    address = f"/inspection/issues/household-issues/{issue.id}"
    early = county.inspector.get(address)
    assert (early.status_code, "先填这一户的表" in text_of(early)) == (200, True)
    assert issue.content not in early.text
    typed = {"check-id": household_id(999), "begun": NOW.isoformat(), "verdict": "false", "words": "没有水。"}
    refused = post(county.inspector, address, "/password", **typed)
    assert (refused.status_code, "没有水。" in text_of(refused), "虚假整改" in text_of(refused)) == (
        409,
        True,
        True,
    )
    assert county.rows("spot_check") == []
    taken = take(county.inspector)
    assert issue.content not in taken.text
    leads = {each["name"]: each["lead"] for each in taken.json["households"]}
    assert "再从名单上核实 1 个报了已整改的问题" in leads["赵某6"]
    visit(county, 6)
    assert issue.content in county.inspector.get(address).text
    assert post(county.inspector, address, "/password", **typed).status_code == 303


def test_who_stands_in_is_looked_at_blind_and_who_is_replaced_is_not(county: County) -> None:
    sent_out(county)
    opened(county.office)
    undrawn(county, household_id(12))
    (drawn,) = county.rows("draw")
    first, second = (
        next(each for each in county.rows("issue") if each.householder == f"赵某{n}") for n in (10, 12)
    )
    assert [county.inspector.get(record(each)).status_code for each in (first, second)] == [404, 200]
    address = f"/inspection/draws/{drawn.id}/households/{household_id(10)}/replace"
    assert post(county.inspector, address, "/password", reason="全户外出").status_code == 303
    assert [county.inspector.get(record(each)).status_code for each in (first, second)] == [200, 404]

    # Among namesakes nobody has chosen yet: it may be about the one who waits.
    with transaction(county.app.extensions["huitoukan"].engine) as connection:
        issue = tables.issue
        connection.execute(
            update(issue).where(issue.c.id.in_([first.id, second.id])).values(household_id=None)
        )
        vouch(connection, NOW)
    assert [county.inspector.get(record(each)).status_code for each in (first, second)] == [200, 404]
    visit(county, 12)
    assert county.inspector.get(record(second)).status_code == 200
