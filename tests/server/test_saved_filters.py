"""Filters that an account keeps: of known parameters, under its own names, seen by nobody else."""

from collections.abc import Callable
from uuid import uuid4

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from forms_server.access import Role
from forms_server.records.saved_filters import MOST
from tests.builders import EAST
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

SignedIn = Callable[..., FlaskClient]
LEDGER = "/records/household-issues/"


def keep(client: FlaskClient, name: str, query: str, filter_id: str = ""):
    fields = {"name": name, "query": query, "filter-id": filter_id or str(uuid4())}
    return post(client, f"{LEDGER}filters", page="/password", **fields)


def kept(client: FlaskClient) -> dict[str, str]:
    page = BeautifulSoup(client.get(LEDGER).text, "html.parser")
    return {link.text: link["href"] for link in page.select(".kept-filters a")}


def test_a_kept_filter_leads_to_the_ledger_that_it_was_made_of(reporter: FlaskClient) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    form = BeautifulSoup(reporter.get(f"{LEDGER}?state=rectified&sort=due").text, "html.parser")
    fields = {
        each["name"]: each.get("value", "") for each in form.select("form[action$=filters] input[name]")
    }
    answer = post(reporter, f"{LEDGER}filters", page=LEDGER, **{**fields, "name": " 改好的  按期限 "})
    assert answer.location.endswith("?state=rectified&sort=due")
    assert kept(reporter) == {"改好的 按期限": f"{LEDGER}?state=rectified&sort=due"}
    assert "没有符合条件的记录" in text_of(reporter.get(kept(reporter)["改好的 按期限"]))


def test_names_and_what_the_ledger_does_not_know_are_not_kept(reporter: FlaskClient) -> None:
    keep(reporter, "逾期的", "overdue=1&words=张某某&next=//evil&after=x&state=nothing")
    assert kept(reporter) == {"逾期的": f"{LEDGER}?overdue=1"}
    for name, query in (("空的", "words=张某某"), ("  ", "overdue=1"), ("空的", "")):
        assert "alert-danger" in reporter.get(keep(reporter, name, query).location).text
    assert list(kept(reporter)) == ["逾期的"]


def test_the_same_name_replaces_and_the_same_form_twice_is_one(reporter: FlaskClient) -> None:
    twice = str(uuid4())
    for _ in range(2):
        keep(reporter, "甲", "overdue=1", twice)
    keep(reporter, "甲", "state=closed")
    assert kept(reporter) == {"甲": f"{LEDGER}?state=closed"}
    for number in range(MOST + 1):
        keep(reporter, f"第{number}组", "overdue=1")
    assert len(kept(reporter)) == MOST


def test_filters_are_one_s_own(reporter: FlaskClient, signed_in: SignedIn) -> None:
    keep(reporter, "逾期的", "overdue=1")
    page = BeautifulSoup(reporter.get(LEDGER).text, "html.parser")
    forget = page.select_one(".kept-filters form")["action"]
    other = signed_in(EAST, Role.PRINCIPAL)
    assert kept(other) == {}
    post(other, forget, page="/password")
    assert list(kept(reporter)) == ["逾期的"]
    post(reporter, forget, page=LEDGER)
    assert kept(reporter) == {}


def test_deadlines_stand_in_one_form_however_they_were_typed(reporter: FlaskClient) -> None:
    for number, typed in enumerate(("8月底前", "2022.8.25", "2022年8月26日", "立行立改")):
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": f"张某{'甲乙丙丁'[number]}", "deadline": typed})
    page = BeautifulSoup(reporter.get(LEDGER).text, "html.parser")
    shown = [cell.get_text(strip=True) for cell in page.select("td.day")]
    assert sorted(shown) == ["2022年8月25日", "2022年8月26日", "2022年8月31日", "立行立改"]
