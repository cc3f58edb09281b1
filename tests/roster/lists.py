"""Lists of households from small readable tables."""

from datetime import date

from build_scripts.intake.roster_reading import Lists, read_lists
from checklist.model import Campaign, Roster
from checklist.model.reading import TableWords
from checklist.values.judge import Context
from tests.builders import small_campaign
from tests.ledgers.books import sheet

TODAY = date(2022, 8, 20)


def county() -> Campaign:
    """The invented county with the words of its lists."""
    campaign = small_campaign()
    tables = TableWords(totals=("合计", "小计"))
    return campaign.model_copy(
        update={
            "reading": campaign.reading.model_copy(update={"tables": tables}),
            "roster": Roster.model_validate(
                {
                    "columns": {
                        "number": ("户编号",),
                        "village": ("行政村",),
                        "householder": ("户主",),
                        "household_type": ("监测对象类别", "户类型"),
                        "people": ("家庭人口数",),
                        "member": ("姓名",),
                        "relation": ("与户主关系",),
                        "status": ("户内状态",),
                    },
                    "heads": ("户主", "本人"),
                    "left": ("自然减少", "户口迁出", "已故"),
                    "nothing": ("无",),
                }
            ),
        }
    )


def context(unit: str = "") -> Context:
    """Whose list it is: the county's, or a township's."""
    campaign = county()
    return Context(campaign, campaign.unit_by_code[unit or campaign.units.office.code], TODAY)


def lists(table: str, unit: str = "") -> Lists:
    """What a sheet's table says."""
    return read_lists([sheet(table, "名册")], context(unit))


def said(found: Lists) -> list[tuple[object, ...]]:
    """The households in readable form."""
    names = ("village", "householder", "household_type", "people")
    return [(each.number, *(each.values.get(name) for name in names)) for each in found.households]


def codes(found: Lists) -> list[tuple[str, str]]:
    """What is wrong, and where."""
    return [(problem.place, problem.code) for problem in found.problems]
