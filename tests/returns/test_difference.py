"""What two returns differ in."""

from hypothesis import given
from hypothesis import strategies as st

from forms_server.returns.return_difference import compare
from tests.returns.documents import document, issue, line, part, zero


def test_the_same_return_differs_in_nothing():
    difference = compare(document(), document())
    assert not difference
    assert not difference.needs_new_return


def test_records_are_new_gone_or_changed():
    before = document(issue=[issue(1), issue(2), issue(3)])
    after = document(issue=[issue(1), issue(3, content="别的。", version=2), issue(4)])
    difference = compare(before, after)
    assert [change.line["id"] for change in difference.added] == ["issue-4"]
    assert [change.line["id"] for change in difference.removed] == ["issue-2"]
    [changed] = difference.changed
    assert (changed.line["id"], changed.columns) == ("issue-3", {"content"})
    assert difference.needs_new_return


def test_a_change_that_was_undone_is_none():
    after = document(issue=[issue(version=3, changed_at="2022-08-20T09:00:00")])
    assert not compare(document(), after)


def test_an_issue_that_was_only_verified_needs_no_new_return():
    before, after = (
        document(issue=[issue(state=state, outcome="已修好。")]) for state in ("rectified", "closed")
    )
    difference = compare(before, after)
    assert len(difference.closed) == 1
    assert difference
    assert not difference.changed
    assert not difference.needs_new_return


def test_verifying_marks_that_the_issue_was_opened():
    before = document(issue=[issue(state="rectified", opened_before_closing=False)])
    after = document(issue=[issue(state="closed", opened_before_closing=True)])
    difference = compare(before, after)
    assert len(difference.closed) == 1
    assert not difference.needs_new_return


def test_columns_that_came_with_an_upgrade_are_no_change():
    after = document(issue=[issue(extensions=0, reporting_unit_code="丁里镇", first_deadline=None)])
    assert not compare(document(), after)


def test_an_issue_that_was_verified_and_changed_does():
    before = document(issue=[issue(state="rectified", outcome="已修好。")])
    after = document(issue=[issue(state="closed", outcome="已换瓦。")])
    assert compare(before, after).needs_new_return


def test_figures_show_each_cell():
    figures = [
        line("income", 1),
        line("housing", 2, "yes", found=2, rectifying=1, rectified=1),
        line("water", 3),
    ]
    changes = compare(document(), document(figures=figures)).figures
    assert {(each.problem_type_id, each.column, each.before, each.after) for each in changes} == {
        ("housing", "found", 1, 2),
        ("housing", "rectified", 0, 1),
    }


def test_zero_reports_and_parts_of_the_report():
    after = document(
        zero_report=[zero("income"), zero("housing")],
        report_text=[part("work", 1), part("next", 2, "改写。")],
    )
    difference = compare(document(), after)
    assert difference.zeros_ticked == ("housing",)
    assert difference.zeros_unticked == ("water",)
    [changed] = difference.parts
    assert (changed.title, changed.before, changed.after) == ("下一步安排", "已写。", "改写。")


NUMBERS = st.frozensets(st.integers(0, 9))


@given(NUMBERS, NUMBERS)
def test_there_and_back_are_mirror_images(old: frozenset[int], new: frozenset[int]):
    one, other = (document(issue=[issue(number) for number in each]) for each in (old, new))
    there, back = compare(one, other), compare(other, one)
    assert {change.line["id"] for change in there.added} == {f"issue-{number}" for number in new - old}
    assert [change.line["id"] for change in there.removed] == [change.line["id"] for change in back.added]
    assert bool(there) == (old != new)
