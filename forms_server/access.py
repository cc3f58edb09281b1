"""Authorization: the matrix of roles, routes and methods, and the single check for writing a record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forms_server.account import ROLE_NAMES, Account, Role
from forms_server.actions import COLLECTING, DECIDING, JUDGING, OF_UNIT, RECTIFYING, SUPERVISING, Action
from forms_server.move import Move
from forms_server.state_moves import MOVES

__all__ = [
    "ANYONE", "COLLECTING", "DECIDING", "JUDGING", "MATRIX", "NOBODY", "OF_UNIT", "ROLE_NAMES", "SUPERVISING",
    "Action", "Involved", "Role", "allowed",
    "may_write", "roles", "route_of",
]  # fmt: skip

Who = frozenset[Role | None]
"""Roles; None stands for a visitor who is not signed in."""

SIGNED_IN: Who = frozenset(Role)
ANYONE: Who = SIGNED_IN | {None}
MANAGERS: Who = frozenset({Role.OFFICE, Role.ADMIN})
FILERS: Who = frozenset({Role.REPORTER, Role.PRINCIPAL})
SIGNERS: Who = frozenset({Role.PRINCIPAL})
JUDGES: Who = frozenset({Role.DEPARTMENT, Role.OFFICE})
AUDITORS: Who = frozenset({Role.AUDITOR})
"""Roles that read the audit, and no record."""
READERS: Who = SIGNED_IN - {Role.ADMIN} - AUDITORS
OVERSEERS: Who = frozenset({Role.OFFICE, Role.INSPECTOR})
"""Roles that read other units as a whole: all, or those assigned to the account."""

SEEN: Who = FILERS | {Role.DEPARTMENT, Role.INSPECTOR}
"""Roles as whose accounts the office looks on; they see no more than the office does."""

TAKERS: Who = FILERS | {Role.INSPECTOR}
"""Roles that take field packs along."""

_ROLES: Mapping[Action, Who] = {
    Action.SIGN: SIGNERS,
    Action.EXTEND: SIGNERS | {Role.OFFICE},
    **dict.fromkeys(JUDGING, JUDGES),
    **dict.fromkeys(COLLECTING | DECIDING | SUPERVISING, frozenset({Role.OFFICE})),
    Action.LIST: FILERS | {Role.OFFICE},
    Action.TRANSFER: FILERS | {Role.OFFICE},
    Action.FIND: frozenset({Role.INSPECTOR}),
}


def roles(action: Action) -> Who:
    """Roles that may perform the action on some unit's records."""
    return _ROLES.get(action, FILERS)


def route_of(move: Move) -> dict[str, Who]:
    """Roles that may open a move's page: those that may ever make the move."""
    return dict.fromkeys(("GET", "POST"), roles(move.action))


