"""Columns and rules that the tests of this folder share."""

from build_scripts.rules.expression_reader import read_expression
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import ColumnKind, RuleColumn, columns_by_name

KINDS = {"operating": "经营性资产", "welfare": "公益性资产"}

COLUMNS = columns_by_name(
    [
        RuleColumn("value", ColumnKind.MONEY, "资产原值"),
        RuleColumn("rent", ColumnKind.MONEY, "约定年收益"),
        RuleColumn("left_over", ColumnKind.MONEY, "结余"),
        RuleColumn("people", ColumnKind.NUMBER, "人数"),
        RuleColumn("energy", ColumnKind.DECIMAL, "电量"),
        RuleColumn("kind", ColumnKind.TEXT, "资产类别", KINDS),
        RuleColumn("funds", ColumnKind.SEVERAL, "资金来源", {"link": "衔接资金", "gift": "捐赠"}),
        RuleColumn("place", ColumnKind.TEXT, "地点"),
        RuleColumn("until", ColumnKind.DATE, "合同止"),
        RuleColumn("confirmed", ColumnKind.YES_NO, "是否确权"),
        RuleColumn("station.capacity", ColumnKind.DECIMAL, "装机容量"),
    ]
)


def rules(formulas: dict[str, str] | None = None, **conditions: str) -> RowRules:
    """Rules over :data:`COLUMNS`."""
    return RowRules(
        COLUMNS,
        {name: read_expression(text, COLUMNS) for name, text in (formulas or {}).items()},
        {key: read_expression(text, COLUMNS) for key, text in conditions.items()},
    )
