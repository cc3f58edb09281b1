"""How many of the list each drawn village, household and issue stands for: the inverse of its chance to be looked at.

Within a village and stratum, or a unit, those that were drawn by lot and looked at stand for all that could be drawn;
those with marks that make them likelier are a cell of their own. What is in by a mark stands for itself.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Row, select

from build_scripts.sampling.stratified_draw import BY_LOT, DrawnKind
from checklist.model import DrawPlan
from forms_server.db.tables import draw, draw_replacement, draw_row
from forms_server.desk import Desk

Weights = Mapping[tuple[DrawnKind, str], float]


def weights(desk: Desk, looked_at: AbstractSet[str]) -> Weights:
    """Weights of what was looked at, by kind and id; what is on no list has none, and counts as one.

    Args:
        desk: whose campaign's draws they are.
        looked_at: ids of the households and issues that were looked at as drawn, and finished; others of their cells
            were not.
    """
    found: dict[tuple[DrawnKind, str], float] = {}
    query = select(draw.c.id, draw.c.plan).where(
        draw.c.campaign_id == desk.campaign.id, draw.c.drawn_at.is_not(None)
    )
    for draw_id, plan in desk.connection.execute(query.order_by(draw.c.number)).all():
        rows = desk.connection.execute(select(draw_row).where(draw_row.c.draw_id == draw_id)).all()
        instead = select(draw_replacement.c.replacement_id).where(draw_replacement.c.draw_id == draw_id)
        in_for_another = frozenset(desk.connection.scalars(instead))
        # What another draw named, or somebody chose, is not what this draw's chances are about.
        seen = {row.subject_id for row in rows if row.why or row.subject_id in in_for_another} & looked_at
        of_draw = _of_draw(rows, DrawPlan.model_validate(plan), seen)
        for key, weight in of_draw.items():
            if key[1] not in seen:
                continue
            found.setdefault(key, weight)  # what several draws name is looked at once
    return found


def _of_draw(rows: Collection[Row[Any]], plan: DrawPlan, looked_at: Collection[str]) -> Weights:
    likelier = {
        DrawnKind.VILLAGE: {each.mark.value for each in plan.villages.weights},
        DrawnKind.HOUSEHOLD: {each.mark.value for each in plan.households.weights},
        DrawnKind.ISSUE: {each.mark.value for each in plan.issues.weights},
    }
    cells: dict[str, tuple[object, ...]] = {}
    listed: Counter[tuple[object, ...]] = Counter()
    seen: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        kind = DrawnKind(row.kind)
        if row.why not in {"", BY_LOT}:
            continue
        marked = frozenset(row.marks.split(",")) & likelier[kind]
        cell = cells[row.subject_id] = (kind, row.group_code, row.stratum, marked)
        listed[cell] += 1
        seen[cell] += row.why == BY_LOT if kind is DrawnKind.VILLAGE else row.subject_id in looked_at
    alone = {
        (DrawnKind(row.kind), row.subject_id): listed[cells[row.subject_id]] / seen[cells[row.subject_id]]
        if row.subject_id in cells and seen[cells[row.subject_id]]
        else 1.0
        for row in rows
    }
    village_of = {row.subject_id: row.group_code for row in rows if row.kind == DrawnKind.HOUSEHOLD.value}
    return {
        (kind, subject): weight * alone.get((DrawnKind.VILLAGE, village_of.get(subject, "")), 1.0)
        for (kind, subject), weight in alone.items()
    }
