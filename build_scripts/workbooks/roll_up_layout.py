"""The roll-up of a register as a workbook to be read and printed: county, townships, villages; and period by period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from build_scripts.workbooks.print_setup import height_of, is_landscape
from build_scripts.workbooks.sheet_heading import FILING, TITLE
from build_scripts.workbooks.summary_layout import FIGURE, LABEL, LINE_HEIGHT, TOTAL, line_heights
from build_scripts.workbooks.table_header import HEADER
from build_scripts.workbooks.workbook_values import Book, Cell, CellStyle, Sheet, Value
from checklist.model import Campaign, Field, Register
from checklist.register_periods import period_words
from checklist.values.type_families import FAMILIES

HIDDEN = "不显示"
"""In place of the figures of too few rows."""

_PLACE_WIDTH, _FIGURE_WIDTH, _MONEY_WIDTH = 22.0, 9.0, 16.0
_TITLE_ROW, _WORDS_ROW, _HEAD_ROW, _FIRST_ROW = range(4)


@dataclass(frozen=True)
class FigureLine:
    """A line of figures: of a place, or of a period."""

    name: str
    rows: int
    sums: Mapping[str, int | Decimal]
    """By field id."""
    waiting: int
    hidden: bool = False
    """Whether no figure is shown: there are too few rows."""
    level: int | None = None
    """0 for all, 1 for a township, 2 for a village; None for a period."""
    doubts: tuple[int, int] | None = None
    """Doubts that stand, and those that are exempted; None where they are not told."""


@dataclass(frozen=True)
class EstimateLine:
    """A survey's rate of a place, in words."""

    name: str
    place: str
    share: str
    interval: str
    papers: str


def roll_up_book(
    campaign: Campaign,
    register: Register,
    heading: tuple[str, str],
    places: Sequence[FigureLine],
    periods: Sequence[FigureLine] = (),
    estimates: Sequence[EstimateLine] = (),
) -> Book:
    """Lay out the roll-up of one period, and all periods beside each other where there are several.

    Args:
        campaign: of the register.
        register: gives name and columns.
        heading: whose figures they are, and the period.
        places: all first, then each township before its villages.
        periods: the latest first.
        estimates: of a survey, by rate.
    """
    name, period = heading
    title = f"{name}{register.name}{period_words(period)}汇总"
    sheets = [_sheet(register, "汇总", title, "乡镇、村", places)]
    if len(periods) > 1:
        sheets.append(_sheet(register, "逐期", f"{name}{register.name}逐期汇总", "期", periods))
    if estimates:
        sheets.append(_estimates(f"{name}{register.name}{period_words(period)}估计值", estimates))
    return Book(title, campaign.notice.issued, tuple(sheets))


_ESTIMATE_HEADS = {"率": 34.0, "乡镇": 18.0, "估计值": 11.0, "95% 区间": 18.0, "答卷": 9.0}


def _estimates(title: str, lines: Sequence[EstimateLine]) -> Sheet:
    text = replace(LABEL, align="left", number_format="@")
    cells = [
        Cell(row, column, value, text)
        for row, line in enumerate(lines, _FIRST_ROW)
        for column, value in enumerate((line.name, line.place, line.share, line.interval, line.papers))
    ]
    words = "按名册上各村、各类户的户数加权；区间重叠的不分高低。"
    return _table(
        "估计值", (title, words), list(_ESTIMATE_HEADS.items()), cells, [each.name for each in lines]
    )


def _sheet(register: Register, name: str, title: str, label: str, lines: Sequence[FigureLine]) -> Sheet:
    fields = [register.field(each) for each in register.totals]
    doubts = ["疑点", "已豁免"] if any(line.doubts for line in lines) else []
    counted = [*(["待核实"] if register.period.repeats else []), *doubts]
    heads = [(label, _PLACE_WIDTH), ("行数", _FIGURE_WIDTH)]
    heads += [(each.label, _width(each)) for each in fields]
    heads += [(each, _FIGURE_WIDTH) for each in counted]
    cells = [
        cell for row, line in enumerate(lines, _FIRST_ROW) for cell in _line(register, fields, row, line)
    ]
    words = "由各行自动得出；已经结束的行留在台账里，不计入。"
    return _table(name, (title, words), heads, cells, [each.name for each in lines])


def _table(
    name: str,
    heading: tuple[str, str],
    heads: Sequence[tuple[str, float]],
    cells: Sequence[Cell],
    names: Sequence[str],
) -> Sheet:
    """A sheet with its heading, and header and names standing still and printed on every page.

    Args:
        name: of the sheet.
        heading: title, and words below it.
        heads: label and width of each column.
        cells: below the header.
        names: what stands in the first column, line by line.
    """
    title, words = heading
    widths = [width for _, width in heads]
    head_height = max(height_of(head, HEADER.size, [width]) for head, width in heads)
    return Sheet(
        name=name,
        cells=[
            Cell(_TITLE_ROW, 0, title, TITLE, columns=len(widths)),
            Cell(_WORDS_ROW, 0, words, FILING, columns=len(widths)),
            *(Cell(_HEAD_ROW, column, head, HEADER) for column, (head, _) in enumerate(heads)),
            *cells,
        ],
        widths=widths,
        heights={
            _TITLE_ROW: height_of(title, TITLE.size, widths),
            _WORDS_ROW: height_of(words, FILING.size, widths),
            _HEAD_ROW: max(LINE_HEIGHT, head_height),
            **line_heights(names, widths[0], _FIRST_ROW),
        },
        landscape=is_landscape(widths),
        repeated_rows=(_HEAD_ROW, _HEAD_ROW),
        frozen=(_FIRST_ROW, 1),
    )


def _line(register: Register, fields: Sequence[Field], row: int, line: FigureLine) -> list[Cell]:
    bold = line.level in {0, 1}
    place = replace(TOTAL if bold else LABEL, align="left", number_format="@")
    figure = replace(TOTAL if bold else FIGURE, align="right")
    cells = [Cell(row, 0, "　" * (line.level or 0) + line.name, place)]
    if line.hidden:
        rest = len(fields) + 1 + int(register.period.repeats) + len(line.doubts or ())
        return [*cells, Cell(row, 1, HIDDEN, replace(figure, number_format="@"), columns=rest)]
    figures: list[tuple[Value, CellStyle]] = [(line.rows, figure)]
    figures += [(_figure(each, line.sums.get(each.id, 0)), _style(figure, each)) for each in fields]
    if register.period.repeats:
        figures.append((line.waiting, figure))
    figures += [(number, figure) for number in line.doubts or ()]
    return [*cells, *(Cell(row, at, value, style) for at, (value, style) in enumerate(figures, 1))]


def _width(field: Field) -> float:
    return _MONEY_WIDTH if field.holds in FAMILIES else _FIGURE_WIDTH


def _figure(field: Field, value: int | Decimal) -> Value:
    family = FAMILIES.get(field.holds)
    return family.to_cell(value) if family and family.to_cell else value


def _style(style: CellStyle, field: Field) -> CellStyle:
    family = FAMILIES.get(field.holds)
    look = family.cell(field).number_format if family else "#,##0"
    return replace(style, number_format=look, align="right")
