"""Diagrams, calendar and roles: what is drawn is what the YAML says, and is there in words as well."""

from datetime import date
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.lifecycle_diagram import STATES, flow_diagram
from build_scripts.handbook.month_calendars import calendar_tables, phase_of
from build_scripts.handbook.reporting_diagram import Step, lanes_of, reporting_diagram, steps_of
from checklist.model import Campaign, CampaignRole, Duty, Handover, Roles
from tests.handbook.test_pages import changed, section


def with_roles(campaign: Campaign) -> Campaign:
    village = CampaignRole(
        id="village", name="村<干部>", people="村干部", summary="入户看。", subjects=("household",), forms=("household-issues",),
        duties=(Duty(phase="check", text="逐户走访。"), Duty(text="当场改。")),
        hands_over=(Handover(to="office", what="线索"),),
    )  # fmt: skip
    office = CampaignRole(id="office", name="县办", people="县办", summary="汇总。", duties=(Duty(text="收齐。"),),
                  hands_over=(Handover(to="village", what="口径"),))  # fmt: skip
    return changed(campaign, roles=Roles(roles=(village, office)))


def drawing(markdown: str) -> ElementTree.Element:
    return ElementTree.fromstring(markdown[markdown.index("<svg") : markdown.index("</svg>") + 6])  # noqa: S314


@pytest.mark.parametrize("which", ["flow", "reporting"])
def test_a_drawing_says_what_it_shows(which: str, real_campaign: Campaign) -> None:
    svg = drawing(flow_diagram() if which == "flow" else reporting_diagram(real_campaign))
    assert svg.get("role") == "img"
    named = [svg.find(f".//*[@id='{name}']") for name in str(svg.get("aria-labelledby")).split()]
    assert [element is not None and bool(element.text) for element in named] == [True, True]


def test_the_flow_names_each_state_in_drawing_and_words() -> None:
    drawn = "".join(drawing(flow_diagram()).itertext())
    for name, about in STATES:
        assert name in drawn
        assert about in flow_diagram()


def test_the_reporting_diagram_has_an_arrow_and_a_sentence_for_each_handover(campaign: Campaign) -> None:
    markdown = reporting_diagram(with_roles(campaign))
    svg = drawing(markdown)
    assert len(svg.findall("path[@class='arrow']")) == 2
    assert [text.text for text in svg.findall("text")][:2] == ["村<干部>", "县办"]
    assert "1. 村&#60;干部&#62; → 县办：线索" in markdown


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=12
    )
)
def test_arrows_that_pass_the_same_rows_have_lanes_of_their_own(pairs: list[tuple[int, int]]) -> None:
    steps = [Step(number, start, end, "") for number, (start, end) in enumerate(pairs)]
    lanes = lanes_of(steps)
    for one in steps:
        for other in steps:
            if one is not other and lanes[one.number] == lanes[other.number]:
                assert one.rows[1] <= other.rows[0] or other.rows[1] <= one.rows[0]


def test_the_diagram_of_the_shipped_campaign_fits_a_phone(real_campaign: Campaign) -> None:
    steps = steps_of(real_campaign.roles.roles)
    for side in ([s for s in steps if s.start < s.end], [s for s in steps if s.start > s.end]):
        assert max(lanes_of(side)) <= 3  # four lanes of 23 units beside the boxes


def test_the_calendar_marks_phases_and_the_deadline(campaign: Campaign) -> None:
    soup = BeautifulSoup(calendar_tables(campaign), "html.parser")
    cells = {cell.find(string=True): cell for cell in soup.find_all("td") if cell.get_text()}
    assert [table.caption.get_text() for table in soup.find_all("table") if table.caption] == ["2022年8月"]
    assert cells["8"].get("class") is None
    assert cells["9"]["class"] == ["phase", "phase-1"]
    assert cells["9"].get_text() == "9自查"
    assert cells["31"]["class"] == ["phase", "phase-1", "due"]
    assert cells["31"].get_text() == "31截止"


def test_a_campaign_of_three_months_has_three_tables(fire: Campaign) -> None:
    soup = BeautifulSoup(calendar_tables(fire), "html.parser")
    assert [caption.get_text() for caption in soup.find_all("caption")] == [
        "2023年9月",
        "2023年10月",
        "2023年11月",
    ]
    found = phase_of(fire, date(2023, 11, 1))
    assert found
    assert found.id == "sum-up"


def test_a_role_lists_what_it_does_checks_gives_and_gets(campaign: Campaign) -> None:
    made = pages(with_roles(campaign))
    village, office = made["roles/village.md"], made["roles/office.md"]
    assert "逐户走访。" in section(village, "check")
    assert "当场改。" in section(village, "always")
    assert "../forms/household-issues.md" in section(village, "forms")
    assert "交给[县办](office.md)：线索" in section(village, "handovers")
    assert "收到：线索" in section(office, "handovers")
    assert "../areas/01-income.md#income-drop" in section(village, "items")
    assert "{#items}" not in office
    assert "逐户走访。" in section(made["phases/check.md"], "role-village")


def test_without_roles_there_are_no_pages_of_roles(campaign: Campaign) -> None:
    assert not [path for path in pages(campaign) if path.startswith("roles/")]


def test_a_phase_tells_the_tasks_and_the_deadline_that_falls_in_it(campaign: Campaign) -> None:
    markdown = pages(campaign)["phases/check.md"]
    assert "各镇逐户排查。" in section(markdown, "tasks")
    assert "（周三）12:00" in markdown
