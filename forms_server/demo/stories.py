"""The demonstration's stories: records with their filer, dates and outcome."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from checklist.model import Campaign, Finding, RecordForm, Unit
from forms_server.demo.demo_answers import Scene, answer
from forms_server.move import Move
from forms_server.state_moves import REPORT, SEND_BACK, VERIFY, WITHDRAW

SEED = 2022
FATES: tuple[tuple[tuple[Move, ...], int], ...] = (
    ((), 34),
    ((REPORT,), 30),
    ((REPORT, VERIFY), 22),
    ((REPORT, SEND_BACK), 8),
    ((WITHDRAW,), 6),
)
"""What became of an issue, and how many of a hundred went that way."""

IDLE_EVERY = 9
"""One in so many units has not started, so that the office's reminders have a target."""


@dataclass(frozen=True)
class Story:
    """One record of the demonstration."""

    unit: Unit
    form: RecordForm
    day: date
    raw: Mapping[str, str]
    """What was typed, by field id, for all stages."""
    item_id: str | None
    moves: tuple[Move, ...]


def stories(campaign: Campaign, today: date) -> Iterator[Story]:
    """A few hundred records of all the units that file, the same for the same campaign and day."""
    chance = random.Random(SEED)  # noqa: S311 - invented data, and the same each time
    for number, unit in enumerate(campaign.filing_units):
        if number % IDLE_EVERY != IDLE_EVERY - 1:
            for form in campaign.record_forms:
                for _ in range(_how_many(chance, unit, form)):
                    yield story_of(campaign, unit, form, today, chance)


def idle(campaign: Campaign, unit: Unit) -> bool:
    """Whether a unit has not started yet."""
    return campaign.filing_units.index(unit) % IDLE_EVERY == IDLE_EVERY - 1


def _how_many(chance: random.Random, unit: Unit, form: RecordForm) -> int:
    """Townships find most, in households; county units find what is wrong in general."""
    if form.kind == "household":
        return chance.randint(0, 2) if unit.villages else 0
    if form.subject == "household":
        return chance.randint(5, 14) if unit.villages else 0
    return chance.randint(1, 4)


def story_of(campaign: Campaign, unit: Unit, form: RecordForm, today: date, chance: random.Random) -> Story:
    """One record of a unit, found before that day."""
    start = campaign.notice.phases[0].start
    day = start + timedelta(days=chance.randint(0, max(0, (today - start).days - 1)))
    township = unit if unit.villages else chance.choice(campaign.units.townships)
    scene = Scene(campaign, unit, township, day, chance, _finding(campaign, form, chance))
    raw: dict[str, str] = {}
    for field in form.fields:
        if not field.when or raw.get(field.when.field) in field.when.among:
            raw[field.id] = answer(scene, field)
    fate = chance.choices([moves for moves, _ in FATES], [weight for _, weight in FATES])[0]
    item_id = scene.finding.item if scene.finding else None
    return Story(unit, form, day, raw, item_id, fate if form.kind == "issue" else ())


def _finding(campaign: Campaign, form: RecordForm, chance: random.Random) -> Finding | None:
    findings = [finding for finding in campaign.demo.findings if finding.form == form.id]
    return chance.choice(findings) if findings else None
