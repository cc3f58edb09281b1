"""Addresses of every route that takes a GET, with ids of what is really there and the account may see.

The test that walks all pages and the benchmark of pages ask here; a new route has to be given its example.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select
from werkzeug.routing import Rule

from build_scripts.documents.document_kinds import KINDS
from checklist.model import RecordForm, Register, Unit
from checklist.visit_forms import visit_forms
from forms_server.access import MATRIX, Action, Role
from forms_server.account import Account
from forms_server.db.tables import return_scan, signed_return, spot_visit
from forms_server.desk import Desk
from forms_server.editable_states import STATES_BY_KIND, State
from forms_server.inspection import draws, findings, letters
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.spot_list import count_waiting, spot_units
from forms_server.move import Move
from forms_server.records.extension_requests import is_offered
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.record import Record
from forms_server.records.record_rights import may_do
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.registers import row_listing
from forms_server.registers.exemption import StandingExemption, may_ask
from forms_server.registers.exemption_listing import exemptions_of
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_periods import known_periods
from forms_server.registers.row_scope import keeps_rows, may_write_row
from forms_server.scope import may_read_return
from forms_server.services import Services
from forms_server.state_moves import MOVES
from forms_server.visits.visit import Progress
from forms_server.visits.visit_listing import ListedVisit, lines

Values = Mapping[str, Any]
"""What an address is made of."""

FILES = frozenset({
    "static", "records.photo", "ledgers.marked", "ledgers.export", "ledgers.template", "outbox.session",
    "health.alive", "health.ready", "health.metrics", "outbox.worker", "packs.workbook", "records.list_workbook",
    "registers.export_", "registers.exemptions_workbook", "registers.totals_workbook", "inspection.letter_file",
    "inspection.handover", "audit.export", "documents.of_county", "documents.of_unit", "documents.template",
    "returns.content", "returns.scan", "registers.photo",
})  # fmt: skip
"""Routes that give a file instead of a page."""


@dataclass(frozen=True)
class Place:
    """A page, or a file."""

    endpoint: str
    address: str

    @property
    def is_page(self) -> bool:
        """Whether a browser shows it as a page."""
        return self.endpoint not in FILES


@dataclass(frozen=True)
class Reader:
    """Who looks, and at what."""

    services: Services
    connection: Connection
    account: Account

    @property
    def desk(self) -> Desk:
        """Where the account works."""
        return Desk(self.connection, self.services.campaign, self.account, self.services.clock.now())

    @property
    def units(self) -> list[Unit]:
        """One of the filing units whose returns the account may see that has signed, and one that has not."""
        signed = set(self.connection.execute(select(signed_return.c.unit_code)).scalars())
        units = [each for each in self.services.campaign.filing_units if self._reads(each.code)]
        has, lacks = ([each for each in units if (each.code in signed) is wanted] for wanted in (True, False))
        return [*has[:1], *lacks[:1]]

    def _reads(self, unit_code: str) -> bool:
        blind = self.account.reads_assigned_units and count_waiting(self.desk, unit_code)
        return may_read_return(self.account, unit_code) and not blind

    def records(self, action: Action | None = None, state: State | None = None) -> Iterator[Record]:
        """A record of each form that the account may do this to; that it may see, where nothing is done."""
        for form in self.services.campaign.record_forms:
            if state is None or state in STATES_BY_KIND[form.kind]:
                ledger = VisibleLedger(
                    self.services.campaign, self.account, form, self.services.clock.today()
                )
                found = page(self.connection, ledger, Filters(state=state)).records
                yield from islice((each for each in found if action is None or self._may(action, each)), 1)

    def _may(self, action: Action, record: Record) -> bool:
        return may_do(self.account, action, self.services.campaign, record)

    def visits(self) -> Iterator[ListedVisit]:
        """A visit of each form and state."""
        for form in visit_forms(self.services.campaign):
            for state in Progress:
                yield from lines(self.desk, form, state)[:1]

    def returns(self) -> list[str]:
        """Ids of signed returns that the account may see: one of each state, and one that mends another."""
        columns = signed_return.c
        rows = self.connection.execute(select(columns.id, columns.unit_code, columns.state, columns.number))
        seen = [row for row in rows if self._reads(row.unit_code)]
        return list({(row.state, row.number > 1): row.id for row in seen}.values())

    def scans(self) -> Iterator[Values]:
        """The scan of a return."""
        query = select(return_scan.c.return_id, return_scan.c.id)
        mine = set(self.connection.execute(query.join(signed_return).add_columns(signed_return.c.unit_code)))
        for row in sorted(row for row in mine if self._reads(row.unit_code))[:1]:
            yield {"return_id": row.return_id, "scan_id": row.id}

    def on_the_spot(self, what: str) -> list[Any]:
        """A household or an issue that the account's team looks at."""
        return [each for unit in spot_units(self.desk) for each in getattr(unit, what)][:1]

    def spot_visits(self) -> list[str]:
        """A sheet that the account filled in on the spot."""
        query = (
            select(spot_visit.c.id)
            .where(spot_visit.c.created_by == self.account.id)
            .order_by(spot_visit.c.id)
        )
        return list(self.connection.execute(query.limit(1)).scalars())

    def letters(self) -> list[str]:
        """A letter of each kind."""
        return list({each.row["kind"]: each.row["id"] for each in letters.letters(self.desk)}.values())

    def filled_registers(self) -> list[Register]:
        """Those of :meth:`sampled_registers` that the account's unit fills."""
        campaign = self.services.campaign
        return [each for each in self.sampled_registers() if keeps_rows(campaign, self.account, each)]

    def sampled_registers(self) -> list[Register]:
        """A register of each kind of period: their pages are made by the same code."""
        return list({each.period: each for each in self.services.campaign.registers}.values())

    def rows(self) -> list[RegisterRow]:
        """The last row that the account sees of each register, in its latest period."""
        found = []
        for register in self.sampled_registers():
            seen = SeenRows(self.services.campaign, self.account, register)
            for period in known_periods(self.connection, seen.campaign, register)[:1] or [""]:
                found += row_listing.page(self.connection, seen, RowFilters(period)).rows[:1]
        return found

    def exemptions(self) -> list[StandingExemption]:
        """An exemption in each state that the account sees."""
        campaign = self.services.campaign
        seen = (SeenRows(campaign, self.account, each) for each in campaign.registers)
        found = (one for each in seen for one in exemptions_of(self.desk, each))
        return list({each.state: each for each in found}.values())

    def villages(self) -> list[str]:
        """The villages of the account's unit; the one that it is bound to."""
        unit = self.services.campaign.unit_by_code.get(self.account.unit_code)
        codes = [village.code for village in unit.villages] if unit else []
        return [self.account.village_code] if self.account.village_code else codes


