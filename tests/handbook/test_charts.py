import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.county_charts import bars, heat_map, shade
from checklist.model import Campaign
from tests.handbook.test_drawings import drawing

Rows = tuple[SummaryRow, ...]


def test_a_bar_is_as_long_as_its_figure_and_says_it(campaign: Campaign, summary: Rows) -> None:
    svg = drawing(bars(campaign, summary))
    _, _, done, rest, *empty = svg.findall("rect")
    assert float(done.attrib["width"]) * 2 == pytest.approx(float(rest.attrib["width"]), abs=0.2)
    assert {float(each.attrib["width"]) for each in empty} == {0}
    assert "1 / 3" in [text.text for text in svg.findall("text")]
    described = svg.find("desc")
    assert described is not None
    assert str(described.text).startswith("收入变化方面：共排查3个，已整改1个；")


def test_the_heat_map_tells_found_none_and_not_reported(campaign: Campaign, summary: Rows) -> None:
    soup = BeautifulSoup(heat_map(campaign, summary), "html.parser")
    first, second, *_ = [row for row in soup.find_all("tr") if row.find("td")]
    assert [(cell.get_text(), cell["class"]) for cell in first.find_all("td")] == [
        ("3", ["heat-1"]),
        ("—", ["not-reported"]),
    ]
    assert {cell["class"][0] for cell in second.find_all("td")} == {"not-reported"}
    assert [heading.get_text() for heading in soup.find_all("th", scope="col")] == ["单位/乡镇", "一", "二"]


@given(st.lists(st.integers(1, 500), min_size=1))
def test_more_is_never_paler(counts: list[int]) -> None:
    shades = [shade(count, sorted(counts)) for count in sorted(counts)]
    assert shades == sorted(shades)
    assert set(shades) <= {1, 2, 3, 4, 5}
    assert shade(0, counts) == 0


def test_pictures_are_shown_once_there_are_figures(campaign: Campaign, summary: Rows) -> None:
    assert "<svg" in pages(campaign, summary)["summary/index.md"]
    assert "<svg" not in pages(campaign)["summary/index.md"]
