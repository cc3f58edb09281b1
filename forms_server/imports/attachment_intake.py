"""A morning's attachments: from which unit each is, what it holds, and what importing it would do.

Each file goes through the same preview as one that is uploaded alone. Nothing is stored but files without any open
question or fault, each whole and as a batch of its own.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, Engine, select, union

from build_scripts.intake.asked_questions import open_questions
from build_scripts.intake.mail_attachments import Attachment
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.roster_columns import roster_form
from build_scripts.intake.sender_recognition import SIGNS, Sender, sender_of
from checklist.messages import say
from checklist.model import Campaign, Unit
from checklist.problems import Problem
from checklist.questions import Answers
from checklist.values.judge import Context
from forms_server.account import Account
from forms_server.accounts.unit_filer import NoFiler, filer_of
from forms_server.clock import Clock
from forms_server.db.engine import transaction
from forms_server.db.tables import import_batch, issue, proposed_household, signed_return, zero_report
from forms_server.imports.ledger_import import LedgerImport, LedgerUpload, read_ledgers
from forms_server.imports.remembered_readings import remembered_answers
from forms_server.imports.roster_import import read_roster

MOST_SAID = 3
"""Faults and questions of a file that a report repeats."""
_NO_LEDGER = "no-ledger"


class Standing(StrEnum):
    """What becomes of an attachment."""

    READY = "ready"
    SAME = "same"
    DONE = "done"
    ASKS = "asks"
    NO_UNIT = "no-unit"
    WRONG = "wrong"
    REPEATED = "repeated"
    OTHER = "other"
    UNREADABLE = "unreadable"


STANDING_NAMES: Mapping[Standing, str] = {
    Standing.READY: "可以导入",
    Standing.SAME: "与系统里的一致",
    Standing.DONE: "已导入",
    Standing.ASKS: "要回答",
    Standing.NO_UNIT: "要选单位",
    Standing.WRONG: "有错",
    Standing.REPEATED: "重复的文件",
    Standing.OTHER: "不是台账",
    Standing.UNREADABLE: "读不了",
}
TAKEN = frozenset({Standing.READY, Standing.SAME, Standing.DONE, Standing.ASKS})
"""Of a unit's ledger or annex 2 that has come, whatever is left to do about it."""


@dataclass(frozen=True)
class AttachmentReport:
    """What an attachment is.

    Attributes:
        name: its path in what it came in.
        sha256: of its bytes.
        unit_code: from whom it is; empty where nobody knows.
        choices: the units among which a person chooses, where several are named.
        counts: rows, new, changed, unchanged, questions, wrong.
        said: why it stands so: the first faults and questions.
    """

    name: str
    sha256: str
    standing: Standing
    unit_code: str = ""
    choices: tuple[str, ...] = ()
    counts: Mapping[str, int] | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttachmentIntake:
    """Who takes attachments in, when and where.

    Attributes:
        author: account of the office; None for the command line.
    """

    campaign: Campaign
    engine: Engine
    clock: Clock
    author: Account | None

    def report(self, files: Iterable[Attachment], chosen: Mapping[str, str]) -> list[AttachmentReport]:
        """Look at files, each once; ``chosen`` has codes of units by a file's name."""
        reports: list[AttachmentReport] = []
        for file in files:
            reports.append(self.look_at(file, chosen.get(file.name), reports))
        return reports

    def look_at(
        self, file: Attachment, chosen: str | None, before: Sequence[AttachmentReport] = ()
    ) -> AttachmentReport:
        """Look at one file.

        Args:
            file: it.
            chosen: code of its unit, where a person said so.
            before: reports of files that came with it and stand before it.
        """
        bare = AttachmentReport(file.name, hashlib.sha256(file.data).hexdigest(), Standing.UNREADABLE)
        if file.refusal:
            return replace(bare, said=(file.refusal,))
        same = next((each.name for each in before if each.sha256 == bare.sha256), None)
        if same:
            said = say("attachment-repeated", other=same)
            return replace(bare, standing=Standing.REPEATED, said=(said,))
        with self.engine.connect() as connection:
            taken_before = _imported(connection, self.campaign, [bare.sha256])
        if (
            chosen is None and len(taken_before) == 1
        ):  # who sent it is known; whether it is undone since, is seen anew
            chosen = taken_before.pop()[1]
        try:
            return self._of_unit(file, bare, chosen)
        except Unreadable as error:
            return replace(bare, said=(str(error),))

    def _of_unit(self, file: Attachment, bare: AttachmentReport, chosen: str | None) -> AttachmentReport:
        units, choices = self.campaign.unit_by_code, tuple[str, ...]()
        if chosen not in {unit.code for unit in self.campaign.filing_units}:
            sender = sender_of(file.data, file.name, self.campaign)
            chosen, choices = sender.unit_code, sender.codes
            if chosen is None:
                other = self._without_ledger(file, self.campaign.filing_units[0])
                if other:
                    return replace(bare, standing=Standing.OTHER, said=(other,))
                if sender.contrary:
                    choices = (*choices, sender.contrary[1])
                said = _why_unknown(sender, self.campaign)
                return replace(bare, standing=Standing.NO_UNIT, choices=choices, said=(said,))
        unit = units[chosen]
        known = replace(bare, unit_code=unit.code)
        try:
            found = self.plan(file.data, unit)
        except NoFiler as error:
            return replace(known, standing=Standing.WRONG, said=(str(error),))
        if any(problem.code == _NO_LEDGER for problem in found.problems):
            said = self._what_else(file, unit)
            return replace(known, standing=Standing.OTHER, said=(said,))
        return _of_plan(known, found)

    def plan(self, data: bytes, unit: Unit) -> LedgerImport:
        """What importing a unit's file would do.

        Raises:
            Unreadable: it cannot be read.
            NoFiler: the unit has no account.
        """
        with self.engine.connect() as connection:
            upload = self._upload(connection, unit)
        book = upload.read(data)
        with self.engine.connect() as connection:
            return upload.plan(connection, book)

    def take_in(self, file: Attachment, unit: Unit) -> LedgerImport | None:
        """Import a file that has neither open questions nor faults now; None where it has, and is left alone.

        Raises:
            Unreadable, NoFiler: as for ``plan``.
            EditConflict: a record was changed since.
        """
        with self.engine.connect() as connection:
            upload = self._upload(connection, unit)
        book = upload.read(file.data)
        with transaction(self.engine) as connection:
            found = upload.plan(connection, book)
            if found.errors:
                return None
            upload.store(connection, found, file.name, file.data)
        return found

    def _upload(self, connection: Connection, unit: Unit) -> LedgerUpload:
        remembered = remembered_answers(connection, self.campaign, unit.code)
        answers = Answers({}, remembered, preselects=False)
        context = Context(self.campaign, unit, self.clock.today(), answers)
        filer = filer_of(connection, unit)
        return LedgerUpload(context, filer, self.clock, self.author is None, self.author)

    def _without_ledger(self, file: Attachment, unit: Unit) -> str:
        """Say what a workbook of nobody is that holds no ledger; empty where it holds one."""
        context = Context(self.campaign, unit, self.clock.today())
        book = read_ledgers(file.data, context, "")
        return self._what_else(file, unit) if any(each.code == _NO_LEDGER for each in book.problems) else ""

    def _what_else(self, file: Attachment, unit: Unit) -> str:
        if roster_form(self.campaign):
            lists = read_roster(file.data, Context(self.campaign, unit, self.clock.today()))
            if any(sheet.columns for sheet in lists.sheets):
                return say("attachment-is-roster", roster=self.campaign.roster.name)
        return say("attachment-is-other")