def _forms(reader: Reader) -> list[RecordForm]:
    return list(reader.services.campaign.record_forms)


Example = Callable[[Reader], list[Values]]


def _of_records(action: Action | None = None, state: State | None = None) -> Example:
    def values(reader: Reader) -> list[Values]:
        return [{"form_id": each.form.id, "record_id": each.id} for each in reader.records(action, state)]

    return values


def _of_move(move: Move) -> Example:
    """Records that a move can be made of, with regard to an open request for an extension."""

    def values(reader: Reader) -> list[Values]:
        found = reader.records(move.action, move.sources[0])
        return [{"form_id": each.form.id, "record_id": each.id} for each in found if is_offered(move, each)]

    return values


TOGETHER: Mapping[str, tuple[Action, State | None]] = {
    "edit": (Action.EDIT, None),
    **{move.id: (move.action, move.sources[0]) for move in MOVES.values() if move.together},
}
"""What is done to many records at once, the right that it needs and a state that allows it."""

EXAMPLES: Mapping[str, Example] = {
    "static": lambda reader: [{"filename": "app.css"}, {"filename": "palette.css"}],
    "records.found": lambda reader: [{}, {"overdue": 1}],
    "records.list_workbook": lambda reader: [{"form_id": each.id, "purpose": "-"} for each in _forms(reader)],
    "records.index": lambda reader: [
        *({"form_id": form.id} for form in _forms(reader)),
        {"form_id": _forms(reader)[0].id, "state": State.RECTIFIED.value, "words": "没有"},
        {"form_id": _forms(reader)[0].id, "overdue": 1, "sort": "due"},
    ],
    "records.new": lambda reader: [{"form_id": form.id} for form in _forms(reader)],
    "records.show": _of_records(),
    "records.edit": _of_records(Action.EDIT, State.RECTIFYING),
    **{move.endpoint: _of_move(move) for move in MOVES.values()},
    "records.together": lambda reader: [
        {"form_id": each.form.id, "action": name, "pick": f"{each.id}.{each.version}"}
        for name, (action, state) in TOGETHER.items()
        for each in reader.records(action, state)
    ],
    "ledgers.export": lambda reader: [{"purpose": "核对"}],
    "ledgers.template": lambda reader: [{"form_id": form.id} for form in _forms(reader)],
    "documents.of_county": lambda reader: [
        {"kind": name} for name, kind in KINDS.items() if not kind.of_unit
    ],
    "documents.of_unit": lambda reader: [
        {"kind": name, "unit_code": unit.code}
        for name, kind in KINDS.items()
        if kind.of_unit and (reader.account.role is Role.OFFICE or not kind.about_overdue)
        for unit in reader.units[:1]
    ],
    "documents.template": lambda reader: [{"kind": kind} for kind in KINDS],
    "report.index": lambda reader: [{}] if may_read_return(reader.account, reader.account.unit_code) else [],
    "inspection.visit_sheet": lambda reader: [
        {"household_id": each.id} for each in reader.on_the_spot("households")
    ],
    "inspection.check_page": lambda reader: [
        {"form_id": each.form_id, "record_id": each.id} for each in reader.on_the_spot("issues")
    ],
    "inspection.letter": lambda reader: [{"letter_id": each} for each in reader.letters()],
    "inspection.letter_file": lambda reader: [{"letter_id": each} for each in reader.letters()],
    "inspection.general_page": lambda reader: [
        {"unit_code": code} for code in sorted(begun_units(reader.desk))[:1]
    ],
    "inspection.seen": lambda reader: [{"visit_id": each} for each in reader.spot_visits()],
    "inspection.finding": lambda reader: [
        {"finding_id": each["id"]} for each in findings.findings(reader.desk)[:2]
    ],
    "inspection.show_draw": lambda reader: [{"draw_id": each["id"]} for each in draws.draws(reader.desk)],
    "registers.index": lambda reader: [
        *({"register_id": each.id} for each in reader.sampled_registers()),
        *({"register_id": each.id, "words": "没有"} for each in reader.services.campaign.registers[:1]),
    ],
    "registers.totals": lambda reader: [{"register_id": each.id} for each in reader.sampled_registers()],
    "registers.totals_workbook": lambda reader: [
        {"register_id": each.id} for each in reader.sampled_registers()
    ],
    "registers.doubts": lambda reader: [{"register_id": each.id} for each in reader.sampled_registers()],
    "registers.round_": lambda reader: [
        {"register_id": each.id} for each in reader.services.campaign.registers if each.round
    ],
    "registers.exemptions": lambda reader: [{"register_id": each.id} for each in reader.sampled_registers()],
    "registers.exemptions_workbook": lambda reader: [
        {"register_id": each.row.register.id} for each in reader.exemptions()[:1]
    ],
    "registers.exemption": lambda reader: [
        {"register_id": each.row.register.id, "exemption_id": each.exemption.id}
        for each in reader.exemptions()
    ],
    "registers.ask_exemption": lambda reader: [
        {"register_id": each.row.register.id, "row_id": each.row.id, "check_id": each.check.id}
        for each in reader.exemptions()
        if each.check and may_ask(reader.services.campaign, reader.account, each.row)
    ],
    "registers.sample": lambda reader: [
        {"register_id": each.id} for each in reader.services.campaign.registers if each.survey
    ],
    "registers.public": lambda reader: [
        {"register_id": each.id} for each in reader.sampled_registers() if each.public
    ],
    "registers.workbook": lambda reader: [{"register_id": each.id} for each in reader.sampled_registers()],
    "registers.export_": lambda reader: [{"register_id": each.id} for each in reader.sampled_registers()],
    "registers.pick_household": lambda reader: [
        {"register_id": each.id} for each in reader.filled_registers()
    ],
    "registers.new": lambda reader: [{"register_id": each.id} for each in reader.filled_registers()],
    "registers.show": lambda reader: [
        {"register_id": each.register.id, "row_id": each.id} for each in reader.rows()
    ],
    "registers.edit": lambda reader: [
        {"register_id": each.register.id, "row_id": each.id}
        for each in reader.rows()
        if may_write_row(reader.services.campaign, reader.account, each)
    ],
    "returns.index": lambda reader: [{}, {"state": "signed"}],
    "returns.unit": lambda reader: [{"unit_code": unit.code} for unit in reader.units],
    "returns.sign": lambda reader: [{"unit_code": reader.account.unit_code}],
    "returns.show": lambda reader: [{"return_id": each} for each in reader.returns()],
    "returns.paper": lambda reader: [{"return_id": each} for each in reader.returns()[:1]],
    "returns.content": lambda reader: [{"return_id": each} for each in reader.returns()[:1]],
    "returns.scan": lambda reader: list(reader.scans()),
    "visits.list_": lambda reader: [{"form_id": form.id} for form in visit_forms(reader.services.campaign)],
    "visits.progress": lambda reader: [{"form": form.id} for form in visit_forms(reader.services.campaign)],
    "visits.new": lambda reader: [{"form_id": form.id} for form in visit_forms(reader.services.campaign)],
    "visits.correct": lambda reader: [{"visit_id": each.id} for each in islice(reader.visits(), 1)],
    "visits.fill": lambda reader: [{"visit_id": each.id} for each in reader.visits()],
    "visits.show": lambda reader: [{"visit_id": each.id} for each in reader.visits()],
    "roster.choose": lambda reader: [
        {"form_id": form.id} for form in _forms(reader) if form.subject == "household"
    ],
    "zero.village": lambda reader: [{"code": code} for code in reader.villages()[:1]],
}
"""Endpoint to the values of its address; what is not here takes none."""

