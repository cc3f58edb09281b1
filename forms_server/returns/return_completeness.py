"""Completeness check of a return before signing: all gaps and contradictions, with links to fix them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from checklist.messages import say
from checklist.model import Campaign, Field, RecordForm, Stage
from checklist.overdue import ISSUES_DUE
from checklist.states import COUNT_AS_RECTIFIED, is_counted, states_counted_as
from checklist.visit_forms import visit_forms
from forms_server.db.record_columns import TABLES, column_of
from forms_server.returns.return_document import FIGURES, ISSUES, REPORT, ZEROS, Document, Line


class Where(StrEnum):
    """Kind of page on which a gap can be fixed."""

    ZERO = "zero"
    """The zero reports; the key is a problem type."""
    REPORT = "report"
    """The report; the key is a part."""
    RECORD = "record"
    """A record; the key is its id."""
    LEDGER = "ledger"
    """Overdue issues of a form; the key is the form."""
    VISITS = "visits"
    """Visits of a form; the key is the form."""


@dataclass(frozen=True)
class Lack:
    """A gap or contradiction; blocks signing unless it is only a hint."""

    code: str
    message: str
    where: Where
    key: str = ""
    form_id: str = ""
    blocks: bool = True


_COUNTED = {figure: states_counted_as(figure) for figure in ("rectified", "rectifying")}


def find_lacks(document: Document, campaign: Campaign, today: date) -> list[Lack]:
    """Return all gaps of a unit's current return, blocking ones first, in the order of the return's parts."""
    found = [
        *_problem_types(document, campaign),
        *_records(document, campaign),
        *_wrong_figures(document),
        *_report(document, campaign),
        *_overdue(document, campaign, today),
    ]
    return sorted(found, key=lambda lack: not lack.blocks)


def _problem_types(document: Document, campaign: Campaign) -> Iterator[Lack]:
    """Check that each problem type has records or a zero report."""
    ticked = {line["problem_type_id"] for line in document[ZEROS]}
    for line in document[FIGURES]:
        key, words = line["problem_type_id"], {"problem_type": line["problem_type"], "found": line["found"]}
        if line["reported"] == "no":
            yield _lack("return-not-reported", Where.ZERO, key, **words)
        elif key in ticked and line["found"]:
            yield _lack("return-zero-contradicts", Where.ZERO, key, **words)
        elif key in ticked and (households := line["proposed_households"]):
            # The office's summary reports it as well.
            code = "return-zero-beside-households"
            yield _lack(code, Where.ZERO, key, blocks=False, households=households, **words)


def _records(document: Document, campaign: Campaign) -> Iterator[Lack]:
    """Check records for missing required values and uncounted problem types."""
    required = {form.id: _Required.of(form) for form in campaign.record_forms}
    for form, number, row in _numbered(document, campaign):
        words: dict[str, Any] = {"form": form.name, "number": number}
        if row["problem_type_id"] not in campaign.problem_type_by_id:
            yield _lack(
                "return-type-unknown",
                Where.RECORD,
                row["id"],
                form.id,
                typed=row["problem_type_id"],
                **words,
            )
        labels = required[form.id].missing(row)
        if labels:
            yield _lack("return-record-incomplete", Where.RECORD, row["id"], form.id, labels=labels, **words)


def _numbered(document: Document, campaign: Campaign) -> Iterator[tuple[RecordForm, int, Line]]:
    """Yield counted records with their form and serial number in the printed ledger."""
    for form in campaign.record_forms:
        rows = [
            row
            for row in document[TABLES[form.kind].name]
            if row["form_id"] == form.id and is_counted(row["state"])
        ]
        rows.sort(key=lambda row: (row["created_at"], row["id"]))
        yield from ((form, number, row) for number, row in enumerate(rows, 1))


@dataclass(frozen=True)
class _RequiredField:
    """A required field and its storage location, resolved once for thousands of records."""

    label: str
    key: str
    column: bool
    """Whether the key is a column rather than a key of ``extra``."""
    of_every: bool
    """Whether it is required of all records rather than of rectified ones only."""
    when: tuple[str, bool, Collection[str]] | None
    """For a conditional field: key of the trigger, whether it is a column, and the requiring answers."""

    def missing(self, row: Line) -> bool:
        """Return whether a record lacks the value."""
        if _stored(row, self.key, self.column) is not None:
            return False
        if not (self.of_every or row["state"] in COUNT_AS_RECTIFIED):
            return False
        return self.when is None or _stored(row, *self.when[:2]) in self.when[2]


@dataclass(frozen=True)
class _Required:
    """All required fields of a form."""

    fields: tuple[_RequiredField, ...]
    sometimes: tuple[_RequiredField, ...]
    """Fields that are conditional, or stored in ``extra``."""
    always: Callable[[Line], Sequence[Any]]
    """Getter of all other cells at once: the fast path, since nearly all records are complete."""

    @classmethod
    def of(cls, form: RecordForm) -> "_Required":
        """Build from a form."""
        fields = tuple(_required_fields(form))
        simple = [each for each in fields if each.column and each.of_every and each.when is None]
        keys = [each.key for each in simple]
        return cls(
            fields,
            tuple(each for each in fields if each not in simple),
            lambda row: [row[key] for key in keys],
        )

    def missing(self, row: Line) -> list[str]:
        """Return the labels of missing fields."""
        looked_at = self.fields if None in self.always(row) else self.sometimes
        return [asked.label for asked in looked_at if asked.missing(row)]


def _required_fields(form: RecordForm) -> list[_RequiredField]:
    return [
        _RequiredField(
            field.label,
            *_place(form, field),
            field.stage is Stage.FOUND,
            (*_place(form, form.field(field.when.field)), field.when.among) if field.when else None,
        )
        for field in form.fields
        if field.required
    ]


def _place(form: RecordForm, field: Field) -> tuple[str, bool]:
    """Return a field's column name or key in ``extra``."""
    name = column_of(form, field)
    if name == "deadline":
        return "deadline_text", True  # 长期坚持 has no day
    return (name, True) if name else (field.id, False)