def with_imported(
    connection: Connection, campaign: Campaign, reports: Iterable[AttachmentReport]
) -> list[AttachmentReport]:
    """Mark the files that are imported already, today or before, and not undone."""
    reports = list(reports)
    done = _imported(connection, campaign, [each.sha256 for each in reports])
    return [
        replace(each, standing=Standing.DONE, said=()) if (each.sha256, each.unit_code) in done else each
        for each in reports
    ]


def _imported(connection: Connection, campaign: Campaign, digests: Sequence[str]) -> set[tuple[str, str]]:
    """Return digest and unit of each of these files that is imported, and not undone."""
    batch = import_batch.c
    query = select(batch.sha256, batch.unit_code).where(
        batch.campaign_id == campaign.id, batch.undone_at.is_(None), batch.sha256.in_(digests)
    )
    return {(sha256, unit_code) for sha256, unit_code in connection.execute(query)}


def silent_units(
    connection: Connection, campaign: Campaign, reports: Iterable[AttachmentReport]
) -> list[Unit]:
    """Units of which neither a file has come nor anything is recorded."""
    heard = {each.unit_code for each in reports if each.standing in TAKEN}
    tables = (issue, proposed_household, zero_report, signed_return)
    recorded = union(
        *(select(table.c.unit_code).where(table.c.campaign_id == campaign.id) for table in tables)
    )
    heard |= set(connection.scalars(recorded))
    return [unit for unit in campaign.filing_units if unit.code not in heard]


def _why_unknown(sender: Sender, campaign: Campaign) -> str:
    names = {code: campaign.unit_by_code[code].name for code in sender.codes}
    if sender.contrary:
        weaker, other = sender.contrary
        return say(
            "attachment-of-two",
            sign=SIGNS[sender.sign],
            unit=names[sender.codes[0]],
            weaker=SIGNS[weaker],
            other=campaign.unit_by_code[other].name,
        )
    if sender.codes:
        return say("attachment-of-several", sign=SIGNS[sender.sign], units=list(names.values()))
    return say("attachment-of-nobody")


def _of_plan(known: AttachmentReport, found: LedgerImport) -> AttachmentReport:
    plan, asked = found.plan, open_questions(found.questions)
    wrong = [problem for problem in found.errors if not problem.question]
    counts = {
        "rows": len(found.book.entries),
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "questions": len(asked),
        "wrong": len(wrong),
        "differences": len(found.differences),
    }
    does = plan.new or plan.changed or plan.found_again or plan.withdrawn or found.summaries
    standing = (
        Standing.WRONG if wrong else Standing.ASKS if asked else Standing.READY if does else Standing.SAME
    )
    said = [_line(problem) for problem in wrong] + [each.why for each in asked]
    return replace(known, standing=standing, counts=counts, said=tuple(said[:MOST_SAID]))


def _line(problem: Problem) -> str:
    return f"{problem.place}：{problem.message}" if problem.place else problem.message
