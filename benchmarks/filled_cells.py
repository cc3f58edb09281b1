"""Benchmark of registers: the share of their cells that the system fills in, in a first row and in the next period.

    .venv/bin/python benchmarks/filled_cells.py [CAMPAIGN]

A first row's number, township, computed and prefilled fields come from the system. A next period of 40 rows carries all
over but what is fresh, and four cells change. Counted from the definitions, with every prefilled value known;
``tests/registers`` types two such months over HTTP. Exits with 1 where a register that is kept by month has more than a
tenth of its second month's cells typed though it has no fresh fields.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from build_scripts.settings import SHIPPED_CAMPAIGN
from checklist.loading.loader import load_campaign
from checklist.model import FieldType, Period, Register

ROWS, CHANGES = 40, 4
MOST_TYPED = 0.1

_BY_SYSTEM = frozenset({FieldType.SERIAL, FieldType.TOWNSHIP, FieldType.COMPUTED})


@dataclass(frozen=True)
class FilledCells:
    """Cells of a register and how many of them somebody types."""

    fields: int
    typed_first: int
    """In a first row, all of it filled in."""
    typed_next: int | None
    """In a next period of 40 rows, of which four change in one cell; None where nothing is carried over."""

    @property
    def first(self) -> float:
        """The system's share of a first row."""
        return 1 - self.typed_first / self.fields

    @property
    def next(self) -> float | None:
        """The system's share of the next period."""
        return None if self.typed_next is None else 1 - self.typed_next / (ROWS * self.fields)


def filled_cells(register: Register) -> FilledCells:
    """Count a register's cells."""
    by_person = [
        field.id
        for field in register.fields
        if field.type not in _BY_SYSTEM and field.id not in register.prefill
    ]
    anew = [name for name in register.fresh if name in by_person]
    carries = register.period.repeats and not register.survey
    following = ROWS * len(anew) + CHANGES if carries else None
    return FilledCells(len(register.fields), len(by_person), following)


def main(folder: Path) -> int:
    """Print the shares of every register; return 1 beyond the goal."""
    missed = []
    for register in load_campaign(folder).registers:
        found = filled_cells(register)
        after = "—" if found.next is None else f"{found.next:.0%}"
        print(f"{register.name}：{found.fields} 栏，第一行系统填 {found.first:.0%}，下一期系统填 {after}")  # noqa: T201
        steady = register.period is Period.MONTH and not register.fresh
        if steady and found.next is not None and found.next < 1 - MOST_TYPED:
            missed.append(register.name)
    print("没有达到的：" + "、".join(missed) if missed else "各月台账都达到")  # noqa: T201
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED_CAMPAIGN))