def _stored(row: Line, key: str, column: bool) -> Any:
    """Return the stored cell without decoding it, for speed."""
    return row[key] if column else row["extra"].get(key)


def _wrong_figures(document: Document) -> Iterator[Lack]:
    """Check annex 2 against an independent count of the ledgers (账账相符)."""
    issues = Counter((row["problem_type_id"], row["state"]) for row in document[ISSUES])
    for line in document[FIGURES]:
        counted = {
            name: sum(issues[line["problem_type_id"], state.value] for state in states)
            for name, states in _COUNTED.items()
        }
        if line["found"] != sum(counted.values()) or any(line[name] != counted[name] for name in counted):
            yield _lack(
                "return-figures-differ",
                Where.ZERO,
                line["problem_type_id"],
                problem_type=line["problem_type"],
                found=line["found"],
                counted=sum(counted.values()),
            )


def _report(document: Document, campaign: Campaign) -> Iterator[Lack]:
    """Check that all parts of the report are written."""
    for part in sorted(document[REPORT], key=lambda part: part["position"]):
        if not part["text"].strip():
            report = campaign.report_form.name if campaign.report_form else ""
            yield _lack("return-part-empty", Where.REPORT, part["part_id"], report=report, part=part["title"])


def _overdue(document: Document, campaign: Campaign, today: date) -> Iterator[Lack]:
    """Hint at overdue issues, which do not block signing."""
    for form in campaign.record_forms:
        late = [
            row
            for row in document[TABLES[form.kind].name]
            if row["form_id"] == form.id and ISSUES_DUE.overdue(row, today)
        ]
        if late:
            words = {"form": form.name, "count": len(late)}
            yield _lack("return-overdue", Where.LEDGER, "", form.id, blocks=False, **words)


def visit_hints(unfinished: Mapping[str, int], campaign: Campaign) -> list[Lack]:
    """Hint at unfinished visits, by form."""
    return [
        _lack(
            "return-visits-open",
            Where.VISITS,
            "",
            form.id,
            blocks=False,
            form=form.sheet_name,
            count=unfinished[form.id],
        )
        for form in visit_forms(campaign)
        if unfinished.get(form.id)
    ]


def unvisited_hint(document: Document, households: int, visited: int, counter: str) -> list[Lack]:
    """Hint at zero reports while households are unvisited."""
    types = len(document[ZEROS])
    if not types or visited >= households:
        return []
    words: dict[str, Any] = {"households": households, "visited": visited, "counter": counter}
    return [_lack("return-zero-unvisited", Where.ZERO, "", blocks=False, types=types, **words)]


def _lack(
    code: str, where: Where, key: str, form_id: str = "", *, blocks: bool = True, **words: object
) -> Lack:
    return Lack(code, say(code, **words), where, key, form_id, blocks)
