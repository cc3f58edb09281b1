"""Benchmark of the rules: a file of rows against reading it, and one row on a form.

    .venv/bin/python benchmarks/rules.py [ROWS]

Writes a workbook of 100,000 rows by 20 columns, reads it with python-calamine alone, and evaluates 20 rules over the
same rows; then one row, two hundred times. In turn, three times; the fastest counts, since all else is other people's
work. Exits with 1 beyond the goals.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from build_scripts.rules.expression_reader import read_expression
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import ColumnKind, RuleColumn, columns_by_name

ROUNDS = 3
MOST_OF_READING = 3.0
MOST_OF_ONE = 0.020
TODAY = date(2026, 3, 1)
KINDS = [ColumnKind.MONEY, ColumnKind.DATE, ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.YES_NO]


def rules() -> RowRules:
    """Twenty rules over twenty columns: two formulas, eighteen conditions."""
    columns = columns_by_name(
        [RuleColumn(f"c{number}", KINDS[number % len(KINDS)]) for number in range(20)]
        + [RuleColumn("sum", ColumnKind.MONEY), RuleColumn("half", ColumnKind.MONEY)]
    )
    conditions = [
        *(f"c{number} < {number} or c{number} is null" for number in (0, 5, 10, 15)),
        *(f"c{number} < today and c{number} + interval 3 month > today" for number in (1, 6, 11, 16)),
        *(f"c{number} in ('江苏省昆山市', '浙江省') and length(c{number}) > 2" for number in (2, 7, 12, 17)),
        *(f"coalesce(c{number}, 0) between 3 and 9" for number in (3, 8, 13, 18)),
        "not c4 and c9",
        "sum < 100 and half > 10",
    ]
    formulas = {"sum": "c0 + coalesce(c5, 0)", "half": "sum * c3 / 2"}
    return RowRules(
        columns,
        {name: read_expression(text, columns) for name, text in formulas.items()},
        {f"r{number}": read_expression(text, columns) for number, text in enumerate(conditions)},
    )


def rows(count: int) -> list[dict[str, object]]:
    """Rows of values, the same in every run."""
    chance = random.Random(2026)  # noqa: S311 - made-up data
    make: list[Callable[[], object]] = [
        lambda: Decimal(chance.randrange(10**7)) / 100,
        lambda: date(2026, chance.randrange(1, 13), chance.randrange(1, 28)),
        lambda: chance.choice(["江苏省昆山市", "浙江省", "本县", None]),
        lambda: chance.randrange(20),
        lambda: chance.random() < 0.5,
    ]
    return [{f"c{number}": make[number % len(make)]() for number in range(20)} for _ in range(count)]


def fastest(work: Callable[[], object]) -> float:
    """The fastest of the rounds, in seconds."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)


def main(count: int) -> int:
    """Measure, print, and return the exit code."""
    found, made = rows(count), rules()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for index, row in enumerate(found):
                sheet.write_row(index, 0, ["" if value is None else str(value) for value in row.values()])
        reading = fastest(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
    evaluating = fastest(lambda: made.evaluate(found, TODAY))
    one = statistics.median(fastest(lambda: made.evaluate(found[:1], TODAY)) for _ in range(200))
    ratio = evaluating / reading
    print(f"{count:,} rows × 20 rules: {evaluating:.2f} s; reading the file {reading:.2f} s; {ratio:.2f} ×")  # noqa: T201
    print(f"one row × 20 rules: {one * 1000:.1f} ms")  # noqa: T201
    return int(ratio > MOST_OF_READING or one > MOST_OF_ONE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