SEEN_ELSEWHERE: Mapping[str, str] = {
    "handbook.index": "every kind of page of the built handbook is looked at in tests/handbook/test_in_a_browser.py",
    "handbook.page": "as above",
    **dict.fromkeys(("records.photo", "registers.photo"), "sent and looked at where they are tested"),
    "reminders.feed": "a calendar for other programs, behind a secret: tests/server/test_reminders.py",
    "accounts.move_page": "of another account: tests/server/test_account_moves.py",
    "wall.display": "behind a secret: tests/server/test_wall.py",
    "imports.show": "exists after an import: tests/ledgers/test_batch_pages.py",
    **dict.fromkeys(("imports.file", "imports.undo_page"), "as above"),
    "attachments.show": "exists once files were sent: tests/ledgers/test_attachments.py",
    "ledgers.marked": "exists after the import of a faulty workbook: tests/server/test_records_ledger.py",
}
"""Routes without an example, and where they are seen instead."""


def places(app: Flask, reader: Reader) -> list[Place]:
    """Every page and file that the account may open, in the order of the matrix."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return [
        Place(endpoint, address)
        for endpoint, methods in MATRIX.items()
        if reader.account.role in methods.get("GET", ()) and endpoint not in SEEN_ELSEWHERE
        for address in _addresses(app, rules[endpoint], reader)
    ]


def _addresses(app: Flask, rule: Rule, reader: Reader) -> list[str]:
    values = EXAMPLES.get(rule.endpoint, lambda reader: [{}])(reader)
    with app.test_request_context():
        return [app.url_for(rule.endpoint, **each) for each in values]
