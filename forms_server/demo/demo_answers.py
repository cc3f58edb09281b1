"""Invented answers for each type of field."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from checklist.date_formats import full_day, typed_day
from checklist.model import Campaign, Field, FieldType, Finding, Unit
from checklist.values.findings_source import SOURCE, becomes_findings
from checklist.values.type_families import FAMILIES
from checklist.values.value_types import ValueType

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
BY_ORDER = "甲乙丙丁戊己庚辛"


@dataclass(frozen=True)
class Scene:
    """Place, time and subject of a finding."""

    campaign: Campaign
    unit: Unit
    """Who files."""
    township: Unit
    """Where it was found: a township files what is within it."""
    day: date
    random: random.Random
    finding: Finding | None = None


def person(scene: Scene) -> str:
    """A name that is plainly invented: 张某甲."""
    return f"{scene.random.choice(SURNAMES)}某{scene.random.choice(BY_ORDER)}"


def answer(scene: Scene, field: Field) -> str:
    """Answer for a field: the finding's own text if it has one, else generated."""
    told = getattr(scene.finding, field.id, None)
    return told if isinstance(told, str) else ANSWERS[field.type](scene, field)


def _village(scene: Scene, field: Field) -> str:
    return scene.random.choice(scene.township.villages).code


def _text(scene: Scene, field: Field) -> str:
    return scene.unit.name if field.suggest == "responsible-units" else person(scene)


def _choice(scene: Scene, field: Field) -> str:
    """One of the choices, but not the source that only a team's findings have."""
    free = [
        each.id
        for each in field.choices
        if field.id != SOURCE or not becomes_findings(scene.campaign, None, each.id)
    ]
    return scene.random.choice(free)


def _integer(scene: Scene, field: Field) -> str:
    least = int(field.min_value) if field.min_value is not None else 0
    most = int(field.max_value) if field.max_value is not None else least + 5
    return str(scene.random.randint(least, min(most, least + 5)))


def _deadline(scene: Scene, field: Field) -> str:
    """Generate a deadline: mostly a date in an official spelling, sometimes one of the campaign's phrases."""
    day = scene.day + timedelta(days=scene.random.randint(1, 20))
    spellings = (
        typed_day(day),
        f"{day.year}.{day.month}.{day.day}",
        full_day(day),
    )
    return scene.random.choice((*spellings, *scene.campaign.reading.deadlines.immediate[:1]))


def _sampled(kind: ValueType) -> Callable[[Scene, Field], str]:
    return lambda scene, field: kind.sample(field, scene.random)


ANSWERS: Mapping[FieldType, Callable[[Scene, Field], str]] = {
    FieldType.SERIAL: lambda scene, field: "",
    FieldType.TOWNSHIP: lambda scene, field: scene.township.code,
    FieldType.VILLAGE: _village,
    FieldType.PROBLEM_TYPE: lambda scene, field: scene.random.choice(scene.campaign.problem_types).id,
    FieldType.CHOICE: _choice,
    FieldType.TEXT: _text,
    FieldType.PARAGRAPH: lambda scene, field: field.example or field.label,
    FieldType.INTEGER: _integer,
    FieldType.DATE: lambda scene, field: typed_day(scene.day),
    FieldType.DEADLINE: _deadline,
    FieldType.COMPUTED: lambda scene, field: "",
    **{kind: _sampled(each) for kind, each in FAMILIES.items()},
}
"""Type of field to what is typed into it."""
