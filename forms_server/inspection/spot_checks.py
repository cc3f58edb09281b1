"""An issue that was reported rectified, looked at on the spot: what is not so goes back, as a finding."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import RowMapping, select

from forms_server import audit
from forms_server.db.tables import spot_check
from forms_server.desk import Desk, NotFound
from forms_server.finding_states import Way
from forms_server.inspection.findings import write_finding
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.resent_content import Compared, require_same
from forms_server.inspection.spot_list import spot_units
from forms_server.inspection.spot_visits import begun, clean_words, permit_finding
from forms_server.inspection.teams import Refused
from forms_server.inspection.verdicts import OVERTURNED, VERDICT_NAMES, Verdict
from forms_server.move_fields import REOPENING
from forms_server.records.finding_claims import standing_findings
from forms_server.records.move_making import make_move
from forms_server.records.record import Record
from forms_server.records.record_rows import insert_once
from forms_server.state_moves import REOPEN


@dataclass(frozen=True)
class SpotCheck:
    """A verdict with what was seen."""

    verdict: Verdict
    words: str
    begun_at: datetime


def unit_on_the_spot(desk: Desk, record: Record) -> str:
    """Code of the unit in which the issue is looked at: where it lies, or the one that counts it."""
    units = begun_units(desk)
    return next(
        (code for code in (record.unit_code, record.township_code) if code in units), record.unit_code
    )


def check(desk: Desk, check_id: str, record: Record, checked: SpotCheck) -> None:
    """Write down a verdict; what is not rectified is reopened and becomes a finding. Idempotent.

    Raises:
        NotAllowed: the account's team does not go there.
        NotFound: the id is of another check.
        Refused: the issue was not reported rectified, the account found it itself, or words are missing;
            ``SavedOtherwise`` where the id holds another verdict.
    """
    permit_finding(desk, unit_on_the_spot(desk, record))
    words = clean_words("看到的情况", checked.words)
    if (stored := _stored(desk, check_id, record)) is not None:
        kept = Verdict(stored["verdict"])
        require_same(
            "这一页的核实结果已经存过，填的和这次不一样：要改的，重新打开这一条再核实一次",
            [
                Compared("核实结果", VERDICT_NAMES[kept], VERDICT_NAMES[checked.verdict]),
                Compared("看到的情况", stored["words"] or "", words),
            ],
        )
        return
    _require(desk, record, checked.verdict, words)
    listed = {each.id: each.draw_id for unit in spot_units(desk) for each in unit.issues}
    row = {
        "id": check_id,
        "campaign_id": desk.campaign.id,
        "draw_id": listed.get(record.id),
        "issue_id": record.id,
        "unit_code": record.unit_code,
        "verdict": checked.verdict.value,
        "words": words or None,
        "begun_at": begun(desk, checked.begun_at),
        "created_by": desk.account.id,
        "created_at": desk.now,
    }
    if not insert_once(desk.connection, spot_check, row):
        return
    change = {"issue": record.id, "verdict": checked.verdict.value}
    audit.record(desk.connection, desk.now, desk.account, spot_check.name, check_id, "create", change)
    if checked.verdict in OVERTURNED:
        make_move(desk, REOPEN, record, record.version, {REOPENING.id: words})
        more = {"id": str(uuid5(UUID(check_id), "finding")), "check_id": check_id}
        write_finding(desk, record, None, Way.CHECK, words, **more, state_before=record.state.value)


def _stored(desk: Desk, check_id: str, record: Record) -> RowMapping | None:
    query = select(spot_check).where(spot_check.c.id == check_id)
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is not None and (row["issue_id"], row["created_by"]) != (record.id, desk.account.id):
        raise NotFound(check_id)
    return row


def _require(desk: Desk, record: Record, verdict: Verdict, words: str) -> None:
    if record.state not in REOPEN.sources:
        raise Refused("这一条还没有报告已整改，或者已经撤销，没有可核实的。")
    of_issue = standing_findings(desk.connection, [record.id]).get(record.id, ())
    own = next((each.number for each in of_issue if each.found_by == desk.account.id), None)
    if own is not None:
        raise Refused(f"督导第 {own} 号是您自己看出来的，整改结果请别的人去核实。")
    if not words and verdict is not Verdict.CONFIRMED:
        raise Refused(f"选了“{VERDICT_NAMES[verdict]}”，请写清看到的情况。")
