"""What an import would do: nothing is doubled, nothing is overwritten unseen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.intake.import_comparison import LedgerPlan, Recorded, make_plan
from build_scripts.intake.ledger_book import read_book
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.states import State
from checklist.values.judge import Context
from tests.ledgers.books import sheet

HEAD = "村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|整改时限|整改成效"
ROWS = [
    "上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|",
    "上坝村|王某|一般农户|饮水安全|停水|查管|李某|8月底|已整改",
    "柳林村|赵某某|脱贫户|收入|减收|务工|钱某|长期坚持|正在整改",
]


def entries(context: Context, *rows: str, head: str = HEAD) -> list[LedgerEntry]:
    book = read_book([sheet("\n".join([head, *rows]))], context, "李某")
    assert not book.errors
    return book.entries


def recorded(found: Sequence[LedgerEntry], **changes: Any) -> list[Recorded]:
    """The records that an import of these rows would make, their ids r0, r1 …"""
    return [
        Recorded(
            f"r{index}",
            entry.form.id,
            changes.get("standing", State.RECTIFIED if entry.rectified else State.RECTIFYING),
            {**entry.values, **changes.get("values", {})},
        )
        for index, entry in enumerate(found)
    ]


def summary(plan: LedgerPlan) -> Mapping[str, Any]:
    return {
        "new": len(plan.new),
        "changed": [(change.recorded.id, sorted(change.fields), change.reports) for change in plan.changed],
        "unchanged": plan.unchanged,
        "absent": len(plan.absent),
        "said": [f"{problem.place} {problem.code}{'?' * problem.warning}" for problem in plan.problems],
    }


def expected(
    new: int = 0, changed: Sequence[Any] = (), unchanged: int = 0, absent: int = 0, said: Sequence[str] = ()
) -> Mapping[str, Any]:
    return {
        "new": new,
        "changed": list(changed),
        "unchanged": unchanged,
        "absent": absent,
        "said": list(said),
    }


def test_rows_that_nobody_recorded_are_new(context: Context) -> None:
    assert summary(make_plan(entries(context, *ROWS), [])) == expected(new=3)


@given(st.permutations(ROWS))
def test_the_same_rows_in_any_order_are_as_recorded(context: Context, rows: list[str]) -> None:
    records = recorded(entries(context, *ROWS))
    assert summary(make_plan(entries(context, *rows), records)) == expected(unchanged=3)


def test_a_row_in_other_spellings_is_the_same_row(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    row = "上坝|张某某|脱贫|住房|屋 漏|换瓦|李某|2022.8.25|"
    assert summary(make_plan(entries(context, row), records))["new"] == 0


def test_what_was_edited_is_changed_field_by_field(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    edited = [ROWS[0].replace("换瓦", "翻修"), ROWS[1].replace("李某|8月底", "孙某|9月10日"), ROWS[2]]
    plan = make_plan(entries(context, *edited), records)
    changed = [("r0", ["measures"], False), ("r1", ["responsible_person"], False)]
    kept = ["户内!H3 deadline-kept?"]  # a deadline is extended on its page, with a reason
    assert summary(plan) == expected(changed=changed, unchanged=1, said=kept)
    assert plan.changed[0].fields["measures"] == ("换瓦", "翻修")


def test_an_outcome_that_says_done_reports_it(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    plan = make_plan(entries(context, ROWS[0] + "已整改，已换瓦"), records)
    assert summary(plan) == expected(changed=[("r0", ["outcome"], True)], absent=2)


def test_an_outcome_that_takes_it_back_is_asked_about(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    plan = make_plan(entries(context, ROWS[1].replace("已整改", "正在整改")), records)
    assert summary(plan)["said"] == ["户内!I2 record-reopened"]


def test_a_column_that_is_not_there_changes_nothing(context: Context) -> None:
    records = recorded(entries(context, *ROWS), values={"people": 4, "responsible_unit": "县水利局"})
    assert summary(make_plan(entries(context, *ROWS), records)) == expected(unchanged=3)


def test_a_cell_that_was_emptied_is_a_change(context: Context) -> None:
    records = recorded(entries(context, ROWS[0]))
    plan = make_plan(entries(context, ROWS[0].replace("换瓦", "")), records)
    assert summary(plan) == expected(changed=[("r0", ["measures"], False)])


def test_a_row_twice_is_taken_once(context: Context) -> None:
    plan = make_plan(entries(context, ROWS[0], ROWS[0]), [])
    assert summary(plan) == expected(new=1, said=["户内!A3 row-repeated?"])


def test_two_rows_that_contradict_each_other(context: Context) -> None:
    other = ROWS[0].replace("换瓦", "翻修").replace("李某", "赵某")
    plan = make_plan(entries(context, ROWS[0], other), [])
    assert summary(plan) == expected(new=1, said=["户内!F3 row-contradicts", "户内!G3 row-contradicts"])
    assert plan.problems[0].message == (
        "与 户内!A2 那一行是同一个问题，而“整改措施”不同；是同一个问题的请删去一行，不是的请把具体内容写得不一样。"
    )


@pytest.mark.parametrize(
    ("standing", "row", "said"),
    [
        (State.CLOSED, ROWS[1], []),
        (State.CLOSED, ROWS[1].replace("查管", "换管"), ["户内!F2 record-closed"]),
        (State.WITHDRAWN, ROWS[1].replace("查管", "换管"), ["户内!A2 record-withdrawn?"]),
    ],
)
def test_closed_and_withdrawn_records(context: Context, standing: State, row: str, said: list[str]) -> None:
    records = recorded(entries(context, ROWS[1]), standing=standing)
    plan = summary(make_plan(entries(context, row), records))
    assert (plan["new"], plan["changed"], plan["said"]) == (0, [], said)


def test_a_row_of_a_record_that_counts_again_is_that_record(context: Context) -> None:
    withdrawn, again = (
        recorded(entries(context, ROWS[0]), standing=State.WITHDRAWN),
        recorded(entries(context, ROWS[0])),
    )
    records = [*again, Recorded("old", withdrawn[0].form_id, State.WITHDRAWN, withdrawn[0].values)]
    assert summary(make_plan(entries(context, ROWS[0]), records)) == expected(unchanged=1)


WITH_ID = HEAD + "|记录编号"


def test_an_exported_row_is_its_record_whatever_was_edited(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    row = "柳林村|王某某|脱贫户|饮水安全|缺水|换瓦|李某|2022.8.25||r0"
    plan = make_plan(entries(context, row, head=WITH_ID), records)
    fields = ["content", "householder", "problem_type", "village"]
    assert summary(plan) == expected(changed=[("r0", fields, False)], absent=2)


@pytest.mark.parametrize(
    ("standing", "state", "typed", "said"),
    [
        (State.RECTIFYING, "正在整改", "正在整改", []),
        (State.RECTIFYING, "正在整改", "", []),
        (State.RECTIFYING, "正在整改", "已整改", ["户内!K2 state-typed?"]),
        (State.RECTIFYING, "正在整改", "=1+1", ["户内!K2 state-typed?"]),
    ],
)
def test_an_edited_state_is_reported_to_change_nothing(
    context: Context, standing: State, state: str, typed: str, said: list[str]
) -> None:
    records = [
        replace(record, state=state) for record in recorded(entries(context, ROWS[0]), standing=standing)
    ]
    plan = make_plan(entries(context, f"{ROWS[0]}|r0|{typed}", head=WITH_ID + "|状态"), records)
    assert summary(plan) == expected(unchanged=1, said=said)


def test_a_state_that_the_outcome_has_overtaken_is_not_told(context: Context) -> None:
    records = recorded(entries(context, ROWS[1]), standing=State.RECTIFIED)
    records = [replace(record, state="已整改") for record in records]
    plan = make_plan(entries(context, ROWS[1] + "|r0|正在整改", head=WITH_ID + "|状态"), records)
    assert summary(plan) == expected(unchanged=1)


def test_a_foreign_column_of_that_name_is_ignored(context: Context) -> None:
    rows = entries(context, ROWS[0] + "|好", head=HEAD + "|状态")
    assert rows[0].header.unread == ("状态",)
    assert summary(make_plan(rows, recorded(entries(context, ROWS[0])))) == expected(unchanged=1)


def test_an_unknown_or_copied_id(context: Context) -> None:
    records = recorded(entries(context, *ROWS))
    copied = ROWS[0].replace("屋漏", "停工") + "|r0"
    rows = entries(context, ROWS[0] + "|r0", copied, ROWS[1] + "|zz", head=WITH_ID)
    assert summary(make_plan(rows, records))["said"] == ["户内!E3 record-twice", "户内!J4 record-unknown"]


def test_a_long_ledger_shuffled(context: Context) -> None:
    rows = [ROWS[n % 3].replace("某", f"某{n}", 1) for n in range(300)]
    records = recorded(entries(context, *rows))
    mixed = [*rows[1::2], *rows[-2::-2]]
    assert sorted(mixed) == sorted(rows)
    assert summary(make_plan(entries(context, *mixed), records)) == expected(unchanged=300)
