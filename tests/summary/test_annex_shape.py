"""Annex 2's rules have a single source: all ways of adding up give the same tables."""

from itertools import product

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.counting.annex_shape import ANSWERS, combined, rank_of, shown, total_of
from build_scripts.counting.count_query import Line
from build_scripts.counting.pandas_summary import frame_of, summarise
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from build_scripts.handbook.summary_html import figures_table
from build_scripts.workbooks.summary_layout import cell_value, summary_book
from checklist.model import Campaign
from forms_server.returns.annex_tables import annex_of
from tests.builders import EAST, WATER, WEST, small_campaign

CAMPAIGN = small_campaign()
CELLS = list(product((EAST, WEST, WATER), [each.id for each in CAMPAIGN.problem_types]))
few = st.integers(0, 3)


@st.composite
def counted_lines(draw: st.DrawFn) -> list[Line]:
    """The query's answer in any order: a line at most for each unit and problem type, and those of another year."""
    cells = draw(st.lists(st.sampled_from(CELLS), unique=True))
    years = ["small", *draw(st.sampled_from([[], ["2021"]]))]
    lines: list[Line] = []
    for year, (unit, kind) in product(years, cells):
        figures = draw(st.tuples(few, few, few, few, few, few, st.integers(0, 1)))
        lines.append((year, unit, kind, *figures))
    return draw(st.permutations(lines))


@settings(max_examples=40)
@given(counted_lines())
def test_pandas_and_the_plain_path_make_equal_tables(lines: list[Line]) -> None:
    assert summary_of_lines(lines, CAMPAIGN) == summarise(frame_of(lines, CAMPAIGN), CAMPAIGN)


@given(counted_lines())
def test_the_table_of_a_return_is_the_units(lines: list[Line]) -> None:
    for table in summary_of_lines(lines, CAMPAIGN).units:
        places = range(len(table.lines), 0, -1)
        figures = [
            vars(line) | {"position": place} for line, place in zip(table.lines[::-1], places, strict=True)
        ]
        document = {"unit": {"code": table.unit_code, "name": table.unit}, "figures": figures}
        annex = annex_of(document)
        assert annex.lines == table.lines
        assert [annex.total.figure(column) for column in FIGURES] == [
            table.total.figure(column) for column in FIGURES
        ]
        assert annex.total.reported == table.total.reported


@settings(max_examples=40)
@given(counted_lines())
def test_handbook_and_workbook_show_the_same_figures(lines: list[Line]) -> None:
    summary = summary_of_lines(lines, CAMPAIGN)
    html = BeautifulSoup(figures_table(CAMPAIGN, summary.rows), "html.parser")
    of_page = [[cell.text for cell in row.find_all("td")] for row in html.tbody.find_all("tr")]
    sheet = summary_book(summary.county, CAMPAIGN).sheets[0]
    last = max(cell.row for cell in sheet.cells)
    of_sheet = [
        [str(cell.value) for cell in sheet.cells if cell.row == row and cell.column > 2]
        for row in range(last - len(CAMPAIGN.problem_types), last + 1)
    ]
    assert of_page == of_sheet


@pytest.mark.parametrize(
    ("found", "proposed", "ticked", "answer"),
    [
        (0, 0, 0, "no"), (0, 0, 1, "zero"), (1, 0, 0, "yes"), (0, 1, 0, "yes"),
        (1, 0, 1, "yes"),  # ticked first, then filed
        (0, 1, 1, "yes"),
    ],
)  # fmt: skip
def test_what_a_line_answers(found: int, proposed: int, ticked: int, answer: str) -> None:
    counted = {"found": found, "proposed_households": proposed, "zero_reported": ticked}
    assert ANSWERS[rank_of(counted)] == answer


def row(reported: str, found: int = 0) -> SummaryRow:
    return SummaryRow(EAST, "东河镇", "income", "收入", found, 0, found, 0, 0, reported)  # type: ignore[arg-type]


def test_several_lines_together_are_their_sums_and_what_they_answer_together() -> None:
    both = combined([row("yes", 2), row("no"), row("yes", 3)], ("u", "甲"), ("t", "乙"))
    assert (both.found, both.rectifying, both.reported) == (5, 5, "yes")
    assert (both.unit_code, both.unit, both.problem_type_id, both.problem_type) == ("u", "甲", "t", "乙")
    assert combined([], ("", ""), ("", "")).reported == "no"
    assert total_of(("u", "甲"), [row("zero")], CAMPAIGN).problem_type == CAMPAIGN.summary_table.total_label


@pytest.mark.parametrize(("mark", "value"), [("0", 0), ("无", "无")])
def test_a_mark_in_digits_is_a_number_in_a_workbook_and_a_text_elsewhere(mark: str, value: int | str) -> None:
    table = CAMPAIGN.summary_table.model_copy(update={"zero_mark": mark, "missing_mark": "—"})
    assert [shown(table, row(each, 2), "found") for each in ANSWERS] == [mark, "—", 2]
    assert [cell_value(table, row(each, 2), "found") for each in ANSWERS] == [value, "—", 2]


def test_the_campaigns_order_and_every_problem_type_whatever_was_counted(campaign: Campaign) -> None:
    table = summary_of_lines([], campaign).county
    assert [line.problem_type_id for line in table.lines] == [each.id for each in campaign.problem_types]
    assert (table.total.problem_type_id, table.total.problem_type) == ("", campaign.summary_table.total_label)
