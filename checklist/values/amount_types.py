"""Numbers that are more than counts: money in fen, exact decimals, scores."""

import random
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from checklist.model import Campaign, Field, FieldType
from checklist.read_result import Read, Refusal
from checklist.reading.amounts import YUAN, Units, plain_number, read_amount, units_of
from checklist.reading.numbers import read_integer
from checklist.text_normalisation import compact
from checklist.values.judge_context import Context
from checklist.values.judge_results import Value
from checklist.values.value_types import Asked, CellLook, Schema, ValueType, same

FEN = 100
"""Fen of a yuan: money is stored in them."""

_MOST = Decimal(10) ** 10
"""Less than this: of eleven figures a telephone number may be made."""
_MOST_FIGURES = 15
"""As many figures a spreadsheet's number, and one of JSON, keeps exactly."""
_DIGITS = 2
"""Decimals of a decimal that says nothing else."""
_FEW = 10
"""As many scores are a list to pick from."""


def decimals_of(field: Field) -> int:
    """The most decimals that a decimal field takes."""
    return _DIGITS if field.digits is None else field.digits


def units_of_field(field: Field) -> Units:
    """The words that may stand behind a figure of the field, or in its header."""
    if field.type is FieldType.MONEY:
        return {**YUAN, **{compact(name): by for name, by in field.unit_aliases.items()}}
    return units_of(field.unit, field.unit_aliases)


