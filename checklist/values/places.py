"""Readers of values that refer to the campaign: township, village, problem type, choice."""

from collections.abc import Iterable, Mapping, Sequence

from checklist.model import Field
from checklist.read_result import Read, Refusal
from checklist.text_normalisation import compact
from checklist.values.judge_context import Context


def read_township(field: Field, text: str, context: Context) -> Read[str] | Refusal:
    """Return a township's code, from its code or any of its names; a township may only name itself."""
    names = {unit.code: unit.name for unit in context.campaign.units.townships}
    code = compact(text)
    if context.township and code in context.campaign.reading.names.own:
        return Read(context.township.code)
    found = (code,) if code in names else context.names.township(text)
    if not found:
        near = context.names.near_township(text)
        return _unknown("township", [names[code] for code in near], choices=list(names.values())[:3])
    if len(found) > 1:
        return Refusal("ambiguous", {"choices": [names[code] for code in found]})
    if context.township and found[0] != context.township.code:
        return _of_other_unit("township-of-other-unit", [names[found[0]]], context)
    return Read(found[0])


def read_village(field: Field, text: str, context: Context) -> Read[str] | Refusal:
    """Return a village's code, from its code or any of its names; a township may only name its own villages."""
    townships = context.campaign.township_of_village
    code = compact(text)
    if code in townships:
        found: tuple[str, ...] = (code,)
    else:
        found = context.names.village(text, context.township) or context.names.village(text)
    if not found:
        near = context.names.near_village(text, context.township)
        return _unknown("village", [_full_name(code, context) for code in near])
    others = [townships[code].name for code in found]
    if context.township and context.township.name not in others:
        return _of_other_unit("village-of-other-unit", others, context)
    if len(found) > 1:
        code = "ambiguous" if context.township else "ambiguous-village"
        return Refusal(code, {"choices": [_full_name(code, context) for code in found]})
    return Read(found[0])


def read_problem_type(field: Field, text: str, context: Context) -> Read[str] | Refusal:
    """Return a problem type's id, from its id or any of its names."""
    labels = {kind.id: kind.name for kind in context.campaign.problem_types}
    found = (text,) if text in labels else context.names.problem_type(text)
    return _one_of(found, labels) or _not_a_choice(context.names.near_problem_type(text), labels)


def read_choice(field: Field, text: str, context: Context) -> Read[str] | Refusal:
    """Return the id of one of the field's choices, from its id, label or any of its other names."""
    labels = {choice.id: choice.label for choice in field.choices}
    found = (text,) if text in labels else context.names.choice(text, field.choices)
    return _one_of(found, labels) or _not_a_choice(context.names.near_choice(text, field.choices), labels)


def _one_of(found: Sequence[str], labels: Mapping[str, str]) -> Read[str] | Refusal | None:
    """Return the one found; a refusal if there are several, None if there is none."""
    if len(found) > 1:
        return Refusal("ambiguous", {"choices": [labels[entry] for entry in found]})
    return Read(found[0]) if found else None


def _not_a_choice(near: Sequence[str], labels: Mapping[str, str]) -> Refusal:
    choices = list(labels.values())
    if near:
        return Refusal(
            "near-choice", {"suggestions": _quoted(labels[entry] for entry in near), "choices": choices}
        )
    return Refusal("not-a-choice", {"choices": choices})


def _unknown(kind: str, near: Sequence[str], **params: object) -> Refusal:
    if near:
        return Refusal(f"near-{kind}", {"suggestions": _quoted(near)})
    return Refusal(f"unknown-{kind}", params)


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"“{name}”" for name in names]


def _of_other_unit(code: str, others: Sequence[str], context: Context) -> Refusal:
    assert context.township
    return Refusal(code, {"other": others, "unit": context.township.name})


def _full_name(code: str, context: Context) -> str:
    """Format a village with its township, since names are not unique."""
    campaign = context.campaign
    village = campaign.village_by_code[code].name
    return village if context.township else campaign.township_of_village[code].name + village
