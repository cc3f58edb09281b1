"""The sheet 对比: figures of two moments or rounds by unit, old, new and difference."""

from build_scripts.counting.comparison import ComparedUnit, Comparison
from build_scripts.counting.percentages import NOTHING
from build_scripts.workbooks.details_table import DetailColumn, DetailLine, DetailTable
from build_scripts.workbooks.summary_layout import FIGURE, LABEL, TOTAL
from build_scripts.workbooks.table_header import ColumnHead
from build_scripts.workbooks.workbook_values import Value
from checklist.model import Campaign

_SIDES = ("原来", "现在", "增减")
_FIGURE_WIDTH = 9.2


def comparison_table(compared: Comparison, campaign: Campaign, number: int = 0) -> DetailTable:
    """Lay out a comparison; ``number`` tells several of a workbook apart."""
    names = [*compared.labels(campaign), *(["整改率"] if compared.has_rates else [])]
    columns = [
        DetailColumn(ColumnHead(campaign.summary_table.unit_label), 22),
        *(DetailColumn(ColumnHead(side, name), _FIGURE_WIDTH) for name in names for side in _SIDES),
    ]
    lines = [
        DetailLine(_values(each, compared), (LABEL, FIGURE) if each.unit_code else (TOTAL, TOTAL))
        for each in compared.lines
    ]
    title = f"对比（原来：{compared.old}；现在：{compared.new}）"
    return DetailTable(f"对比{number or ''}", title, columns, lines)


def _values(each: ComparedUnit, compared: Comparison) -> list[Value]:
    values: list[Value] = [each.unit]
    for name in compared.figures:
        values += [NOTHING if side is None else side for side in each.figure(name)]
    if compared.has_rates:
        old, new, points = each.rate
        values += [NOTHING if share is None else f"{share}%" for share in (old, new)]
        values.append(NOTHING if points is None else f"{points:+.1f} 点")
    return values
