"""Reads one workbook in a process of its own, which may die of it: ``python -m build_scripts.intake.reading_child``.

A workbook of 2 KB can make the reading library ask for hundreds of gigabytes, and that abort cannot be caught. So this
process limits its own memory and time, knows nothing but the bytes on its standard input, and writes the table on its
standard output. Each of its lines is an object in JSON: for each sheet one that describes it; then ones with ``rows``,
the length of the block of rows that follows it (``blocks``); at the end one with ``end``, or with ``refused`` and a
code of the message catalogue.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from build_scripts.intake.row_blocks import packed

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_BATCH = 2_000
"""Rows a block."""


class TooMuch(Exception):
    """More than may be read; its argument is the code of the message."""


def main() -> None:
    """Reads the limits from the first argument and the workbook from standard input."""
    limits: dict[str, int] = json.loads(sys.argv[1])
    set_limits(limits)
    _put(_answer(sys.stdin.buffer.read(), limits))


def set_limits(limits: dict[str, int], file_size: int = 0) -> None:
    """Limits this process: its memory and time, the size of its files, and no image of its memory when it dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))


def _answer(data: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """Puts out the table; what to put out at its end."""
    # Under the limits, as the workbook is.
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        _read(load_workbook(io.BytesIO(data)), limits)
    except TooMuch as error:
        return {"refused": error.args[0]}
    except MemoryError:
        return {"refused": "upload-too-large-table"}
    except PasswordError:
        return {"refused": "upload-encrypted"}
    except (CalamineError, OSError, ValueError):
        return {"refused": "upload-broken"}
    return {"end": True}


def _read(workbook: "CalamineWorkbook", limits: dict[str, int]) -> None:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    left = limits["rows"]
    sheets = workbook.sheets_metadata
    if len(sheets) > limits["sheets"]:
        raise TooMuch("upload-too-many-sheets")
    # What the program hides says what the others are.
    for about in sorted(sheets, key=lambda about: not about.name.startswith("_")):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.width > limits["columns"]:
            raise TooMuch("upload-too-many-columns")
        merged = [
            [top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        _put({"sheet": about.name, "hidden": about.visible != SheetVisibleEnum.Visible, "merged": merged})
        for batch in _batches(sheet):
            left -= len(batch)
            if left < 0:
                raise TooMuch("upload-too-many-rows")
            _put_rows(batch)


def _batches(sheet: "CalamineSheet") -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows that hold anything, with their numbers from 1 and their cells from column A."""
    # The library's rows begin with the sheet's first one, their cells with the first column that holds anything.
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    batch: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = margin + [cell.strip() if cell.__class__ is str else _text(cell) for cell in cells]
        if any(texts):
            batch.append((number, texts))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _text(cell: Any) -> str | float:
    """A cell as text; a number with decimals stays one, since 8.3 may have been typed as 8.30."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else cell
    return str(cell)


def _put_rows(batch: list[tuple[int, list[Any]]]) -> None:
    block = packed(batch).encode()
    _put({"rows": len(block)})
    sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()


def _put(line: dict[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
