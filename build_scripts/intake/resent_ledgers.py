"""Resubmitted ledgers: reworded rows become updates, missing records are confirmed, duplicates are detected."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from build_scripts.intake.import_comparison import Planner, Recorded
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.resent_questions import (
    AGAIN,
    EVIDENCE,
    NEW,
    ONE_BY_ONE,
    SAME,
    WITHDRAWN,
    Elsewhere,
    FileRow,
    ResentQuestions,
)
from build_scripts.intake.resent_rows import LEVEL, Likeness, RecordIndex
from checklist.model import FieldType, RecordForm
from checklist.problems import Problem
from checklist.questions import AnswerOrigin
from checklist.states import OPEN, is_counted

_MOST_ASKED = 200
"""Missing records of a place that are asked about one by one."""


class ResentLedgers:
    """Matches rows without an exact counterpart, and asks about records missing from the file.

    Args:
        questions: asks.
        elsewhere: open records of other units at the places of rows.
    """

    def __init__(
        self,
        questions: ResentQuestions,
        elsewhere: Callable[[RecordForm, Sequence[LedgerEntry]], Iterable[Elsewhere]],
    ) -> None:
        self._questions, self._elsewhere = questions, elsewhere

    def settle(self, rows: Sequence[LedgerEntry], planner: Planner) -> None:
        """Match rows that are neither recorded nor repeated."""
        by_form: dict[str, list[LedgerEntry]] = defaultdict(list)
        for row in rows:
            by_form[row.form.id].append(row)
        for form_id, some in by_form.items():
            form = planner.forms[form_id]
            own = (
                record
                for record in planner.recorded
                if record.form_id == form_id
                and record.shown
                and record.id not in planner.matched
                and record.standing in OPEN
            )
            index = RecordIndex(form, own)
            others = RecordIndex(form, self._elsewhere(form, some))
            beside = RecordIndex(form, _rows_matched(form, planner) if form.kind == "issue" else ())
            for row in some:
                if self._is_own(row, index.alike(row.values, planner.matched), planner):
                    beside.add(FileRow(row.place(), row))
                elif not self._is_repeated(row, beside.twins(row.values), planner):
                    beside.add(FileRow(row.place(), row))
                    self._settle_elsewhere(row, others.alike(row.values, ()), planner)

    def _is_own(self, row: LedgerEntry, found: Sequence[Likeness], planner: Planner) -> bool:
        """Whether a row matches a record of the unit, or an open question asks so."""
        if not found:
            return False
        problem = self._questions.about_row(row, found)
        planner.result.problems.append(problem)
        assert problem.question
        answer = problem.question.answer
        if not answer:
            planner.left_open.update(each.record.id for each in found)
            return True
        best = found[0].record
        if answer == AGAIN:
            planner.matched.setdefault(best.id, row)
            planner.result.found_again.append((row, best.id))
        elif answer == NEW:
            planner.result.different += ((row, each.record.id, True) for each in found)
        else:
            record = found[int(answer.removeprefix(f"{SAME}-")) - 1 if answer != SAME else 0].record
            assert isinstance(record, Recorded)
            planner.match(row, record)
        return answer != NEW

    def _is_repeated(self, row: LedgerEntry, found: Sequence[Likeness], planner: Planner) -> bool:
        """Whether a row duplicates another row of the file, or an open question asks so."""
        if not found:
            return False
        first = found[0].record
        assert isinstance(first, FileRow)
        problem = self._questions.about_repeated_row(row, first, found[0])
        planner.result.problems.append(problem)
        assert problem.question
        if problem.question.answer != NEW:
            return True
        if problem.question.origin is AnswerOrigin.GIVEN:
            planner.result.different.append((row, first.record_id or first.entry, True))
        return False

    def _settle_elsewhere(self, row: LedgerEntry, found: Sequence[Likeness], planner: Planner) -> None:
        """Place a row that no record of the unit may mean: new, or a finding of what another unit recorded."""
        result = planner.result
        others = [each.record for each in found if isinstance(each.record, Elsewhere)]
        shown = next((each for each in others if each.shown), None)
        told = shown or next(iter(others), None)
        answer = NEW
        if told:
            problem = self._questions.about_row_elsewhere(row, told)
            result.problems.append(problem)
            answer = problem.question.answer if problem.question else NEW
        if answer == AGAIN and told:
            result.found_again.append((row, told.id))
        elif answer == NEW:
            result.new.append(row)
            result.different += ((row, each.id, each.shown) for each in others)

    def about_newer(self, entry: LedgerEntry, field_id: str, record: Recorded, *, touched: bool) -> Problem:
        """Tell of a field that changed since the export; ask where the row changed it, too."""
        return self._questions.about_newer(entry, field_id, record.values.get(field_id), touched=touched)

    def settle_absent(self, planner: Planner) -> None:
        """Ask about records that the file lacks.

        Where it holds two thirds of their place's, each is asked about. Else it may be another file: their number and
        the first of them are told, once for a place and once for all places of which the file holds none, and a
        person may have each asked about.
        """
        result = planner.result
        at = {form_id: _places(form) for form_id, form in planner.forms.items()}
        by_id = {record.id: record for record in planner.recorded if record.id in planner.matched}
        there = Counter(_place(record, at) for record in by_id.values())
        lacking: dict[Hashable, list[Recorded]] = defaultdict(list)
        for record in sorted(result.absent, key=lambda record: record.id):  # as they were filed
            if record.shown and is_counted(record.standing) and record.id not in planner.unwanted:
                lacking[_place(record, at)].append(record)
        self._settle_unwanted(planner)
        elsewhere: list[Recorded] = []
        for place, records in lacking.items():
            if not there[place]:
                elsewhere += records
                continue
            form = planner.forms[records[0].form_id]
            where = self._questions.place_in_words(form, records[0].values)
            if len(records) <= min(there[place] // 2, _MOST_ASKED) or self._is_wanted(
                where, records, planner
            ):
                self._settle_missing(records[:_MOST_ASKED], planner)
        if elsewhere and self._is_wanted("", elsewhere, planner):
            self._settle_missing(elsewhere[:_MOST_ASKED], planner)
        withdrawn = {record.id for record, _ in result.withdrawn}
        result.absent = [record for record in result.absent if record.id not in withdrawn]

    def _settle_unwanted(self, planner: Planner) -> None:
        """Ask whether to withdraw the records of rows marked as unwanted."""
        absent = (record for record in planner.result.absent if record.id in planner.unwanted)
        self._settle_missing((record for record in absent if record.shown), planner, is_said=True)

    def _is_wanted(self, place: str, records: Sequence[Recorded], planner: Planner) -> bool:
        """Report missing records; return whether the importer chose to decide one by one."""
        missing = [(planner.forms[each.form_id], each.values) for each in records]
        problem = self._questions.about_missing_together(place, missing)
        planner.result.problems.append(problem)
        return problem.question is not None and problem.question.answer == ONE_BY_ONE

    def _settle_missing(
        self, records: Iterable[Recorded], planner: Planner, *, is_said: bool = False
    ) -> None:
        """Ask about each record; collect withdrawals.

        Args:
            records: that the file lacks.
            planner: gets the questions and the withdrawals.
            is_said: whether the file says that they are not wanted, so that a person has to decide.
        """
        for record in records:
            form = planner.forms[record.form_id]
            problem = self._questions.about_missing(form, record.id, record.values, is_said=is_said)
            planner.result.problems.append(problem)
            reason = WITHDRAWN.get(problem.question.answer if problem.question else "")
            if reason:
                planner.result.withdrawn.append((record, f"{reason}（{EVIDENCE[is_said]}）"))


def _rows_matched(form: RecordForm, planner: Planner) -> Iterator[FileRow]:
    """The form's rows that mean a record of the unit."""
    for record_id, entry in planner.matched.items():
        if entry.form.id == form.id:
            yield FileRow(entry.place(), entry, record_id)


def _places(form: RecordForm) -> list[str]:
    kinds = {FieldType.TOWNSHIP, FieldType.VILLAGE}
    return [field.id for field in form.fields if field.type in kinds or field.id == LEVEL]


def _place(record: Recorded, fields: dict[str, list[str]]) -> Hashable:
    return record.form_id, *map(record.values.get, fields[record.form_id])
