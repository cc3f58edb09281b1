"""Letters on progress in the register: a number of their own, the figures of their moment, no names kept."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from docx import Document

from tests.builders import EAST, WEST
from tests.inspection.county import County, later, quiet_county
from tests.inspection.test_letters import LETTERS, sent
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import text_of
from tests.server.records import HOUSEHOLD, ISSUE, file

__all__ = ["quiet_county"]


def text_of_word(county: County, address: str) -> str:
    document = Document(BytesIO(county.office.get(f"{address}.docx").data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_a_circular_on_progress_keeps_its_number_and_its_figures(
    quiet_county: County, signed_in: SignedIn
) -> None:
    county, tab = quiet_county, str(uuid4())
    address, _ = sent(county, tab, progress="circular")
    assert sent(county, tab, progress="circular")[0] == address, "a retry"
    (letter,) = county.rows("letter")
    before = text_of_word(county, address)
    assert letter.mark in before
    assert "进展情况的通报" in before
    file(county.units[EAST], HOUSEHOLD, **{**ISSUE, "householder": "钱某某"})
    assert text_of_word(county, address) == before
    assert letter.mark in text_of(county.units[WEST].get(LETTERS))
    assert sent(county, progress="circular")[0] != address
    assert len({each.mark for each in county.rows("letter")}) == 2


def test_a_reminder_of_overdue_issues_has_a_number_and_no_names_in_the_register(
    quiet_county: County, signed_in: SignedIn
) -> None:
    county = quiet_county
    where, said = sent(county, unit=WEST, progress="reminder")
    assert (where, "没有逾期的问题，不用督办" in said) == (LETTERS, True)
    file(county.units[EAST], HOUSEHOLD, **{**ISSUE, "householder": "钱某某", "deadline": "2022年8月21日"})
    later(county, signed_in, NOW + timedelta(days=4))
    address, _ = sent(county, unit=EAST, progress="reminder")
    letter = county.rows("letter")[-1]
    assert "钱某某" not in str(letter.facts)
    words = text_of_word(county, address)
    assert letter.mark in words
    assert "钱某某" in words
    assert "8月21日" in words
    assert letter.mark not in text_of(county.units[WEST].get(LETTERS))


def test_other_kinds_are_none(quiet_county: County) -> None:
    for typed in ({"progress": "report"}, {"progress": "reminder"}, {"progress": "circular", "unit": EAST}):
        sent(quiet_county, **typed)
        assert quiet_county.rows("letter") == []
