"""Records that a ledger lacks when it is sent again: told, asked about on demand, never withdrawn in silence."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from checklist.model import Campaign
from checklist.questions import QuestionKind
from checklist.values.judge import Context
from forms_server.db.tables import issue
from tests.ledgers.test_resent import ROWS, answered, asked, book, contents, counted, east, key, plan
from tests.ledgers.undoing import exported, state, take_back, take_in
from tests.records.conftest import engine, postgres, postgres_url

__all__ = ["east", "engine", "postgres", "postgres_url"]


def test_what_a_ledger_lacks_can_be_withdrawn_and_the_withdrawal_undone(
    engine: Engine, east: Context
) -> None:
    take_in(engine, book(*ROWS), east)
    before, exported_before = state(engine), exported(engine, east)
    found = plan(engine, book(*ROWS[1:]), east)
    after = plan(engine, book(*ROWS[1:]), east, {key(found): "mistaken"}).after
    assert (found.after["", "found"], after["", "found"]) == (5, 4)
    batch_id = answered(engine, book(*ROWS[1:]), east, {key(found): "mistaken"})
    assert counted(engine) == 4
    assert withdrawal_reason(engine) == "登记有误（再报的台账里没有这一条）"
    take_back(engine, east, batch_id)
    assert (state(engine), exported(engine, east)) == (before, exported_before)


def test_another_file_of_the_village_tells_what_it_lacks_and_asks_about_each_on_demand(
    engine: Engine, east: Context
) -> None:
    take_in(engine, book(*ROWS), east)
    found = plan(engine, book(ROWS[0]), east)
    assert asked(found) == [(QuestionKind.MISSING, "kept")]
    assert len(found.plan.absent) == 4
    typed = found.questions[0].question.typed
    assert typed.startswith("上坝村委会有 4 条：")
    assert all(words in typed for words in ("王某一", "自来水时断时续", "赵某某", "堂屋裂缝", "务工收入下降"))
    each = plan(engine, book(ROWS[0]), east, {key(found): "one-by-one"})
    assert asked(each) == [(QuestionKind.MISSING, answer) for answer in ("one-by-one", *["kept"] * 4)]
    given = {key(found): "one-by-one", key(each, 1): "mistaken"}
    answered(engine, book(ROWS[0]), east, given)
    assert counted(engine) == 4


def test_a_file_of_one_village_tells_once_of_all_others(engine: Engine, east: Context) -> None:
    elsewhere = [row.replace("上坝村", "柳林村") for row in ROWS[1:3]]
    take_in(engine, book(*ROWS[:3], *elsewhere), east)
    found = plan(engine, book(*ROWS[:3]), east)
    (told,) = found.questions
    assert (told.question.kind, told.question.answer) == (QuestionKind.MISSING, "kept")
    assert told.question.typed.startswith("表里没有写到的地方有 2 条：柳林村委会 王某一")
    assert "柳林村委会 王某一 饮水安全 自来水时断时续" in told.why
    assert (found.errors, len(found.plan.absent)) == ([], 2)


@pytest.mark.parametrize("mark", ["删除", "作废", "撤销"])
def test_a_row_that_says_that_it_is_not_wanted_is_left_out_and_its_record_asked_about(
    engine: Engine, campaign: Campaign, east: Context, mark: str
) -> None:
    tables = campaign.reading.tables.model_copy(update={"struck": ("删除", "作废", "撤销")})
    reading = campaign.reading.model_copy(update={"tables": tables})
    east = replace(east, campaign=campaign.model_copy(update={"reading": reading}))
    unwanted = ROWS[0].replace("1|", f"{mark}|", 1)
    found = plan(engine, book(unwanted, *ROWS[1:]), east)
    assert asked(found) == [(QuestionKind.UNSEEN, "leave")]
    assert (len(found.plan.new), found.errors) == (4, [])
    assert f"写着“{mark}”的行" in found.questions[0].question.typed
    take_in(engine, book(*ROWS), east)
    only = book(unwanted)  # asked about even where the file holds little else
    found = plan(engine, only, east)
    kinds = [kind for kind, answer in asked(found) if not answer]
    assert (kinds, bool(found.errors)) == ([QuestionKind.MISSING], True)
    assert take_in(engine, only, east) is None
    open_one = next(each for each in found.questions if each.question.is_open)
    assert "西屋漏雨" in open_one.question.typed
    answered(engine, only, east, {open_one.question.key: "repeated"})
    assert (counted(engine), "西屋漏雨，墙角发霉" in contents(engine)) == (4, False)
    assert withdrawal_reason(engine) == "重复登记（再报的台账里标明删除）"


def withdrawal_reason(engine: Engine) -> str | None:
    """The reason stored with the record that is withdrawn."""
    with engine.connect() as connection:
        return connection.scalar(select(issue.c.state_reason).where(issue.c.state == "withdrawn"))
