"""Hostile files are harmless, and are refused with an explanation."""

import io
import os
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.workbook_limits import LIMITS, WorkbookLimits
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.intake.zip_inspection import check_archive
from build_scripts.sandbox.child_limits import MEGABYTE
from tests.ledgers.books import workbook
from tests.ledgers.hostile import cell, package, stored, with_claimed_size

SMALL = replace(LIMITS, unpacked=8 * MEGABYTE, rows=500, output=MEGABYTE)


def rows_of(data: bytes, limits: WorkbookLimits = LIMITS) -> list[tuple[int, list[object]]]:
    with open_workbook(data, limits) as sheets:
        return [(number, list(cells)) for sheet in sheets for number, cells in sheet.rows]


def refusal_of(data: bytes, limits: WorkbookLimits = LIMITS) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        rows_of(data, limits)
    return refusal.value


def test_two_cells_that_ask_for_550_gigabytes() -> None:
    data = package(cell("A1") + cell("XFD1048576"))
    assert len(data) < 2048
    refusal = refusal_of(data)
    assert refusal.problem.code == "upload-far-cell"
    assert "XFD1048576" in str(refusal)


def test_a_dimension_that_asks_for_them() -> None:
    assert rows_of(package(cell("A1"), dimension="A1:XFD1048576")) == [(1, ["1"])]


def test_a_far_cell_that_is_bearable_is_read() -> None:
    assert [number for number, _ in rows_of(package(cell("A1") + cell("C1048576")))] == [1, 1048576]


def test_a_far_column() -> None:
    assert refusal_of(package(cell("A1") + cell("XFD2"))).problem.code == "upload-too-many-columns"


def test_a_bomb() -> None:
    refusal = refusal_of(package(" " * 9 * MEGABYTE), SMALL)
    assert refusal.problem.code == "upload-too-large-unpacked"
    assert "超过了 8 MB" in str(refusal)


def test_a_workbook_of_just_the_largest_size_is_let_in() -> None:
    data = package(cell("A1"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    check_archive(data, replace(LIMITS, unpacked=size))
    with pytest.raises(Unreadable):
        check_archive(data, replace(LIMITS, unpacked=size - 1))


def test_a_workbook_that_is_not_compressed_is_read() -> None:
    data = stored(package(cell("A1") + " " * 3 * MEGABYTE))
    assert len(data) > 3 * MEGABYTE
    assert rows_of(data) == [(1, ["1"])]


def test_a_bomb_that_claims_to_be_small() -> None:
    data = with_claimed_size(package(" " * 9 * MEGABYTE), "xl/worksheets/sheet1.xml", 100)
    refusal = refusal_of(data, SMALL)
    assert refusal.problem.code == "upload-too-large-unpacked"
    assert "超过了 8 MB" in str(refusal)


def test_a_part_that_claims_another_size() -> None:
    data = with_claimed_size(package(cell("A1")), "xl/worksheets/sheet1.xml", 100)
    assert refusal_of(data).problem.code == "upload-broken"


@pytest.mark.parametrize("difference", [-1, 1], ids=["less than it holds", "more than it holds"])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "docProps/notes.txt"])
def test_no_part_may_claim_another_size_whatever_the_reader_would_make_of_it(
    part: str, difference: int
) -> None:
    said = "<workbook/>"
    data = package(cell("A1"), parts={part: said})
    check_archive(with_claimed_size(data, part, len(said)), LIMITS)
    with pytest.raises(Unreadable) as refusal:
        check_archive(with_claimed_size(data, part, len(said) + difference), LIMITS)
    assert refusal.value.problem.code == "upload-broken"


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "<!doctype a>",
        " " * 2 * MEGABYTE + '<!DOCTYPE a SYSTEM "x">',
    ],
    ids=["entity", "lower case", "behind two megabytes of blanks"],
)
def test_entities(before: str) -> None:
    assert refusal_of(package(cell("A1"), before)).problem.code == "upload-declares-entities"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_entities_in_another_encoding(encoding: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a><worksheet/>'.encode(encoding)
    assert refusal_of(package(parts={"xl/worksheets/sheet1.xml": sheet})).problem.code == "upload-broken"


def test_formatted_blank_rows_are_passed_over() -> None:
    blank = "".join(
        f'<row r="{n}" ht="15" customHeight="1"><c r="A{n}" s="1"/><c r="L{n}" s="1"/></row>'
        for n in range(2, 60_000)
    )
    assert rows_of(package(cell("A1") + blank)) == [(1, ["1"])]


def test_more_rows_than_may_be() -> None:
    rows = "".join(cell(f"A{number}") for number in range(1, 502))
    assert refusal_of(package(rows), SMALL).problem.message.startswith("工作簿超过了 500 行")


def test_more_sheets_than_may_be() -> None:
    two = workbook({"户内": "序号|村", "面上": "序号|村"})
    assert rows_of(two, replace(LIMITS, sheets=2))
    assert refusal_of(two, replace(LIMITS, sheets=1)).problem.code == "upload-too-many-sheets"


def test_more_text_than_may_be() -> None:
    text = "<row r='1'>" + f"<c t='inlineStr'><is><t>{'长' * 10_000}</t></is></c>" * 60 + "</row>"
    assert refusal_of(package(text), SMALL).problem.code == "upload-too-large-table"


def test_more_parts_than_may_be() -> None:
    parts = {f"xl/{number}.xml": "<a/>" for number in range(2_001)}
    assert refusal_of(package(parts=parts)).problem.code == "upload-too-many-parts"


def test_one_that_takes_too_long() -> None:
    rows = "".join(cell(f"A{number}") for number in range(1, 400_000))
    limits = replace(LIMITS, seconds=0)
    assert refusal_of(package(rows), limits).problem.code == "upload-too-long"


def test_the_reading_process_sees_nothing_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUITOUKAN_DATABASE", "postgresql://secret")
    with open_workbook(workbook({"户内": "序号|村"})) as sheets:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        assert len(list(next(sheets).rows)) == 1
    assert environments
    assert not any(b"secret" in environment for environment in environments)


def test_the_reading_process_is_gone_when_the_rows_are_left(tmp_path: Path) -> None:
    before = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    with open_workbook(package("".join(cell(f"A{number}") for number in range(1, 20_000)))) as sheets:
        next(sheets)
    assert Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text() == before


# Written once: a workbook holds its own moment, and with it varies in length from one second to the next.
TO_DAMAGE = workbook({"户内": "序号|村|户主\n1|上坝村|张某某"})


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(TO_DAMAGE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(TO_DAMAGE)
    for at, byte in flips:
        damaged[at] = byte
    with suppress(Unreadable):
        assert len(rows_of(bytes(damaged))) <= 2
