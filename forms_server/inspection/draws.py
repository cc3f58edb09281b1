"""Draws: sealed by the hash of a seed, opened and drawn, repeated by anyone; the list that was drawn is never changed.

The seed itself is stored only when the draw is opened: until then it is on paper, so that nobody who can read the
database knows what will be drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from build_scripts.sampling.drawn_order import SHORTEST_SEED, seed_hash
from build_scripts.sampling.stratified_draw import Candidate, Drawn, DrawnKind, list_hash
from build_scripts.sampling.stratified_draw import draw as draw_from
from checklist.model import Mark
from checklist.model.inspection import PhasedWork
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.db.tables import draw, draw_replacement, draw_row
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.inspection.draw_candidates import candidates
from forms_server.inspection.teams import Refused
from forms_server.phase_rights import refusal_in_phase
from forms_server.records.record_rows import insert_once

LONGEST_SEED = 200
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Draw:
    """A draw; without ``drawn_at`` it is sealed only."""

    row: RowMapping
    drawn: Sequence[Drawn] = ()
    replaced: Mapping[str, RowMapping] = field(default_factory=dict)


def seal(desk: Desk, draw_id: str, seed: str) -> None:
    """Write down the hash of a seed. Idempotent.

    Raises:
        Refused: the seed is too short to stay secret.
    """
    _permit(desk)
    if not SHORTEST_SEED <= len(seed) <= LONGEST_SEED:
        raise Refused(f"种子要有 {SHORTEST_SEED} 到 {LONGEST_SEED} 个字符，太短的能被猜出来。")
    last = select(func.max(draw.c.number)).where(draw.c.campaign_id == desk.campaign.id)
    row = {
        "id": draw_id,
        "campaign_id": desk.campaign.id,
        "number": (desk.connection.execute(last).scalar() or 0) + 1,
        "seed_sha256": seed_hash(seed),
        "sealed_by": desk.account.id,
        "sealed_at": desk.now,
    }
    if insert_once(desk.connection, draw, row):
        write_down(desk, draw_id, "seal", {"number": row["number"], "seed": row["seed_sha256"]})


def open_and_draw(desk: Desk, draw_id: str, seed: str) -> None:
    """Draw with the seed that was sealed. Idempotent: the same seed again changes nothing.

    Raises:
        NotFound: no such draw.
        Refused: another seed than the sealed one, nothing to draw from, or supervision has not begun.
    """
    _permit(desk)
    if early := refusal_in_phase(desk.campaign, PhasedWork.DRAW, desk.now.date(), signs=False):
        raise Refused(f"{early}早抽的名单会漏出去，也抽不到后来登记的。")
    row = _row(desk, draw_id)
    if seed_hash(seed) != row["seed_sha256"]:
        raise Refused("这个种子和封存时的校验值对不上，请照封存单一字不差地输入，大小写也要一样。")
    if row["drawn_at"]:
        return
    assert desk.campaign.inspection
    plan = desk.campaign.inspection.draw
    drawn = draw_from(seed, plan, candidates(desk, plan))
    if not any(each.taken for each in drawn):
        raise Refused("没有可抽的：请先导入名册或者等各单位登记问题。")
    listed = list_hash(each.candidate for each in drawn)
    columns = {
        "seed": seed,
        "plan": plan.model_dump(mode="json"),
        "list_sha256": listed,
        "drawn_by": desk.account.id,
        "drawn_at": desk.now,
    }
    audit.note_unfit(desk.connection, desk.now, desk.account, draw.name, [draw_id])
    desk.connection.execute(update(draw).where(draw.c.id == draw_id).values(columns))
    rows = [_stored(draw_id, each) for each in drawn]
    for start in range(0, len(rows), _AT_ONCE):
        desk.connection.execute(insert(draw_row), rows[start : start + _AT_ONCE])
    write_down(desk, draw_id, "draw", {"list": listed, "rows": len(rows)})


def draws(desk: Desk) -> Sequence[RowMapping]:
    """All draws of the campaign, the last first."""
    query = select(draw).where(draw.c.campaign_id == desk.campaign.id).order_by(draw.c.number.desc())
    return desk.connection.execute(query).mappings().all()


def read(desk: Desk, draw_id: str) -> Draw:
    """A draw with its list.

    Raises:
        NotFound: no such draw.
    """
    row = _row(desk, draw_id)
    return Draw(row, drawn_of(desk.connection, draw_id), _replaced(desk.connection, draw_id))


def drawn_of(connection: Connection, draw_id: str) -> list[Drawn]:
    """The stored list of a draw."""
    query = select(draw_row).where(draw_row.c.draw_id == draw_id)
    query = query.order_by(draw_row.c.kind, draw_row.c.group_code, draw_row.c.stratum, draw_row.c.rank)
    return [_read_row(row) for row in connection.execute(query).mappings()]


def to_look_at(found: Draw) -> dict[tuple[DrawnKind, str], Drawn]:
    """What is looked at, by kind and id: what was drawn, with those who stand in for others, in drawn order."""
    gone = {(DrawnKind.HOUSEHOLD, each) for each in found.replaced}
    stand_in = {(DrawnKind.HOUSEHOLD, each["replacement_id"]) for each in found.replaced.values()}
    drawn = {(each.candidate.kind, each.candidate.id): each for each in found.drawn}
    return {key: each for key, each in drawn.items() if (each.taken or key in stand_in) and key not in gone}


def on_lists(desk: Desk) -> frozenset[str]:
    """Ids of all villages, households and issues that are to be looked at, by any draw."""
    drawn = (read(desk, row["id"]) for row in draws(desk) if row["drawn_at"])
    return frozenset(subject for each in drawn for _, subject in to_look_at(each))


def _row(desk: Desk, draw_id: str) -> RowMapping:
    query = select(draw).where(draw.c.id == draw_id, draw.c.campaign_id == desk.campaign.id)
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(draw_id)
    return row


def _replaced(connection: Connection, draw_id: str) -> dict[str, RowMapping]:
    query = select(draw_replacement).where(draw_replacement.c.draw_id == draw_id)
    return {row["subject_id"]: row for row in connection.execute(query).mappings()}


def _stored(draw_id: str, drawn: Drawn) -> dict[str, Any]:
    each = drawn.candidate
    return {
        "draw_id": draw_id,
        "kind": each.kind.value,
        "subject_id": each.id,
        "group_code": each.group,
        "stratum": each.stratum,
        "marks": ",".join(sorted(each.marks)),
        "rank": drawn.rank,
        "why": drawn.why,
    }


def _read_row(row: RowMapping) -> Drawn:
    marks = frozenset(Mark(each) for each in row["marks"].split(",") if each)
    kind = DrawnKind(row["kind"])
    candidate = Candidate(kind, row["subject_id"], row["group_code"], row["stratum"], marks)
    return Drawn(candidate, row["rank"], row["why"])


def _permit(desk: Desk) -> None:
    if not may_write(desk.account, Action.DRAW, ""):
        raise NotAllowed("抽样由办公室封存、开封。")


def write_down(desk: Desk, draw_id: str, action: str, change: Mapping[str, Any]) -> None:
    """Append the audit row of a change to a draw."""
    audit.record(desk.connection, desk.now, desk.account, draw.name, draw_id, action, change)
