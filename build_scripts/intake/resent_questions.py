"""Questions about possible duplicates, and about records missing from a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from build_scripts.intake.cell_questions import asked
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.intake.newer_cells import TAKEN
from build_scripts.intake.resent_rows import LEVEL, NAME, Likeness, LikenessKind, Values
from checklist.date_formats import short_day
from checklist.messages import say
from checklist.model import Campaign, FieldType, RecordForm
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Question, QuestionKind
from checklist.reading.similar_texts import ALIKE
from checklist.values.judge import Context, Value, display

SAME, AGAIN, NEW = "same", "again", "new"
"""Answers: the row changes the record; it only finds it again; it is another issue. The second record is same-2."""

KEPT, ONE_BY_ONE = "kept", "one-by-one"
"""Answers for records that a file lacks: they stay; each is asked about."""
WITHDRAWN: dict[str, str] = {
    "mistaken": "登记有误",
    "repeated": "重复登记",
    "not-found": "核实后没有这个问题",
}
"""Answers for a record that a file lacks: reasons for withdrawing it."""
EVIDENCE = {False: "再报的台账里没有这一条", True: "再报的台账里标明删除"}
"""What the file shows for a withdrawal, by whether a row says that the record is not wanted."""

_SHORT = 40
_LISTED = 5
"""How many of a place's missing records a question names."""


@dataclass(frozen=True)
class Elsewhere:
    """An open record of another unit; ``shown`` is whether the importer may read it."""

    id: str
    form_id: str
    unit: str
    found_on: date
    shown: bool
    values: Values


@dataclass(frozen=True)
class FileRow:
    """A row of the file, by its place, and the id of the record that it means; empty where it is new."""

    id: str
    entry: LedgerEntry
    record_id: str = ""

    @property
    def values(self) -> Values:
        """The row's values."""
        return self.entry.values


