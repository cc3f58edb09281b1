"""``reading.yml``: the vocabulary of the readers of typed text.

The grammar of figures and dates is code; the words in it are the office's to add to. Words are compared after
full-width letters and figures were folded and blanks were taken out.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Attribute

from checklist.model.base import Node, Text
from checklist.text_normalisation import compact

Word = Annotated[Text, AfterValidator(compact)]
Mark = Annotated[Word, Attribute(max_length=12)]
Words = tuple[Word, ...]


class Marks(Node):
    """Cell content that means empty or ditto."""

    nothing: tuple[Mark, ...] = ()
    """Stands for an empty cell: / and —."""
    ditto: tuple[Mark, ...] = ()
    """Stands for the cell above: 同上."""


class NumberWords(Node):
    """The words around a figure."""

    counters: Words = ()
    """Suffixes of a figure: 个, 户."""
    approximate: Words = ()
    """Say that the figure is not exact: 约, 余."""


class AnswerWords(Node):
    """Answers to a question of yes or no."""

    yes: Words = ()
    """是, 有, √."""
    no: Words = ()
    """否, 无, ×."""


class DateWords(Node):
    """The words around a date."""

    before: Words = ()
    """Ignored prefixes of a date: 填报时间, 截至."""
    after: Words = ()
    """Ignored suffixes of a date: 上午, 填."""


class PartOfMonth(Node):
    """A word after a month that narrows it down."""

    words: Words
    until: Annotated[int, Attribute(ge=1, le=31)]
    """The last day that it means; 31 for the end of any month."""


class PartOfYear(Node):
    """Words that mean a part of the year."""

    words: Words
    until: Annotated[int, Attribute(ge=1, le=12)]
    """The month with whose last day it ends."""


class DeadlineWords(Node):
    """The words of a deadline (整改时限)."""

    immediate: Words = ()
    """To be put right at once: 立行立改."""
    immediate_days: Annotated[int, Attribute(ge=0, le=366)] | None = None
    """Days after which such an issue is due; without it such issues are never overdue."""
    ongoing: Words = ()
    """To be kept up, without an end: 长期坚持."""
    openings: Words = ()
    """Prefixes that do not change the day: 限, 于, 最迟."""
    joins: Words = ()
    """Separators of a deadline's parts: 并."""
    endings: Words = ()
    """Suffixes that do not change the day: 前, 下班前, 完成."""
    parts_of_month: tuple[PartOfMonth, ...] = ()
    """中旬, 底."""
    parts_of_year: tuple[PartOfYear, ...] = ()
    """三季度末, 年底."""
    periods: Words = ()
    """Units of a period: 天, 周 as in 一周内, counted from the day of reading."""
    events: Words = ()
    """Things that have no date yet: 国家后评估."""


class OutcomeWords(Node):
    """The phrases of an outcome (整改成效).

    Only whole clauses decide; 某日 in one stands for a day or a month, 几 for a number. The last four groups only
    choose the sentence of the question about what nothing decides.
    """

    rectified: Words = ()
    """Whole clauses that say done: 已整改到位; a day may stand before or behind."""
    rectified_alone: Words = ()
    """Done, where nothing else is written but perhaps a day: 是, √."""
    rectifying: Words = ()
    """Whole clauses that say not done yet: 正在整改, 某日前整改到位, 剩几户."""
    partly: Words = ()
    """Whole clauses that say that a part is done, and not whether anything is left: 已整改几户."""
    beside: Words = ()
    """Whole clauses that may stand beside any of these and change nothing: 无反弹, 预计某日公示."""
    openings: Words = ()
    """May begin a clause and change nothing: 目前, 该问题."""
    shares: Words = ()
    """May stand around a share: 已完成 as in 已完成70%."""
    not_a_problem: Words = ()
    """In a doubtful text: there was nothing to put right, 不属实."""
    deferred: Words = ()
    """In a doubtful text: left for later or to others, 待县级, 暂无法."""
    overdue: Words = ()
    """In a doubtful text: late, 逾期."""
    ongoing: Words = ()
    """In a doubtful text: kept up, 长期坚持."""

    @cached_property
    def group_of(self) -> Mapping[str, str]:
        """The group of each whole phrase, by its name; of a phrase that stands in two, the first of these here."""
        groups = ("rectifying", "partly", "rectified_alone", "beside", "rectified")
        return {phrase: group for group in reversed(groups) for phrase in getattr(self, group)}


class NameWords(Node):
    """How one name is written in several ways."""

    villages: Words = ()
    """Endings of a village's name, any of which may stand for another: 村委会, 行政村, 村."""
    communities: Words = ()
    """The same for a residents' community: 社区居民委员会, 居委会, 社区."""
    townships: Words = ()
    """Endings of a township's name: 镇人民政府, 街道办, 镇."""
    counties: Words = ()
    """Prefixes of a township's or a village's name: 萧县."""
    own: Words = ()
    """What a township calls itself in its own ledger: 本镇."""
    variants: Words = ()
    """Characters that are written for each other, each group in a row: 子孜, 村邨."""
    openings: Words = ()
    """Prefixes of a choice: 其中."""
    endings: Words = ()
    """Suffixes of a choice: 方面."""
    notes: Words = ()
    """May stand in brackets after a name or a choice and do not change it: 已消除."""
    several: Words = ()
    """Signs of several households in a householder's name: 等, 、."""


class TableWords(Node):
    """Words that mark a table row as no record."""

    totals: Words = ()
    """Nothing else but figures stands in such a cell: 合计, 小计."""
    notes: Words = ()
    """What begins with one of these, alone in its row, is a note: 注, 填表说明."""
    struck: Words = ()
    """In place of a row's number: the row is to be deleted: 删除."""
    signatures: Words = ()
    """What begins with one of these is a signature below a table: 制表人, 审核人."""
    examples: Words = ()
    """In place of a row's number: the row is an example: 例."""
    explanations: Words = ()
    """Cells directly below a header that hold one of these say how to fill the column in: 必填."""
    states: Words = ()
    """Headers of a column that says beside the outcome whether an issue is rectified: 整改状态."""
    done_days: Words = ()
    """Headers of a column that holds the day of rectification: 完成时间."""


class Reading(Node):
    """``reading.yml``."""

    marks: Marks = Marks()
    numbers: NumberWords = NumberWords()
    answers: AnswerWords = AnswerWords()
    dates: DateWords = DateWords()
    deadlines: DeadlineWords = DeadlineWords()
    outcomes: OutcomeWords = OutcomeWords()
    names: NameWords = NameWords()
    tables: TableWords = TableWords()
