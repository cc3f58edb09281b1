"""Help on what to write in a field: a registry by field type."""

from collections.abc import Callable, Iterator

from build_scripts.handbook.markdown import plain
from checklist.model import Campaign, Field, FieldType
from checklist.values.type_families import FAMILIES
from checklist.values.value_types import ValueType

Describe = Callable[[Campaign, Field], str]


def _serial(_campaign: Campaign, _field: Field) -> str:
    return "自动编号，不用填"


def _township(campaign: Campaign, _field: Field) -> str:
    return f"从本县{len(campaign.units.townships)}个乡镇中选一个"


def _village(_campaign: Campaign, _field: Field) -> str:
    return "从所选乡镇的村、社区中选一个"


def _problem_type(campaign: Campaign, _field: Field) -> str:
    return f"从{len(campaign.problem_types)}个问题类型中选一个"


def _choice(_campaign: Campaign, field: Field) -> str:
    return f"从{len(field.choices)}项中选一项"


def _text(_campaign: Campaign, field: Field) -> str:
    return f"一行文字{_longest(field)}"


def _paragraph(_campaign: Campaign, field: Field) -> str:
    return f"一段文字，可以分行{_longest(field)}"


def _integer(_campaign: Campaign, field: Field) -> str:
    least = f"，不小于{field.min_value}" if field.min_value is not None else ""
    most = f"，不大于{field.max_value}" if field.max_value is not None else ""
    return f"整数{least}{most}"


def _date(_campaign: Campaign, field: Field) -> str:
    return "日期，不晚于填写当天" if field.not_future else "日期"


def _deadline(_campaign: Campaign, field: Field) -> str:
    return f"日期，或者时限的说法{_longest(field)}"


def _computed(_campaign: Campaign, _field: Field) -> str:
    return "系统算的，不用填"


def _described(kind: ValueType) -> Describe:
    return lambda _campaign, field: kind.describe(field)


def _longest(field: Field) -> str:
    return f"，最多{field.max_length}字" if field.max_length else ""


DESCRIBE: dict[FieldType, Describe] = {
    FieldType.SERIAL: _serial,
    FieldType.TOWNSHIP: _township,
    FieldType.VILLAGE: _village,
    FieldType.PROBLEM_TYPE: _problem_type,
    FieldType.CHOICE: _choice,
    FieldType.TEXT: _text,
    FieldType.PARAGRAPH: _paragraph,
    FieldType.INTEGER: _integer,
    FieldType.DATE: _date,
    FieldType.DEADLINE: _deadline,
    FieldType.COMPUTED: _computed,
    **{kind: _described(each) for kind, each in FAMILIES.items()},
}


def how_to_fill(campaign: Campaign, field: Field) -> str:
    """Return the kind of value that the field takes, with its limits, as a phrase."""
    return DESCRIBE[field.type](campaign, field)


def choice_lines(field: Field) -> Iterator[str]:
    """Return each choice of a field as a line of Markdown, with its aliases."""
    for choice in field.choices:
        place = f"（{choice.place}）" if choice.place else ""
        aliases = f"　<small>导入时也认：{plain('、'.join(choice.aliases))}</small>" if choice.aliases else ""
        yield f"**{plain(choice.label)}**{plain(place)}{aliases}"