MATRIX: dict[str, dict[str, Who]] = {
    **{move.endpoint: route_of(move) for move in MOVES.values()},
    "static": {"GET": ANYONE},
    "health.alive": {"GET": ANYONE},
    "health.ready": {"GET": ANYONE},
    "health.metrics": {"GET": ANYONE},  # of this machine
    "handbook.index": {"GET": ANYONE},
    "handbook.page": {"GET": ANYONE},
    "browsers.index": {"GET": ANYONE},
    "personal_data.index": {"GET": ANYONE},
    "auth.sign_in_page": {"GET": ANYONE},
    "auth.sign_in_submit": {"POST": ANYONE},
    "auth.code_submit": {"POST": ANYONE},
    "auth.sign_out": {"POST": SIGNED_IN},
    "auth.factor_page": {"GET": SIGNED_IN},
    "auth.begin_factor": {"POST": SIGNED_IN},
    "auth.confirm_factor": {"POST": SIGNED_IN},
    "auth.renew_codes": {"POST": SIGNED_IN},
    "auth.remove_factor": {"POST": SIGNED_IN},
    "auth.password_page": {"GET": SIGNED_IN},
    "auth.password_submit": {"POST": SIGNED_IN},
    "auth.name_page": {"GET": SIGNED_IN},
    "auth.name_submit": {"POST": SIGNED_IN},
    "auth.session_list": {"GET": SIGNED_IN},
    "auth.end_session": {"POST": SIGNED_IN},
    "outbox.index": {"GET": SIGNED_IN},
    "outbox.session": {"GET": ANYONE},
    "outbox.worker": {"GET": ANYONE},
    "packs.index": {"GET": TAKERS},
    "packs.make": {"POST": TAKERS},
    "packs.tell": {"POST": ANYONE},  # with a pack's id, which only its browser knows
    "packs.workbook": {"GET": FILERS},
    "packs.phone_list": {"GET": SIGNERS | {Role.OFFICE}},
    "late.standing": {"POST": ANYONE},  # with a token of its own
    "late.hand_in": {"POST": ANYONE},
    "late.index": {"GET": frozenset({Role.OFFICE})},
    "late.take": {"POST": frozenset({Role.OFFICE})},
    "late.refuse": {"POST": frozenset({Role.OFFICE})},
    "home.index": {"GET": SIGNED_IN},
    "records.found": {"GET": READERS},
    "records.index": {"GET": READERS},
    "records.list_workbook": {"GET": READERS},
    "records.choose_columns": {"POST": READERS},
    "records.keep_filter": {"POST": READERS},
    "records.forget_filter": {"POST": READERS},
    "records.show": {"GET": READERS},
    "records.new": {"GET": FILERS, "POST": FILERS},
    "records.edit": {"GET": FILERS, "POST": FILERS},
    "records.add_photos": {"POST": FILERS},
    "records.photo": {"GET": READERS},
    "records.remove_photo": {"POST": FILERS},
    "records.together": {"GET": FILERS | JUDGES, "POST": FILERS | JUDGES},
    "doubles.index": {"GET": frozenset({Role.OFFICE})},
    "doubles.decide": {"POST": frozenset({Role.OFFICE})},
    "namesakes.index": {"GET": frozenset({Role.OFFICE})},
    "namesakes.choose": {"POST": frozenset({Role.OFFICE})},
    "inbox.index": {"GET": JUDGES},
    "sent_back.index": {"GET": frozenset({Role.OFFICE})},
    "inbox.judge": {"POST": JUDGES},
    "records.save_draft": {"POST": FILERS | JUDGES},
    "records.discard_draft": {"POST": FILERS | JUDGES},
    "zero.index": {"GET": FILERS | {Role.DEPARTMENT}},
    "zero.save": {"POST": FILERS},
    "zero.village": {"GET": FILERS | {Role.DEPARTMENT}},
    "zero.save_village": {"POST": FILERS},
    "ledgers.index": {"GET": READERS},
    "ledgers.check": {"POST": FILERS},
    "ledgers.import_": {"POST": FILERS | {Role.OFFICE}},  # the office: of a unit's file that it received
    "ledgers.marked": {"GET": FILERS | {Role.OFFICE}},
    "ledgers.export": {"GET": READERS},
    "ledgers.template": {"GET": READERS},
    "attachments.index": {"GET": frozenset({Role.OFFICE})},
    "attachments.receive": {"POST": frozenset({Role.OFFICE})},
    "attachments.show": {"GET": frozenset({Role.OFFICE})},
    "attachments.more": {"POST": frozenset({Role.OFFICE})},
    "attachments.choose_unit": {"POST": frozenset({Role.OFFICE})},
    "attachments.open_": {"POST": frozenset({Role.OFFICE})},
    "attachments.import_": {"POST": frozenset({Role.OFFICE})},
    "imports.index": {"GET": FILERS | {Role.OFFICE}},
    "imports.show": {"GET": FILERS | {Role.OFFICE}},
    "imports.file": {"GET": FILERS | {Role.OFFICE}},
    "imports.undo_page": {"GET": FILERS | {Role.OFFICE}},
    "imports.undo": {"POST": FILERS | {Role.OFFICE}},
    "readings.index": {"GET": FILERS | {Role.OFFICE}},
    "readings.change": {"POST": FILERS | {Role.OFFICE}},
    "report.index": {"GET": FILERS | {Role.DEPARTMENT}},
    "report.save": {"POST": FILERS},
    "comparison.index": {"GET": frozenset({Role.OFFICE})},
    "comparison.of_file": {"POST": frozenset({Role.OFFICE})},
    "reconciliation.index": {"GET": frozenset({Role.OFFICE})},
    "documents.index": {"GET": frozenset({Role.OFFICE})},
    "documents.of_county": {"GET": frozenset({Role.OFFICE})},
    "documents.of_unit": {"GET": READERS},
    "documents.template": {"GET": frozenset({Role.OFFICE})},
    "returns.index": {"GET": OVERSEERS},
    "returns.telephone_list": {"GET": frozenset({Role.OFFICE})},
    "returns.unit": {"GET": READERS},
    "returns.sign": {"GET": SIGNERS, "POST": SIGNERS},
    "returns.show": {"GET": READERS},
    "returns.paper": {"GET": READERS},
    "returns.content": {"GET": READERS},
    "returns.add_scan": {"POST": FILERS},
    "returns.scan": {"GET": READERS},
    "returns.receive": {"POST": frozenset({Role.OFFICE})},
    "returns.send_back": {"POST": frozenset({Role.OFFICE})},
    "visits.index": {"GET": READERS},
    "visits.list_": {"GET": READERS},
    "visits.progress": {"GET": READERS},
    "visits.begin": {"POST": FILERS},
    "visits.new": {"GET": FILERS, "POST": FILERS},
    "visits.correct": {"GET": FILERS, "POST": FILERS},
    "visits.fill": {"GET": FILERS},
    "visits.save": {"POST": FILERS},
    "visits.save_draft": {"POST": FILERS},
    "visits.discard_draft": {"POST": FILERS},
    "visits.show": {"GET": READERS},
    "roster.index": {"GET": FILERS | {Role.OFFICE, Role.INSPECTOR}},
    "roster.check": {"POST": FILERS | {Role.OFFICE}},
    "roster.import_": {"POST": FILERS | {Role.OFFICE}},
    "roster.choose": {"GET": FILERS},
    "registers.registers": {"GET": READERS},
    "registers.index": {"GET": READERS},
    "registers.totals": {"GET": READERS},
    "registers.totals_workbook": {"GET": READERS},
    "registers.trails": {"GET": READERS},
    "registers.doubts": {"GET": READERS},
    "registers.ask_exemption": {"GET": FILERS, "POST": FILERS},
    "registers.exemptions": {"GET": READERS},
    "registers.exemptions_workbook": {"GET": READERS},
    "registers.exemption": {"GET": READERS},
    "registers.decide_exemption": {"POST": FILERS | {Role.OFFICE}},
    "registers.withdraw_exemption": {"POST": FILERS | {Role.OFFICE}},
    "registers.sample": {"GET": FILERS},
    "registers.public": {"GET": READERS},
    "registers.round_": {"GET": READERS},
    "registers.take_step": {"POST": FILERS},
    "registers.workbook": {"GET": READERS},
    "registers.export_": {"GET": READERS},
    "registers.check": {"POST": FILERS},
    "registers.import_": {"POST": FILERS},
    "registers.show": {"GET": READERS},
    "registers.new": {"GET": FILERS, "POST": FILERS},
    "registers.pick_household": {"GET": FILERS},
    "registers.edit": {"GET": FILERS, "POST": FILERS},
    **{key: {"POST": FILERS} for key in ("registers.add_photos", "registers.remove_photo")},
    "registers.photo": {"GET": READERS},
    "registers.move": {"POST": FILERS},
    "registers.confirm": {"POST": FILERS},
    "registers.open_period": {"POST": FILERS},
    "registers.save_draft": {"POST": FILERS},
    "registers.discard_draft": {"POST": FILERS},
    "inspection.plan": {"GET": OVERSEERS},
    "inspection.index": {"GET": OVERSEERS},
    "inspection.outside": {"GET": frozenset({Role.INSPECTOR})},
    "inspection.visit_sheet": {"GET": frozenset({Role.INSPECTOR})},
    "inspection.save_sheet": {"POST": frozenset({Role.INSPECTOR})},
    "inspection.seen": {"GET": frozenset({Role.INSPECTOR})},
    "inspection.find": {"POST": frozenset({Role.INSPECTOR})},
    "inspection.check_page": {"GET": frozenset({Role.INSPECTOR})},
    "inspection.save_check": {"POST": frozenset({Role.INSPECTOR})},
    "inspection.general_page": {"GET": frozenset({Role.INSPECTOR})},
    "inspection.find_general": {"POST": frozenset({Role.INSPECTOR})},
    "inspection.findings_page": {"GET": READERS},
    "inspection.finding": {"GET": READERS},
    "inspection.letters": {"GET": READERS},
    "inspection.send_letter": {"POST": frozenset({Role.OFFICE})},
    "inspection.letter": {"GET": READERS},
    "inspection.answer_letter": {"POST": FILERS | {Role.OFFICE}},
    "inspection.letter_file": {"GET": READERS},
    "inspection.handover": {"GET": READERS},
    "inspection.rates": {"GET": OVERSEERS},
    "inspection.claim": {"POST": FILERS},
    "inspection.object_to_finding": {"POST": FILERS},
    "inspection.tell_alike": {"POST": FILERS},
    "inspection.decide": {"POST": frozenset({Role.OFFICE})},
    "inspection.draws": {"GET": frozenset({Role.OFFICE})},
    "inspection.seal": {"POST": frozenset({Role.OFFICE})},
    "inspection.show_draw": {"GET": frozenset({Role.OFFICE})},
    "inspection.open_draw": {"POST": frozenset({Role.OFFICE})},
    "inspection.replace": {"POST": OVERSEERS},
    "inspection.form_team": {"POST": frozenset({Role.OFFICE})},
    "inspection.dissolve": {"POST": frozenset({Role.OFFICE})},
    "inspection.add_member": {"POST": frozenset({Role.OFFICE})},
    "inspection.remove_member": {"POST": frozenset({Role.OFFICE})},
    "inspection.assign": {"POST": frozenset({Role.OFFICE})},
    "inspection.withdraw_assignment": {"POST": frozenset({Role.OFFICE})},
    "reminders.index": {"GET": READERS},
    "reminders.make_calendar": {"POST": READERS},
    "reminders.end_calendar": {"POST": READERS},
    "reminders.save_mail": {"POST": READERS},
    "reminders.feed": {"GET": ANYONE},  # its address is a secret
    "reminders.urging": {"GET": frozenset({Role.OFFICE})},
    "reminders.save_contact": {"POST": frozenset({Role.OFFICE})},
    "wall.index": {"GET": frozenset({Role.OFFICE})},
    "wall.renew": {"POST": frozenset({Role.OFFICE})},
    "wall.end": {"POST": frozenset({Role.OFFICE})},
    "wall.display": {"GET": ANYONE},  # its address is a secret
    "audit.index": {"GET": AUDITORS},
    "audit.export": {"GET": AUDITORS},
    "accounts.index": {"GET": MANAGERS},
    "accounts.new": {"GET": MANAGERS},
    "accounts.create": {"POST": MANAGERS},
    "accounts.sheets": {"GET": MANAGERS, "POST": MANAGERS},
    "accounts.move_page": {"GET": MANAGERS},
    "accounts.move": {"POST": MANAGERS},
    "accounts.reset": {"POST": MANAGERS},
    "accounts.reset_factor": {"POST": MANAGERS},
    "accounts.requests": {"GET": MANAGERS},
    "accounts.confirm": {"POST": MANAGERS},
    "accounts.refuse": {"POST": MANAGERS},
    "accounts.revoke_packs": {"POST": MANAGERS},
    "accounts.disable": {"POST": MANAGERS},
    "accounts.enable": {"POST": MANAGERS},
    "accounts.see_as": {"POST": frozenset({Role.OFFICE})},
    "accounts.end_seeing": {"POST": frozenset({Role.OFFICE})},
}
"""Endpoint and method to allowed roles. HEAD follows GET. Default deny: unlisted routes are refused."""


