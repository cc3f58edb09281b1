"""Who stands in for a drawn household that cannot be looked at: the next in drawn order, with a reason."""

from sqlalchemy import insert

from build_scripts.sampling.stratified_draw import Drawn, DrawnKind, replacements
from checklist.model import DrawPlan
from forms_server.db.tables import draw_replacement
from forms_server.desk import Desk, NotFound
from forms_server.inspection.draws import read, to_look_at, write_down
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.resent_content import Compared, require_same
from forms_server.inspection.spot_list import looked_at
from forms_server.inspection.spot_visits import clean_words
from forms_server.inspection.teams import Refused
from forms_server.scope import sees_all


def replace_household(desk: Desk, draw_id: str, household_id: str, reason: str) -> str:
    """Let the next household in drawn order stand in for one that cannot be looked at. Idempotent.

    Returns:
        The id of the household that stands in.

    Raises:
        NotFound: it is not in the draw.
        Refused: no reason, one with a personal number, nobody is left, or it was looked at; ``SavedOtherwise`` where
            it was replaced for another reason.
    """
    why = clean_words("理由", reason)
    if not why:
        raise Refused("请写明为什么换户，如：全户外出务工，村干部联系不上。")
    found = read(desk, draw_id)
    if (stored := found.replaced.get(household_id)) is not None:
        require_same("这一户已经换过", [Compared("换户的理由", stored["reason"], why)])
        return str(stored["replacement_id"])
    gone = to_look_at(found).get((DrawnKind.HOUSEHOLD, household_id))
    if gone is None or not _looks(desk, gone):
        raise NotFound(household_id)
    if household_id in looked_at(desk):
        raise Refused("这一户已经看过，表已经保存，不能再换户。")
    strata = [each.id for each in DrawPlan.model_validate(found.row["plan"]).households.strata]
    used = {each["replacement_id"] for each in found.replaced.values()}
    left = replacements(found.drawn, strata, used, gone)
    if not left:
        raise Refused("这个村没有可以递补的户了。")
    stands_in = left[0].candidate.id
    row = {
        "draw_id": draw_id,
        "subject_id": household_id,
        "replacement_id": stands_in,
        "reason": why,
        "replaced_by": desk.account.id,
        "replaced_at": desk.now,
    }
    desk.connection.execute(insert(draw_replacement).values(row))
    write_down(desk, draw_id, "replace", {"household": household_id, "by": stands_in})
    return stands_in


def _looks(desk: Desk, drawn: Drawn) -> bool:
    """Whether the account's team looks at it now."""
    township = desk.campaign.township_of_village[drawn.candidate.group].code
    return sees_all(desk.account) or township in begun_units(desk)
