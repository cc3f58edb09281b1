"""Two columns of the problem type side by side: the second may refine the first."""

from build_scripts.intake.cell_judges import judge_of, text_of
from build_scripts.intake.cell_table import Cell
from build_scripts.intake.ledger_recognition import Header
from checklist.model import FieldType
from checklist.values.judge import Context, Value


class FinerType:
    """Joins the cells of both columns under one header to the text of one problem type."""

    def __init__(self, header: Header, context: Context) -> None:
        assert header.finer_type is not None
        field = next(each for each in header.fields.values() if each.type is FieldType.PROBLEM_TYPE)
        self._first, self._second = header.columns[field.id], header.finer_type
        self._judge = judge_of(field, context)
        self._joined: dict[tuple[Cell, Cell], Cell] = {}

    def join(self, row: list[Cell]) -> None:
        """Put what both cells say into the first one."""
        both = row[self._first], row[self._second]
        if both[0] != both[1] and both[1]:
            if both not in self._joined:
                self._joined[both] = self._together(*both)
            row[self._first] = self._joined[both]

    def _together(self, first: Cell, second: Cell) -> Cell:
        """Return the text that decides: of the cell that is a type, or of both where they differ, to be asked about.

        A second column may say something else (保障类别: 低保): it never makes a type that is known unknown.
        """
        if not first:
            return second
        known, finer = self._known(first), self._known(second)
        if finer is None or known == finer:
            return first
        return second if known is None else f"{text_of(first)}-{text_of(second)}"

    def _known(self, cell: Cell) -> Value:
        """Return the type that a cell alone names; None where it names none for certain."""
        value, problems = self._judge(cell)
        return None if any(problem.question or not problem.warning for problem in problems) else value