def allowed(role: Role | None, endpoint: str, method: str) -> bool:
    """Whether the matrix lets this role use this route."""
    return role in MATRIX.get(endpoint, {}).get("GET" if method == "HEAD" else method, frozenset())


@dataclass(frozen=True)
class Involved:
    """Who besides the filing unit has to do with a record.

    Attributes:
        answering: codes of the units that answer for the record's item or area: their departments judge it.
        rectifying: codes of the units that it names as responsible, and of the township where it lies: they report it.
        reported_by: id of the account that reported it rectified.
        reporting_unit: code of that account's unit; None stands for the filing unit.
        found_by_team: whether a team filed it: then the unit objects instead of withdrawing it.
        handed_to: code of the unit to which it was transferred and that may still refuse.
    """

    answering: Collection[str] = ()
    rectifying: Collection[str] = ()
    reported_by: str | None = None
    reporting_unit: str | None = None
    found_by_team: bool = False
    handed_to: str | None = None


NOBODY = Involved()


def may_write(
    account: Account,
    action: Action,
    unit_code: str,
    village_code: str | None = None,
    involved: Involved = NOBODY,
) -> bool:
    """Whether the account may write this record: the single check for forms, imports and the command line.

    Args:
        account: the actor.
        action: the requested action.
        unit_code: the unit that files the record.
        village_code: the record's village; someone bound to one village writes only that village's records.
        involved: who besides the filing unit has to do with the record.
    """
    if account.reads_assigned_units and action in {Action.FIND, Action.REOPEN}:
        # Reopening: with what was seen on the spot only (``inspection.spot_checks``), not on the move's own page.
        return not account.inspects.isdisjoint({unit_code, *involved.rectifying})
    if action in JUDGING:
        return account.id != involved.reported_by and _judges(account, unit_code, involved)
    if account.role not in roles(action):
        return False
    if account.role is Role.OFFICE:
        return True
    if action is Action.WITHDRAW and involved.found_by_team:
        return False
    rectifies = action in RECTIFYING and account.unit_code in involved.rectifying
    own = account.unit_code == (involved.handed_to if action is Action.TURN_BACK else unit_code) or rectifies
    return own and (
        account.village_code is None or (action not in OF_UNIT and account.village_code == village_code)
    )


def _judges(account: Account, unit_code: str, involved: Involved) -> bool:
    """Whether the account verifies a record: the office, or the departments that answer for it or whose unit filed it.

    Who rectifies does not verify: the unit that reported it is left out (谁整改谁不能销号).
    """
    if account.role is Role.OFFICE:
        return True
    reporting = involved.reporting_unit or unit_code
    judges = {unit_code, *involved.answering} - {reporting}
    return account.role is Role.DEPARTMENT and account.unit_code in judges
