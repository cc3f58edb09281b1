"""Downloads of official documents: the office's, and a unit's report for accounts that may see its return."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from build_scripts.documents.document_kinds import KINDS
from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import issue
from tests.builders import EAST, EAST_DAM, WATER, WEST
from tests.server.conftest import NOW
from tests.server.handing_in import complete
from tests.server.pages import text_of
from tests.server.records import page
from tests.whole import vouch

SignedIn = Callable[..., FlaskClient]


def words(response: TestResponse) -> str:
    """All paragraphs of a Word file that was sent."""
    assert response.status_code == 200, text_of(response)
    assert "attachment" in response.headers["Content-Disposition"]
    return "\n".join(each.text for each in Document(BytesIO(response.data)).paragraphs)


def test_the_office_takes_every_document_away(app: Flask, reporter: FlaskClient, office: FlaskClient) -> None:
    complete(reporter)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(issue.update().values(deadline=date(2022, 8, 10)))
        vouch(connection, NOW)
    listed = page(office.get("/documents/"))
    addresses = [str(link["href"]) for link in listed.select('a[href*=".docx"]')]
    addresses += [str(form["action"]) for form in listed.select('form[action*=".docx"]')]
    assert f"/documents/reminder/{EAST}.docx" in addresses
    assert f"/documents/reminder/{WEST}.docx" not in addresses
    texts = {address: words(office.get(address)) for address in addresses}
    assert "共排查出问题1个" in texts["/documents/circular.docx"]
    assert "2022年8月20日" in texts[f"/documents/reminder/{EAST}.docx"]
    assert "走访了三个村。" in texts[f"/documents/report/{EAST}.docx"]
    assert {f"/documents/templates/{kind}.docx" for kind in KINDS} <= texts.keys()


def test_a_unit_takes_its_own_report_away(reporter: FlaskClient) -> None:
    complete(reporter)
    (link,) = page(reporter.get("/report/")).select('a[href*=".docx"]')
    assert "月底前改完。" in words(reporter.get(str(link["href"])))
    assert page(reporter.get(f"/returns/units/{EAST}")).select(f'a[href="/documents/report/{EAST}.docx"]')


@pytest.mark.parametrize("address", [f"report/{WEST}", f"reminder/{EAST}", "report/nobody", "nothing/x"])
def test_no_unit_takes_what_is_not_its_own(reporter: FlaskClient, address: str) -> None:
    assert reporter.get(f"/documents/{address}.docx").status_code == 404


def test_someone_of_one_village_takes_no_units_report(signed_in: SignedIn) -> None:
    villager = signed_in(EAST, Role.REPORTER, EAST_DAM)
    assert villager.get(f"/documents/report/{EAST}.docx").status_code == 404


@pytest.mark.parametrize(
    "address", ["report", "reminder", "nothing", f"circular/{EAST}", "templates/nothing"]
)
def test_what_there_is_not_is_not_found(office: FlaskClient, address: str) -> None:
    assert office.get(f"/documents/{address}.docx").status_code == 404


def test_a_reminder_without_overdue_issues_says_so(office: FlaskClient) -> None:
    shown = office.get(f"/documents/reminder/{WATER}.docx", follow_redirects=True)
    assert "县水利局没有逾期的问题，不用写督办单" in text_of(shown)


def test_figures_that_do_not_agree_give_no_document(
    app: Flask, reporter: FlaskClient, office: FlaskClient
) -> None:
    complete(reporter)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(issue.update().values(unit_code="nobody"))
        vouch(connection, NOW)
    shown = office.get("/documents/circular.docx", follow_redirects=True)
    assert "有 1 处账对不上，没有写公文" in text_of(shown)


def test_a_broken_template_is_named_on_the_page(office: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "circular.docx").write_bytes(b"no document")
    shown = office.get("/documents/circular.docx", follow_redirects=True)
    assert "Word 模板 circular.docx 用不了" in text_of(shown)
