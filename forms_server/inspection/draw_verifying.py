"""Repeats a stored draw from its seed and its list, with its replacements, and names every row that differs."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from build_scripts.sampling.drawn_order import seed_hash
from build_scripts.sampling.stratified_draw import Drawn, DrawnKind, draw, list_hash
from checklist.model import DrawPlan
from forms_server.db import tables
from forms_server.inspection.draws import drawn_of
from forms_server.inspection.replacement_verifying import lost_replacements, replacement_faults

KIND_NAMES: Mapping[DrawnKind, str] = {
    DrawnKind.VILLAGE: "村",
    DrawnKind.HOUSEHOLD: "户",
    DrawnKind.ISSUE: "问题",
}


def faults(connection: Connection, row: RowMapping) -> Iterator[str]:
    """Repeat a draw from seed and list; yield a sentence for everything that differs from what is stored."""
    if row["seed"] is None:
        return
    if seed_hash(row["seed"]) != row["seed_sha256"]:
        yield "种子和封存时公布的校验值对不上"
    stored = drawn_of(connection, row["id"])
    listed = list_hash(each.candidate for each in stored)
    written = _audited_list(connection, row["id"])
    if listed != row["list_sha256"] or written != {"list": listed, "rows": len(stored)}:
        yield "抽样名单和抽签时的不一样：有增、减或改动"
    plan = DrawPlan.model_validate(row["plan"])
    again = draw(row["seed"], plan, [each.candidate for each in stored])
    expected = {(each.candidate.kind, each.candidate.id): each for each in again}
    for each in stored:
        right = expected.get((each.candidate.kind, each.candidate.id))
        if right != each:
            yield _difference(each, right)
    yield from replacement_faults(connection, row, plan, again)
    yield from lost_replacements(connection, row["id"])


def _difference(stored: Drawn, right: Drawn | None) -> str:
    where = f"{KIND_NAMES[stored.candidate.kind]} {stored.candidate.id}（{stored.candidate.group}）"
    if right is None:
        return f"{where}：不在抽中的村里，却在名单上"
    if stored.taken != right.taken:
        return f"{where}：应当{'抽中' if right.taken else '不中'}，存的是{'抽中' if stored.taken else '不中'}"
    return f"{where}：应当排第 {right.rank}（{right.why or '候补'}），存的是第 {stored.rank}（{stored.why or '候补'}）"


def _audited_list(connection: Connection, draw_id: str) -> Any:
    query = select(tables.audit.c.change).where(
        tables.audit.c.subject == tables.draw.name,
        tables.audit.c.subject_id == draw_id,
        tables.audit.c.action == "draw",
    )
    return connection.execute(query).scalar()
