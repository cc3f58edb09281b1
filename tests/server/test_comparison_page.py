"""对比, the office's page: what a day, a file and a stranger's text make of it."""

import io
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from build_scripts.counting.summary_lines import HEADER
from forms_server.access import Role
from tests.builders import EAST, OFFICE
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]


def cells(client: FlaskClient, query: str) -> dict[str, list[str]]:
    rows = page(client.get(f"/comparison/{query}")).select("table.compared tbody tr")
    return {row.th.text: [cell.text for cell in row.select("td")] for row in rows if row.th}


def test_a_day_stands_beside_now(reporter: FlaskClient, signed_in: SignedIn) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    office = signed_in(OFFICE, Role.OFFICE)
    assert page(office.get("/comparison/")).select("table.compared") == []
    assert cells(office, "?with=2022-08-19")["东河镇"][:3] == ["0", "1", "+1"]
    assert cells(office, "?with=2022-08-20")["东河镇"][:3] == ["1", "1", "0"]
    words = text_of(office.get("/comparison/?with=2022-08-19"))
    assert "2022年8月19日为止" in words
    assert "截至2022年8月20日 09:00" in words
    assert reporter.get("/comparison/").status_code == 403


def test_no_path_is_read_that_somebody_typed(signed_in: SignedIn) -> None:
    office = signed_in(OFFICE, Role.OFFICE)
    for typed in ("/etc/passwd", "..", "summary", "2022-13-40", "2022-08", "published"):
        answer = office.get(f"/comparison/?with={typed}")
        assert answer.status_code == 422
        assert "不能和" in text_of(answer)


def test_a_file_of_the_last_campaign_is_compared_and_not_kept(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    office = signed_in(OFFICE, Role.OFFICE)
    row = (EAST, "东河镇", "income", "收入变化方面", "7", "5", "2", "1", "4", "yes")
    text = ",".join(HEADER) + "\n" + ",".join(row) + "\n"
    for content, status in ((text, 200), ("x", 422), ("", 422)):
        sent = FileStorage(io.BytesIO(content.encode()), "summary.csv")
        answer = post(office, "/comparison/", page="/comparison/", summary=sent)
        assert answer.status_code == status
        if status == 200:
            first = page(answer).select("table.compared tbody tr")[0]
            assert [cell.text for cell in first.select("td")][:6] == ["7", "1", "−6", "5", "0", "−5"]