class ResentQuestions:
    """Builds the questions in a campaign's words; equal texts are preselected as the same."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._told = replace(context.answers, preselects=True)

    def about_row(self, entry: LedgerEntry, found: Sequence[Likeness]) -> Problem:
        """Ask which of the unit's records a row matches, if any."""
        best, form = found[0], entry.form
        several = len(found) > 1
        choices = [
            AnswerChoice(
                f"{SAME}-{number}" if number > 1 else SAME,
                f"是同一条，按这一行改{f'（{self._words(form, each.record.values)}）' if several else ''}",
            )
            for number, each in enumerate(found, 1)
        ]
        choices += [
            AnswerChoice(AGAIN, "是同一个问题，登记的不改，只记又一次发现"),
            AnswerChoice(NEW, "是另一个问题，新增"),
        ]
        likely = SAME if self._is_certain(found) else ""
        question = self._question(entry, best.record.id, choices, likely)
        recorded = self._words(form, best.record.values)
        words = say(best.alike, where=self._where(form), recorded=recorded)
        settled = (self._told if likely else self._context.answers).settle(question)
        return asked(Problem(entry.place(), best.alike, words), settled)

    def about_repeated_row(self, entry: LedgerEntry, first: FileRow, like: Likeness) -> Problem:
        """Ask whether two rows of the file say the same; texts that have little in common are two issues by default."""
        choices = [
            AnswerChoice(SAME, f"是同一个问题，只登记 {first.id} 那一行"),
            AnswerChoice(NEW, "是另一个问题，也登记"),
        ]
        certain = like.is_equal and like.alike is LikenessKind.TEXT
        question = replace(
            self._question(entry, first.id, choices, SAME if certain else ""),
            default="" if like.percent >= ALIKE else NEW,
        )
        recorded = self._words(entry.form, first.values)
        code = "row-type-beside" if like.alike is LikenessKind.TYPE else "row-alike-beside"
        words = say(code, where=self._where(entry.form), first=first.id, recorded=recorded)
        settled = (self._told if certain else self._context.answers).settle(question)
        return asked(Problem(entry.place(), code, words), settled)

    def about_row_elsewhere(self, entry: LedgerEntry, other: Elsewhere) -> Problem:
        """Ask whether a row is what another unit recorded; where the importer may not read that, only tell."""
        form, campaign = entry.form, self._context.campaign
        if not other.shown:
            words = say("row-alike-unseen", where=self._where(form), office=campaign.units.office.name)
            return Problem(entry.place(), "row-alike-unseen", words, warning=True)
        choices = [
            AnswerChoice(AGAIN, f"是同一个，记为{other.unit}那一条的又一次发现"),
            AnswerChoice(NEW, "是另一个，新增"),
        ]
        question = self._question(entry, other.id, choices)
        recorded = f"{self._words(form, other.values)}（{short_day(other.found_on)}）"
        words = say("row-alike-elsewhere", where=self._where(form), unit=other.unit, recorded=recorded)
        return asked(
            Problem(entry.place(), "row-alike-elsewhere", words), self._context.answers.settle(question)
        )

    def about_missing(
        self, form: RecordForm, record_id: str, values: Values, *, is_said: bool = False
    ) -> Problem:
        """Ask what becomes of a record that a file lacks.

        It stays unless a person says otherwise; where the file says that it is not wanted, a person has to.
        """
        words = self._words(form, values)
        choices = [AnswerChoice(KEPT, "不动")]
        choices += [AnswerChoice(key, f"撤销：{reason}") for key, reason in WITHDRAWN.items()]
        label, likely = ("登记过、表里写明不要", "") if is_said else ("登记过、表里没有", KEPT)
        code = "record-unwanted" if is_said else "record-absent"
        question = Question(QuestionKind.MISSING, record_id, label, words, choices, likely=likely)
        problem = Problem("", code, say(code, recorded=words))
        return asked(problem, self._told.settle(question))

    def about_missing_together(self, place: str, missing: Sequence[tuple[RecordForm, Values]]) -> Problem:
        """Tell how many records a file lacks, and which; offer to ask about each of them.

        Args:
            place: in words; empty for all places that the file does not name.
            missing: forms and values of the records, in the order of the ledger.
        """
        place = place or "表里没有写到的地方"
        words = (self._words(*each).removeprefix(place).strip(" 。；;") for each in missing[:_LISTED])
        listed = list(words)
        more = "等" if len(missing) > _LISTED else ""
        typed = f"{place}有 {len(missing)} 条：{'；'.join(listed)}{more}"
        choices = AnswerChoice(KEPT, "都不动"), AnswerChoice(ONE_BY_ONE, "逐条选")
        question = Question(QuestionKind.MISSING, place, "登记过、表里没有", typed, choices, likely=KEPT)
        message = say("records-absent", place=place, count=len(missing), recorded=listed)
        return asked(Problem("", "records-absent", message), self._told.settle(question))

    def place_in_words(self, form: RecordForm, values: Values) -> str:
        """Name the place of a record: its village, or else its township, or else its level."""
        villages = [field for field in form.fields if field.type is FieldType.VILLAGE]
        townships = [field for field in form.fields if field.type is FieldType.TOWNSHIP]
        levels = [field for field in form.fields if field.id == LEVEL]
        fields = (*villages, *townships, *levels)
        named = (display(field, values.get(field.id), self._context.campaign) for field in fields)
        return next(filter(None, named), form.name)

    def about_newer(self, entry: LedgerEntry, field_id: str, recorded: Value, *, touched: bool) -> Problem:
        """Show both texts of a field that changed since the export; ask where the row changed it, too."""
        field, campaign = entry.form.field(field_id), self._context.campaign
        now, typed = (
            " ".join(display(field, value, campaign).split()) or "空"
            for value in (recorded, entry.values.get(field_id))
        )
        place = entry.place(field_id)
        words = say("cell-older", label=field.label, typed=typed, recorded=now)
        if not touched:
            return Problem(place, "cell-older", words, warning=True)
        choices = AnswerChoice(KEPT, f"用系统里的：{now}"), AnswerChoice(TAKEN, f"用表里的：{typed}")
        question = Question(QuestionKind.NEWER, f"{place} {now}", field.label, typed, choices, likely=KEPT)
        return asked(Problem(place, "cell-older", words), self._told.settle(question))

    def _question(
        self, entry: LedgerEntry, other_id: str, choices: Sequence[AnswerChoice], likely: str = ""
    ) -> Question:
        typed = self._words(entry.form, entry.values)
        return Question(QuestionKind.ISSUE, f"{entry.place()} {other_id}", "这一行", typed, choices, likely)

    @staticmethod
    def _is_certain(found: Sequence[Likeness]) -> bool:
        """Whether one record alone has the row's text, at the row's household."""
        equal = [each for each in found if each.is_equal]
        return len(equal) == 1 and equal[0] is found[0] and found[0].alike is not LikenessKind.RENAMED

    def _where(self, form: RecordForm) -> str:
        return self._context.campaign.counter if form.has(NAME) else "处"

    def _words(self, form: RecordForm, values: Values) -> str:
        return words_of_record(form, values, self._context.campaign)


def words_of_record(form: RecordForm, values: Values, campaign: Campaign) -> str:
    """Name a record by its place, household, problem type and the beginning of its text."""
    return " ".join(_parts(form, values, campaign))


def _parts(form: RecordForm, values: Values, campaign: Campaign) -> Iterator[str]:
    shown = {"householder", "level", "content", "reason"}
    for field in form.fields:
        if field.id in shown or field.type in {FieldType.VILLAGE, FieldType.PROBLEM_TYPE}:
            text = " ".join(display(field, values.get(field.id), campaign).split())
            if text:
                yield text[:_SHORT] + ("…" if len(text) > _SHORT else "")
