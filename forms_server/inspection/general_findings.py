"""What a team finds about no household: in a village's, a township's or a county unit's own work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checklist.model import Campaign, RecordForm, Unit
from forms_server.access import Action
from forms_server.desk import Desk, NotFound
from forms_server.inspection.findings import file_into_ledger, finder_words, plan_of
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.spot_visits import permit_finding
from forms_server.records.record import Filing

_ASKED = ("level", "village", "problem_type", "content")
"""What the team fills in; the rest is known, or the unit's."""


@dataclass(frozen=True)
class GeneralFinding:
    """A problem of a unit's work, as it was judged."""

    id: str
    values: Mapping[str, Any] = field(repr=False)
    same_as: str | None = None
    different: bool = False


def general_forms(campaign: Campaign) -> Sequence[RecordForm]:
    """The form of general issues, if the campaign has one."""
    return [each for each in campaign.record_forms if _is_general(each)][:1]


def general_form(campaign: Campaign, unit: Unit) -> RecordForm:
    """The form of general issues with what a team fills in about a unit.

    Raises:
        NotFound: the campaign has no such form.
    """
    form = next(iter(general_forms(campaign)), None)
    if form is None:
        raise NotFound(campaign.id)
    fields = tuple(each for each in form.fields if each.id in _ASKED)
    of_place = {
        each.id: frozenset(each.when.among)
        for each in form.fields
        if each.when and each.when.field == "level"
    }
    placed = of_place.get("township", frozenset()) | of_place.get("village", frozenset())
    in_township = bool(unit.villages)
    levels = tuple(
        each.model_copy(
            update={"choices": tuple(one for one in each.choices if (one.id in placed) is in_township)}
        )
        if each.id == "level"
        else each
        for each in fields
        if each.id != "village" or in_township
    )
    return form.model_copy(update={"fields": levels})


def unit_on_the_spot(desk: Desk, unit_code: str) -> Unit:
    """A unit to which the account's team has been sent.

    Raises:
        NotFound: none, or before the team's first day.
    """
    if unit_code not in begun_units(desk):
        raise NotFound(unit_code)
    return desk.campaign.unit_by_code[unit_code]


def file_general(desk: Desk, unit: Unit, found: GeneralFinding) -> str:
    """File what a team found in a unit's work; return the finding's id. Idempotent.

    Raises:
        NotAllowed: the account belongs to no team of the unit.
        PossiblySame: the ledger may hold it already, and the form does not say.
    """
    permit_finding(desk, unit.code)
    whole = next(each for each in desk.campaign.record_forms if _is_general(each))
    known = {each.id for each in whole.fields}
    values = {
        **found.values,
        "township": unit.code if unit.villages else None,
        "source": plan_of(desk).source,
        "found_by": finder_words(desk),
    }
    filing = Filing(
        found.id,
        whole,
        unit.code,
        {key: value for key, value in values.items() if key in known and value is not None},
        None,
        found.different,
        found.same_as,
        way="form",
        action=Action.FIND,
    )
    return file_into_ledger(desk, filing, str(found.values["content"]))


def _is_general(form: RecordForm) -> bool:
    return form.kind == "issue" and form.subject == "general"
