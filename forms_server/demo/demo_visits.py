"""The demonstration's roster and visits: invented households, some of them visited, some with problems."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from build_scripts.intake.roster_columns import roster_form
from build_scripts.intake.roster_plan import FIELDS as ROSTER_FIELDS
from checklist.model import Area, Campaign, Item, RecordForm, Unit
from checklist.values.judge import Context, check_record
from checklist.values.judge_results import Value
from checklist.visit_forms import asked_of_each, asked_once, problem_types_of, visit_forms
from forms_server import audit
from forms_server.db.tables import household
from forms_server.demo.demo_answers import BY_ORDER, SURNAMES, Scene, answer
from forms_server.demo.invented_ids import invented_id
from forms_server.demo.stories import idle
from forms_server.desk import Desk
from forms_server.visits import household_search, visit_store
from forms_server.visits.visit import Answer, Start, SubmittedAnswer, Visit

VILLAGES, HOUSEHOLDS = 3, 12
"""Villages of each township with a roster, and households in each."""

VISITED, FINISHED, WRONG = 0.5, 0.7, 0.3
"""How many households were visited, how many of these to the end, and how many with a problem."""


def add_roster(connection: Connection, campaign: Campaign, at: datetime, chance: random.Random) -> None:
    """Put invented households of every township on the roster; none where the campaign's forms name none."""
    form = roster_form(campaign)
    if form is None:
        return
    rows = [
        _household(campaign, form, unit, village.code, at, chance)
        for unit in campaign.units.townships
        for village in unit.villages[:VILLAGES]
        for _ in range(HOUSEHOLDS)
    ]
    connection.execute(insert(household), rows)
    audit.record_many(
        connection, at, None, (audit.AuditEntry(household.name, str(row["id"]), "list") for row in rows)
    )


def visit_households(desk: Desk, unit: Unit, chance: random.Random) -> None:
    """A unit's visits in the days before: some finished, some not, some with a problem."""
    forms = [form for form in visit_forms(desk.campaign) if form.subject == "household"]
    if not forms or idle(desk.campaign, unit) or not unit.villages or roster_form(desk.campaign) is None:
        return
    found, _ = household_search.search(desk, forms[0], household_search.Sought())
    for each in found:
        if chance.random() < VISITED:
            day = desk.now - timedelta(days=chance.randint(1, 8))
            _visit(
                Desk(desk.connection, desk.campaign, desk.account, day), forms[0], each.household.id, chance
            )


def _visit(desk: Desk, form: RecordForm, household_id: str, chance: random.Random) -> None:
    values: dict[str, Value] = {**_known(desk, form, chance)}
    if _asks(form, "found_by"):
        values["found_by"] = desk.account.display_name
    begun = visit_store.begin(desk, Start(invented_id(chance, "visit"), form, values, household_id))
    told = dict.fromkeys((item.id for item in begun.items), SubmittedAnswer(Answer.FINE))
    _, last = begun.groups[-1]
    told |= dict.fromkeys((item.id for item in last), SubmittedAnswer(Answer.FINE, filled=True))
    telling = [pair for pair in _pairs(begun) if pair[1].examples]
    if chance.random() < WRONG and telling:
        area, item = chance.choice(telling)
        told[item.id] = _problem(desk, begun, area, item, chance)
    finish = chance.random() < FINISHED
    if not finish:
        told = dict(list(told.items())[: len(told) // 2])
    visit_store.save(desk, begun, begun.version, told, finish=finish)


def _known(desk: Desk, form: RecordForm, chance: random.Random) -> Mapping[str, Value]:
    """Values of a visit's own fields, without those from the roster and the visitor's name."""
    told = (*ROSTER_FIELDS, "township", "found_by")
    asked = tuple(field for field in asked_once(form).fields if field.id not in told)
    unit = desk.campaign.unit_by_code[desk.account.unit_code]
    scene = Scene(desk.campaign, unit, unit, desk.now.date(), chance)
    raw: dict[str, str] = {}
    for field in asked:
        if not field.when or raw.get(field.when.field) in field.when.among:
            raw[field.id] = answer(scene, field)
    context = Context(desk.campaign, unit, desk.now.date())
    values = check_record(form.model_copy(update={"fields": asked}), raw, context).values
    return {key: value for key, value in values.items() if value is not None}


def _pairs(visit: Visit) -> list[tuple[Area, Item]]:
    return [(area, item) for area, items in visit.groups for item in items]


def _problem(desk: Desk, visit: Visit, area: Area, item: Item, chance: random.Random) -> SubmittedAnswer:
    """Answers for a problem: the example's text, the rest generated."""
    unit = desk.campaign.unit_by_code[visit.unit_code]
    scene = Scene(desk.campaign, unit, unit, desk.now.date(), chance)
    example, form = item.examples[0], asked_of_each(visit.form)
    raw = {field.id: answer(scene, field) for field in form.fields}
    raw |= {"content": example.content, "measures": example.measures}
    raw["problem_type"] = problem_types_of(area, item)[0].id
    checked = check_record(form, raw, Context(desk.campaign, unit, desk.now.date()))
    return SubmittedAnswer(Answer.PROBLEM, checked.values)


def _household(
    campaign: Campaign, form: RecordForm, unit: Unit, village: str, at: datetime, chance: random.Random
) -> dict[str, object]:
    types = [choice.id for field in form.fields if field.id == "household_type" for choice in field.choices]
    household_id, name = (
        invented_id(chance, household.name),
        f"{chance.choice(SURNAMES)}某{chance.choice(BY_ORDER)}",
    )
    household_type, people = chance.choice(types) if types else None, chance.randint(1, 6)
    return {
        "id": household_id,
        "campaign_id": campaign.id,
        "township_code": unit.code,
        "village_code": village,
        "householder": name,
        "household_type": household_type,
        "people": people if form.has("people") else None,
        "active": True,
        "created_at": at,
        "changed_at": at,
    }


def _asks(form: RecordForm, field_id: str) -> bool:
    return any(field.id == field_id for field in asked_once(form).fields)