def _money(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    amount = read_amount(text, context.campaign.reading.numbers, units_of_field(field))
    if isinstance(amount, Refusal):
        return amount
    beyond = _beyond(amount.number, field)
    if beyond:
        return beyond
    fen = amount.number * FEN
    whole = int(fen.to_integral_value(ROUND_HALF_UP))
    doubts = () if whole == fen else (Refusal("money-rounded", {"amount": yuan(whole)}),)
    return Read(whole, doubts)


def _decimal(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    amount = read_amount(text, context.campaign.reading.numbers, units_of_field(field))
    if isinstance(amount, Refusal):
        return amount
    number = Decimal(plain_number(amount.number))
    exponent = number.as_tuple().exponent
    digits = decimals_of(field)
    if isinstance(exponent, int) and -exponent > digits:
        return Refusal("too-many-decimals", {"limit": digits})
    if len(number.as_tuple().digits) > _MOST_FIGURES:
        return Refusal("too-large", {"number": plain_number(number), "limit": plain_number(_MOST)})
    return _beyond(number, field) or Read(number)


def _rating(field: Field, text: str, context: Context) -> Read[Value] | Refusal:
    number = read_integer(compact(text).removesuffix("分"), context.campaign.reading.numbers)
    if isinstance(number, Refusal):
        return number
    return _beyond(Decimal(number), field) or Read(number)


def _beyond(number: Decimal, field: Field) -> Refusal | None:
    """Return the refusal of a number beyond the field's limits, or the type's."""
    least = field.min_value if field.min_value is not None else -_MOST
    highest = field.max_value if field.max_value is not None else _MOST
    if number < least:
        return Refusal("too-small", {"number": plain_number(number), "limit": plain_number(least)})
    if number > highest or abs(number) >= _MOST:
        return Refusal("too-large", {"number": plain_number(number), "limit": plain_number(highest)})
    return None


def yuan(fen: int) -> str:
    """3,400.50: an amount in yuan with two decimals."""
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // FEN:,}.{fen % FEN:02d}"


def _show_money(field: Field, value: Value, campaign: Campaign) -> str:
    return yuan(value) if isinstance(value, int) else str(value)


def _write_money(fen: int) -> str:
    return yuan(fen).replace(",", "").removesuffix(".00")


def _to_yuan(fen: int) -> Decimal:
    return Decimal(fen) / FEN


def _show_decimal(field: Field, value: Value, campaign: Campaign) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    return plain_number(value) + ("" if field.unit in field.label else field.unit)


def limits_in_json(field: Field, factor: int = 1) -> Schema:
    """Return the JSON Schema of a number's limits, each times a factor."""
    found = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: in_json(limit * factor) for name, limit in found.items() if limit is not None}


def in_json(number: Decimal) -> int | float:
    """A number of JSON; of up to 15 figures, it reads back as it was."""
    return int(number) if number == number.to_integral_value() else float(number)


def _money_schema(field: Field, campaign: Campaign) -> Schema:
    return {"type": "integer", "$comment": "分"} | limits_in_json(field, FEN)


def _decimal_schema(field: Field, campaign: Campaign) -> Schema:
    unit = {"$comment": field.unit} if field.unit else {}
    return {"type": "number" if decimals_of(field) else "integer"} | limits_in_json(field) | unit


def _rating_schema(field: Field, campaign: Campaign) -> Schema:
    return {"type": "integer"} | limits_in_json(field)


def _between(field: Field) -> str:
    least = f"，不小于{plain_number(field.min_value)}" if field.min_value is not None else ""
    most = f"，不大于{plain_number(field.max_value)}" if field.max_value is not None else ""
    return least + most


def _describe_money(field: Field) -> str:
    return f"金额，单位元，到分为止；写 1.2万元 也认{_between(field)}"


def _describe_decimal(field: Field) -> str:
    digits = decimals_of(field)
    unit = f"，单位{field.unit}" if field.unit else ""
    return f"数{unit}，{f'最多 {digits} 位小数' if digits else '不带小数'}{_between(field)}"


def _describe_rating(field: Field) -> str:
    return f"打分，整数{_between(field)}"


def _scores(field: Field) -> range:
    """The scores of a field; its limits are checked when it is loaded."""
    return range(int(field.min_value or 0), int(field.max_value or 0) + 1)


def _asked_score(field: Field) -> Asked:
    scores = _scores(field)
    if len(scores) > _FEW:
        return Asked("line", keyboard="numeric", wide="wide-number")
    return Asked("one", [(str(score), f"{score} 分") for score in scores])


def _asked_number(field: Field) -> Asked:
    return Asked("line", keyboard="decimal", wide="wide-number")


def _asked_amount(field: Field) -> Asked:
    return Asked("line", keyboard="decimal", wide="wide-day")


def _sample(field: Field, chance: random.Random, step: Decimal, usual: int) -> str:
    """Return a number within the limits, a multiple of a step."""
    least = field.min_value if field.min_value is not None else Decimal(0)
    most = field.max_value if field.max_value is not None else least + usual
    first = (least / step).to_integral_value(rounding="ROUND_CEILING")
    last = (most / step).to_integral_value(rounding="ROUND_FLOOR")
    return plain_number(chance.randint(int(first), int(max(first, last))) * step)


def _sample_money(field: Field, chance: random.Random) -> str:
    return _sample(field, chance, Decimal("0.01"), 50_000)


def _sample_decimal(field: Field, chance: random.Random) -> str:
    return _sample(field, chance, Decimal(1).scaleb(-decimals_of(field)), 100)


def _sample_rating(field: Field, chance: random.Random) -> str:
    return str(chance.choice(_scores(field)))


def _cell_of(number_format: str, field: Field, *, decimals: bool) -> CellLook:
    both = field.min_value is not None and field.max_value is not None
    limits = (field.min_value, field.max_value) if both else None
    return CellLook(number_format, True, limits=limits, decimals=decimals)  # type: ignore[arg-type] # both are there


def _money_cell(field: Field) -> CellLook:
    return _cell_of("#,##0.00", field, decimals=True)


def _decimal_cell(field: Field) -> CellLook:
    digits = decimals_of(field)
    return _cell_of("General" if digits else "0", field, decimals=digits > 0)


def _rating_cell(field: Field) -> CellLook:
    return _cell_of("0", field, decimals=False)


def _from_json(number: float) -> Decimal:
    return Decimal(plain_number(Decimal(repr(number))))


AMOUNT_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.MONEY: ValueType(
        read=_money,
        show=_show_money,
        schema=_money_schema,
        describe=_describe_money,
        asked=_asked_amount,
        sample=_sample_money,
        cell=_money_cell,
        to_cell=_to_yuan,
        write=_write_money,
        listed="short number",
    ),
    FieldType.DECIMAL: ValueType(
        read=_decimal,
        show=_show_decimal,
        schema=_decimal_schema,
        describe=_describe_decimal,
        asked=_asked_number,
        sample=_sample_decimal,
        cell=_decimal_cell,
        to_cell=same,
        write=plain_number,
        dump=in_json,
        load=_from_json,
        listed="short number",
    ),
    FieldType.RATING: ValueType(
        read=_rating,
        schema=_rating_schema,
        describe=_describe_rating,
        asked=_asked_score,
        sample=_sample_rating,
        cell=_rating_cell,
        to_cell=same,
        listed="short number",
    ),
}
"""Money, decimals, scores."""
