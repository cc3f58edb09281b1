"""Lists of households from small readable tables."""

from datetime import date

from build_scripts.intake.roster_plan import RosterPlan
from build_scripts.intake.roster_reading import Lists, read_lists
from checklist.model import Campaign, Roster
from checklist.model.reading import TableWords
from checklist.questions import Answers
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
                        "householder": ("户主", "姓名"),
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


def context(unit: str = "", answers: Answers | None = None) -> Context:
    """Whose list it is: the county's, or a township's."""
    campaign = county()
    office = campaign.units.office.code
    return Context(campaign, campaign.unit_by_code[unit or office], TODAY, answers or Answers())


def lists(table: str, unit: str = "", answers: Answers | None = None) -> Lists:
    """What a sheet's table says."""
    return read_lists([sheet(table, "名册")], context(unit, answers))


def answering(found: Lists | RosterPlan, *labels: str) -> Answers:
    """The first questions of a list or plan answered by these words."""
    questions = {each.question.key: each.question for each in found.problems if each.question}
    given = {}
    for question, label in zip(questions.values(), labels, strict=True):
        given[question.key] = next(choice.id for choice in question.choices if choice.label == label)
    return Answers(given)


def said(found: Lists) -> list[tuple[object, ...]]:
    """The households in readable form."""
    names = ("village", "householder", "household_type", "people")
    return [(each.number, *(each.values.get(name) for name in names)) for each in found.households]


def codes(found: Lists) -> list[tuple[str, str]]:
    """What is wrong, and where."""
    return [(problem.place, problem.code) for problem in found.problems]
