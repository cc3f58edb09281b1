"""The files beside the pages: calendar, blank workbooks, script."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.handbook.campaign_calendar import calendar_bytes
from build_scripts.handbook.site_files import SCRIPT, files_of
from build_scripts.icalendar import escaped, folded
from checklist.model import Campaign


def events(content: bytes) -> list[dict[str, str]]:
    """Each event's properties, read as RFC 5545 says."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, _, value = line.partition(":")
            found[-1].setdefault(name, value)
    return found


def test_phases_are_whole_days_and_the_deadline_is_a_moment_in_the_countys_time(campaign: Campaign) -> None:
    phase, deadline = events(calendar_bytes(campaign))
    assert (phase["DTSTART;VALUE=DATE"], phase["DTEND;VALUE=DATE"]) == ("20220809", "20220901")
    assert deadline["DTEND"] == f"{datetime(2022, 8, 31, 4, tzinfo=UTC):%Y%m%dT%H%M%SZ}"
    assert deadline["TRIGGER"] == "-P1D"
    assert deadline["SUMMARY"] == "小排查报送截止（8月31日上午下班前）"
    assert phase["UID"] != deadline["UID"]


def test_every_line_of_the_calendar_is_short_and_ends_as_it_must(real_campaign: Campaign) -> None:
    content = calendar_bytes(real_campaign)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    opened = [line[6:] for line in content.split(b"\r\n") if line.startswith(b"BEGIN:")]
    assert sorted(opened) == sorted(line[4:] for line in content.split(b"\r\n") if line.startswith(b"END:"))


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs"))))
def test_folding_loses_nothing_and_cuts_no_character(line: str) -> None:
    assert folded(line).replace("\r\n ", "") == line
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))


@given(st.text(alphabet="\\,;\n甲a"))
def test_escaping_can_be_read_back(words: str) -> None:
    read, rest = "", iter(escaped(words))
    for sign in rest:
        read += sign if sign != "\\" else {"n": "\n"}.get(letter := next(rest), letter)
    assert read == words
    assert "\n" not in escaped(words)


def test_there_is_a_blank_workbook_for_each_table(campaign: Campaign) -> None:
    made = files_of(campaign)
    blanks = {path: content for path, content in made.items() if path.endswith(".xlsx")}
    assert set(blanks) == {f"downloads/{form.id}.xlsx" for form in campaign.forms if form.kind != "report"}
    for content in blanks.values():
        assert openpyxl.load_workbook(BytesIO(content)).active.max_row > 1
    assert files_of(campaign) == made


def test_the_script_says_whom_to_ask(campaign: Campaign) -> None:
    script = files_of(campaign)[SCRIPT].decode()
    assert "青河县联席会议办公室，电话 0000000" in script
    assert '"INSTEAD"' not in script
