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
from checklist.visits import visit_forms
from forms_server.db.record_columns import TABLES, column_of
from forms_server.returns.return_document import FIGURES, ISSUES, REPORT, ZEROS, Document, Line


class Where(StrEnum):
    """What kind of page a lack is mended on."""

    ZERO = "zero"
    """The zero reports; the key is a problem type."""
    REPORT = "report"
    """The report; the key is a part."""
    RECORD = "record"
    """A record; the key is its id."""
    LEDGER = "ledger"
    """A form's overdue issues."""
    VISITS = "visits"
    """A form's visits."""


@dataclass(frozen=True)
class Lack:
    """One thing that is missing or contradictory; it blocks the signature unless it is only worth knowing."""

    code: str
    message: str
    where: Where
    key: str = ""
    form_id: str = ""
    blocks: bool = True


_COUNTED = {figure: states_counted_as(figure) for figure in ("rectified", "rectifying")}


def find_lacks(document: Document, campaign: Campaign, today: date) -> list[Lack]:
    """All lacks of a unit's return as it is now; those that block come first, in the order of the return's parts."""
    found = [
        *_problem_types(document, campaign),
        *_records(document, campaign),
        *_wrong_figures(document),
        *_report(document, campaign),
        *_overdue(document, campaign, today),
    ]
    return sorted(found, key=lambda lack: not lack.blocks)


def _problem_types(document: Document, campaign: Campaign) -> Iterator[Lack]:
    """Each problem type is reported: something was found, or nothing was."""
    ticked = {line["problem_type_id"] for line in document[ZEROS]}
    for line in document[FIGURES]:
        key, words = line["problem_type_id"], {"problem_type": line["problem_type"], "found": line["found"]}
        if line["reported"] == "no":
            yield _lack("return-not-reported", Where.ZERO, key, **words)
        elif key in ticked and line["found"]:
            yield _lack("return-zero-contradicts", Where.ZERO, key, **words)
        elif key in ticked and (households := line["proposed_households"]):
            # The office's summary asks about it, too.
            code = "return-zero-beside-households"
            yield _lack(code, Where.ZERO, key, blocks=False, households=households, **words)


def _records(document: Document, campaign: Campaign) -> Iterator[Lack]:
    """Records that lack a required value or have an uncounted problem type."""
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
    """Every record that counts, with its form and its number in the ledger as it is printed."""
    for form in campaign.record_forms:
        rows = [
            row
            for row in document[TABLES[form.kind].name]
            if row["form_id"] == form.id and is_counted(row["state"])
        ]
        rows.sort(key=lambda row: (row["created_at"], row["id"]))
        yield from ((form, number, row) for number, row in enumerate(rows, 1))


@dataclass(frozen=True)
class _Asked:
    """A field that must hold something, and where a record stores it: looked up once for thousands of records."""

    label: str
    key: str
    column: bool
    """Whether the key is a column, or a key of ``extra``."""
    of_every: bool
    """Whether it is required of every record, or of reported ones only."""
    when: tuple[str, bool, Collection[str]] | None
    """Key and column of the conditional field's trigger, and the answers that require the field."""

    def missing(self, row: Line) -> bool:
        """Whether a record lacks the required value."""
        if _stored(row, self.key, self.column) is not None:
            return False
        if not (self.of_every or row["state"] in COUNT_AS_RECTIFIED):
            return False
        return self.when is None or _stored(row, *self.when[:2]) in self.when[2]


@dataclass(frozen=True)
class _Required:
    """All such fields of a form."""

    fields: tuple[_Asked, ...]
    sometimes: tuple[_Asked, ...]
    """Those of them that are not asked of every record, or are no columns."""
    always: Callable[[Line], Sequence[Any]]
    """The cells of all others: of nearly every record they are full, which is seen at one glance."""

    @classmethod
    def of(cls, form: RecordForm) -> "_Required":
        """Those of a form."""
        fields = tuple(_asked(form))
        simple = [each for each in fields if each.column and each.of_every and each.when is None]
        keys = [each.key for each in simple]
        return cls(
            fields,
            tuple(each for each in fields if each not in simple),
            lambda row: [row[key] for key in keys],
        )

    def missing(self, row: Line) -> list[str]:
        """The labels of those that a record lacks."""
        looked_at = self.fields if None in self.always(row) else self.sometimes
        return [asked.label for asked in looked_at if asked.missing(row)]


def _asked(form: RecordForm) -> list[_Asked]:
    return [
        _Asked(
            field.label,
            *_place(form, field),
            field.stage is Stage.FOUND,
            (*_place(form, form.field(field.when.field)), field.when.among) if field.when else None,
        )
        for field in form.fields
        if field.required
    ]


def _place(form: RecordForm, field: Field) -> tuple[str, bool]:
    """Where a field is stored: the name of its column, or its key in ``extra``."""
    name = column_of(form, field)
    if name == "deadline":
        return "deadline_text", True  # the day is empty for 长期坚持
    return (name, True) if name else (field.id, False)


def _stored(row: Line, key: str, column: bool) -> Any:
    """What a record holds, as it is stored: a return of thousands is not read value by value."""
    return row[key] if column else row["extra"].get(key)


def _wrong_figures(document: Document) -> Iterator[Lack]:
    """The figures of annex 2 against the ledgers, counted once more and in another way (账账相符)."""
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
    """Every part of the report is written."""
    for part in sorted(document[REPORT], key=lambda part: part["position"]):
        if not part["text"].strip():
            report = campaign.report_form.name if campaign.report_form else ""
            yield _lack("return-part-empty", Where.REPORT, part["part_id"], report=report, part=part["title"])


def _overdue(document: Document, campaign: Campaign, today: date) -> Iterator[Lack]:
    """Overdue issues: worth knowing before the paper is signed, but no reason to hand it in later still."""
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
    """Unfinished visits by form: no part of a return, but worth a warning."""
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
    """Zero reports of a unit whose people have not been to every household: worth knowing before it is signed."""
    types = len(document[ZEROS])
    if not types or visited >= households:
        return []
    words: dict[str, Any] = {"households": households, "visited": visited, "counter": counter}
    return [_lack("return-zero-unvisited", Where.ZERO, "", blocks=False, types=types, **words)]


def _lack(
    code: str, where: Where, key: str, form_id: str = "", *, blocks: bool = True, **words: object
) -> Lack:
    return Lack(code, say(code, **words), where, key, form_id, blocks)
