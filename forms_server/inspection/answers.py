"""What a unit answers to a finding (claim, or object once), and what the office decides."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, update

from checklist.model import RecordForm, Stage
from checklist.values.display import display
from checklist.values.responsible_units import unit_reader
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.tables import inspection_finding
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import State
from forms_server.finding_states import UNANSWERED, FindingState, Way
from forms_server.inspection.findings import plan_of
from forms_server.inspection.resent_content import Compared, require_same
from forms_server.inspection.spot_visits import clean_words
from forms_server.inspection.teams import Refused
from forms_server.records import record_rows
from forms_server.records.finding_claims import standing_findings
from forms_server.records.issue_units import UNITS_TEXT
from forms_server.records.joined_findings import origin_of
from forms_server.records.record import Record, changed_fields
from forms_server.records.record_store import edit
from forms_server.records.transfers import settle
from forms_server.records.waiting_steps import end_waiting


def claim_form(desk: Desk, form: RecordForm) -> RecordForm:
    """The form with the fields that a unit fills in when it claims."""
    claimed = plan_of(desk).claimed
    return form.model_copy(update={"fields": tuple(field for field in form.fields if field.id in claimed)})


def claim(desk: Desk, row: RowMapping, record: Record, values: Mapping[str, Any], base_version: int) -> None:
    """Claim a finding with measures, person and deadline. Idempotent.

    Args:
        desk: the unit's account.
        row: the finding.
        record: its issue.
        values: of the fields of ``claim_form``.
        base_version: the issue's version that the person saw.

    Raises:
        NotAllowed: the account does not write for the unit.
        Refused: it was answered already; ``SavedOtherwise`` where it was claimed with other values.
        DeadlineFixed: the issue has another deadline, which is extended, not claimed anew.
        EditConflict: the issue was changed since.
    """
    _permit_answer(desk, row, record)
    if row["state"] == FindingState.CLAIMED:
        _require_same_claim(desk, record, values)
        return
    _require_open(row)
    found = {
        key: value for key, value in record.values.items() if record.form.field(key).stage is Stage.FOUND
    }
    _require_own_name(desk, row, values)
    claimed = edit(
        desk,
        record,
        base_version,
        {**found, **values},
        different=True,
        household_id=record.household_id,
        for_unit=row["answers_code"],
    )
    if claimed.handed_to:  # who claims what was transferred no longer refuses it
        kept = settle(desk.connection, desk.now, desk.account, claimed)
        record_rows.change(desk, claimed, claimed.version, kept, "claim", {})
    _change(
        desk,
        row,
        "claim",
        {"state": FindingState.CLAIMED.value, "claimed_by": desk.account.id, "claimed_at": desk.now},
    )


def _require_same_claim(desk: Desk, record: Record, values: Mapping[str, Any]) -> None:
    sent = {**record.values, **values}
    different = [record.form.field(key) for key in changed_fields(record.form, record.values, sent)]
    require_same(
        "这一条已经认领，填的和这次不一样：要改的，在台账的这一条里修改",
        [
            Compared(
                field.label,
                display(field, record.values.get(field.id), desk.campaign),
                display(field, sent.get(field.id), desk.campaign),
            )
            for field in different
        ],
    )


def object_to(desk: Desk, row: RowMapping, record: Record, words: str) -> None:
    """Object to a finding, once, with evidence. Idempotent.

    Raises:
        NotAllowed: the account does not write for the unit.
        Refused: it was answered already, or there are no words.
    """
    _permit_answer(desk, row, record)
    clean = clean_words("异议", words)
    if row["state"] == FindingState.OBJECTED and row["objection"] == clean:
        return
    _require_open(row)
    if row["objected_at"]:
        raise Refused("已经提过一次异议，办公室核定过了，不能再提。请认领整改。")
    if not clean:
        raise Refused("请写明异议的理由和凭据。")
    values = {
        "state": FindingState.OBJECTED.value,
        "objection": clean,
        "objected_by": desk.account.id,
        "objected_at": desk.now,
    }
    _change(desk, row, "object", values)


def decide(desk: Desk, row: RowMapping, record: Record, words: str, *, upheld: bool) -> None:
    """Decide on an objection: the finding stands, or is cancelled and its issue is as it was before. Idempotent.

    Raises:
        NotAllowed: the account is not the office's.
        Refused: nothing is to be decided, or there are no words.
    """
    if not may_write(desk.account, Action.DECIDE, ""):
        raise NotAllowed("异议由办公室核定。")
    clean = clean_words("核定意见", words)
    state = FindingState.UPHELD if upheld else FindingState.CANCELLED
    if row["state"] == state and row["decision"] == clean:
        return
    if row["state"] != FindingState.OBJECTED:
        raise Refused("这一条没有等着核定的异议。")
    if not clean:
        raise Refused("请写明核定意见。")
    if not upheld:
        _take_back(desk, row, record, clean)
    values: dict[str, Any] = {
        "state": state.value,
        "decision": clean,
        "decided_by": desk.account.id,
        "decided_at": desk.now,
    }
    if upheld:
        values["claim_due"] = desk.now.date() + timedelta(days=plan_of(desk).days_after_decision)
    _change(desk, row, "uphold" if upheld else "cancel", values)


def may_answer(desk: Desk, row: RowMapping, record: Record) -> bool:
    """Whether the account answers for the unit that is responsible now."""
    return may_write(desk.account, Action.EDIT, row["answers_code"], record.village_code)


def _take_back(desk: Desk, row: RowMapping, record: Record, words: str) -> None:
    """Leave the issue as if it had not been found: withdrawn if the team filed it, else in its state before.

    While another finding says that it is not rectified, it stays as it is; one that the unit claimed before this one
    was dealt with when the issue was reported. An issue with which the finding's was joined stays, too: its unit had
    it before.
    """
    if origin_of(desk, row) != record.id:
        return
    of_issue = standing_findings(desk.connection, [record.id]).get(record.id, ())
    others = [each for each in of_issue if each.id != row["id"]]
    reopened = bool(row["state_before"])
    if any(not (reopened and each.is_claimed and each.number < row["number"]) for each in others):
        return
    if row["way"] == Way.MISSED or (record.finding_number and not reopened):
        target = State.WITHDRAWN  # no unit had it, and no team stands by it
    elif row["state_before"] and record.state is State.RECTIFYING:
        target = State(row["state_before"])
    else:
        return
    rebounds = {"rebounds": max(record.rebounds - 1, 0)} if row["state_before"] else {}
    columns = {"state": target.value, "state_reason": words, **rebounds}
    columns |= end_waiting(desk.connection, desk.now, desk.account, record)
    states = {"from": record.state.value, "to": target.value, "finding": row["id"]}
    record_rows.change(desk, record, record.version, columns, "cancel_finding", states)


def _permit_answer(desk: Desk, row: RowMapping, record: Record) -> None:
    if not may_answer(desk, row, record):
        unit = desk.campaign.unit_by_code.get(row["answers_code"])
        name = unit.name if unit else "问题所在的单位"
        raise NotAllowed(f"这一条督导反馈由{name}认领或者提出异议。")


def _require_own_name(desk: Desk, row: RowMapping, values: Mapping[str, Any]) -> None:
    """Raise Refused where a unit to which the issue was transferred would claim it and name another one."""
    code = row["answers_code"]
    if code == row["unit_code"] or UNITS_TEXT not in values:
        return
    if unit_reader(desk.campaign).read(values[UNITS_TEXT]).lead != code:
        name = desk.campaign.unit_by_code[code].name
        raise Refused(f"这一条转给了{name}：认领时责任单位先写{name}；不归{name}管的，请写明理由退回。")


def _require_open(row: RowMapping) -> None:
    if row["state"] not in UNANSWERED:
        raise Refused("这一条已经答复过了，请看现在的情况。")


def _change(desk: Desk, row: RowMapping, action: str, values: Mapping[str, Any]) -> None:
    table = inspection_finding
    audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [row["id"]])
    unchanged = table.c.id == row["id"], table.c.state == row["state"]
    if desk.connection.execute(update(table).where(*unchanged).values(values)).rowcount != 1:
        raise Refused("这一条刚才有人处理过了，请看现在的情况。")
    change = {"from": row["state"], "to": values.get("state", row["state"])}
    audit.record(desk.connection, desk.now, desk.account, table.name, row["id"], action, change)
