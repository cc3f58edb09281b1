"""What a roster leaves open and a person can say: each question with its choices, and the problem that asks it."""

from collections.abc import Iterable, Sequence

from build_scripts.intake.cell_questions import AS_TYPED, asked
from checklist.messages import say
from checklist.model import Field
from checklist.problems import Problem
from checklist.questions import AnswerChoice, Answers, Question, QuestionKind
from checklist.values.judge import Context

HOUSEHOLDS, PERSONS = "households", "persons"
"""Answers to what a row is."""
NOT_READ = "not-read"
"""A type that is none, a household that is not imported."""
NEW = "new"
"""A household is none of those that are known."""
OFF, KEPT = "off", "kept"
"""Whether households that a list lacks are switched off."""
_NAMES = 12
"""Households named in a question."""


def ask_rows(sheet: str, place: str, counter: str, answers: Answers) -> Problem:
    """Ask whether a row of a sheet is a household or a person."""
    choices = AnswerChoice(HOUSEHOLDS, f"一行是一{counter}"), AnswerChoice(PERSONS, "一行是一个人")
    question = Question(QuestionKind.ROWS, "rows", "一行是什么", sheet, choices)
    problem = Problem(place, "roster-rows-unclear", say("roster-rows-unclear", sheet=sheet, counter=counter))
    return asked(problem, answers.settle(question))


def ask_type(field: Field, words: str, place: str, context: Context) -> Problem:
    """Ask how to map an unknown household type; keep its text by default."""
    names = context.names
    found, near = names.choice(words, field.choices), names.near_choice(words, field.choices)
    labels = {choice.id: choice.label for choice in field.choices}
    first = dict.fromkeys((*found, *near, *labels))
    choices = [AnswerChoice(AS_TYPED, "照原文保留"), AnswerChoice(NOT_READ, f"不是{field.label}，不读")]
    choices += [AnswerChoice(each, labels[each]) for each in first if each in labels]
    # What may be several types is no type of its own: only a person knows.
    likely = "" if found else near[0] if len(near) == 1 else AS_TYPED
    question = Question(QuestionKind.TYPE, field.id, field.label, words, choices, likely)
    problem = Problem(
        place, "roster-type-unknown", say("roster-type-unknown", label=field.label, words=words)
    )
    return asked(problem, context.answers.settle(question))


def ask_head(
    household: str, name: str, left: str, members: Sequence[str], at: tuple[str, Context]
) -> Problem:
    """Ask who succeeds a householder who left the household.

    Args:
        household: tells it from others: its number, or village and name.
        name: the householder's.
        left: what the list says of them: 自然减少.
        members: names of those who belong to it still.
        at: the cell of the name, and the context.
    """
    place, context = at
    counter = context.campaign.counter
    choices = [AnswerChoice(each, each) for each in dict.fromkeys(members)]
    choices += [AnswerChoice(AS_TYPED, f"还写{name}"), AnswerChoice(NOT_READ, f"这一{counter}不导入")]
    question = Question(QuestionKind.HEAD, household, "户主", f"{name}（{left}）", choices)
    problem = Problem(place, "roster-head-left", say("roster-head-left", name=name, left=left))
    return asked(problem, context.answers.settle(question))


def ask_same(
    place: str, named: tuple[str, str], known: Iterable[tuple[str, str]], counter: str, answers: Answers
) -> Problem:
    """Ask which of several known households a row means.

    Args:
        place: of the row; the answer is about it alone.
        named: the label of the name, and the name.
        known: id and description of each.
        counter: 户.
        answers: those that are known.
    """
    choices = [*(AnswerChoice(*each) for each in known), AnswerChoice(NEW, f"是另一{counter}，新增")]
    label, name = named
    question = Question(QuestionKind.SAME, place, label, name, choices)
    problem = Problem(place, "roster-several-known", say("roster-several-known", name=name, counter=counter))
    return asked(problem, answers.settle(question))


def ask_absent(
    village: str, names: Sequence[str], active: int, counter: str, answers: Answers
) -> list[Problem]:
    """Ask whether a village's households that a list lacks are to be switched off; a problem for each of them.

    Args:
        village: its name.
        names: of the householders.
        active: how many households of these kinds the roster has in the village.
        counter: 户.
        answers: those that are known.
    """
    more = "等" if len(names) > _NAMES else ""
    share = f"{len(names)} {counter}，占本村同类户的 {len(names) / active:.0%}"
    typed = f"{village}：{'、'.join(names[:_NAMES])}{more}（{share}）"
    choices = AnswerChoice(KEPT, "不停用"), AnswerChoice(OFF, "停用")
    question = answers.settle(Question(QuestionKind.ABSENT, village, "名册里有、表里没有", typed, choices))
    words = say("roster-absent", village=village, share=share)
    return [asked(Problem("", "roster-absent", words), question) for _ in names]
