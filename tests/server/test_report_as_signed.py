"""The report as a Word file says what was signed; before the signature, and beside it, it calls itself a draft."""

from collections.abc import Callable
from io import BytesIO

from docx import Document
from flask.testing import FlaskClient

from forms_server.access import Role
from tests.builders import EAST
from tests.server.handing_in import UNIT, complete, sign, write_report
from tests.server.pages import text_of

REPORT = f"/documents/report/{EAST}.docx"


def words(client: FlaskClient, address: str = REPORT) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(answer.data)).paragraphs)


def test_what_nobody_signed_is_a_draft(reporter: FlaskClient) -> None:
    complete(reporter)
    assert "（草稿，未签字）" in words(reporter)
    assert "%E8%8D%89%E7%A8%BF" in reporter.get(REPORT).headers["Content-Disposition"]


def test_the_report_is_of_the_signed_content_whatever_was_written_later(
    reporter: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    complete(reporter)
    sign(signed_in(EAST, Role.PRINCIPAL))
    write_report(reporter, work="走访了四个村。")
    signed = words(reporter)
    assert "走访了三个村。" in signed
    assert "走访了四个村。" not in signed
    assert "草稿" not in signed
    draft = words(reporter, f"{REPORT}?draft=1")
    assert "走访了四个村。" in draft
    assert "（草稿，未签字）" in draft
    assert "第 1 次报送签字的内容" in text_of(reporter.get(UNIT))
