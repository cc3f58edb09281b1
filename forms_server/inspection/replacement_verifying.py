"""Repeats the replacements of a draw in the order of the audit: each the next in drawn order, with a reason."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from build_scripts.sampling.stratified_draw import Drawn, DrawnKind, replacements
from checklist.model import DrawPlan
from forms_server.db import tables


def replacement_faults(
    connection: Connection, row: RowMapping, plan: DrawPlan, drawn: Sequence[Drawn]
) -> Iterator[str]:
    """Yield a sentence for each replacement that is not the next one, has no reason or differs from the audit.

    Args:
        connection: reads.
        row: the draw.
        plan: its plan.
        drawn: the draw as it is repeated.
    """
    query = select(tables.draw_replacement).where(tables.draw_replacement.c.draw_id == row["id"])
    stored = {each["subject_id"]: each for each in connection.execute(query).mappings()}
    audited = _audited(connection, row["id"])
    households = {each.candidate.id: each for each in drawn if each.candidate.kind is DrawnKind.HOUSEHOLD}
    strata = [each.id for each in plan.households.strata]
    looks = {each_id for each_id, each in households.items() if each.taken}
    used: set[str] = set()
    for gone, stands_in in _in_order(stored, audited):
        yield from _against_audit(gone, stored.get(gone), audited.get(gone))
        if gone not in looks:
            yield f"户 {gone}：没有抽中，也没有递补过谁，却换成了 {stands_in}"
            continue
        left = replacements(drawn, strata, used, households[gone])
        right = left[0].candidate.id if left else None
        if stands_in != right:
            yield f"户 {gone}：依次应当由 {right or '（没有可以递补的）'} 递补，存的是 {stands_in}"
        used.add(stands_in)
        looks = (looks - {gone}) | {stands_in}


def _audited(connection: Connection, draw_id: str) -> Mapping[str, str]:
    """Who stands in for whom, as the audit has it, in its order."""
    audit = tables.audit.c
    query = select(audit.change).where(
        audit.subject == tables.draw.name, audit.subject_id == draw_id, audit.action == "replace"
    )
    changes = connection.execute(query.order_by(audit.id)).scalars()
    return {str(each["household"]): str(each["by"]) for each in changes}


def _in_order(stored: Mapping[str, RowMapping], audited: Collection[str]) -> Iterator[tuple[str, str]]:
    """The stored replacements as they were made; those that the audit does not know come last."""
    unknown = sorted(stored.keys() - set(audited), key=lambda gone: (stored[gone]["replaced_at"], gone))
    for gone in [*(each for each in audited if each in stored), *unknown]:
        yield gone, str(stored[gone]["replacement_id"])


def _against_audit(gone: str, stored: Any, by: str | None) -> Iterator[str]:
    if by is None:
        yield f"户 {gone}：审计记录里没有这次换户"
    elif by != stored["replacement_id"]:
        yield f"户 {gone}：审计记录里换成的是 {by}，存的是 {stored['replacement_id']}"
    if not stored["reason"].strip():
        yield f"户 {gone}：换成 {stored['replacement_id']}，没有写理由"


def lost_replacements(connection: Connection, draw_id: str) -> Iterator[str]:
    """Yield a sentence for each replacement of the audit that is stored no more."""
    query = select(tables.draw_replacement.c.subject_id).where(tables.draw_replacement.c.draw_id == draw_id)
    known = set(connection.execute(query).scalars())
    for gone, by in _audited(connection, draw_id).items():
        if gone not in known:
            yield f"户 {gone}：审计记录里换成了 {by}，递补的记录不见了"
