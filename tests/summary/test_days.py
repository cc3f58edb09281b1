"""Rectification over the days: counted once, cumulated, written and drawn."""

from datetime import date, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, update

from build_scripts.counting import daily_counts
from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.record_source import Source
from build_scripts.counting.summary_lines import NotASummary
from build_scripts.handbook.daily_page import days_page
from build_scripts.summary import compiling
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from checklist.model import Campaign
from forms_server.db.tables import issue
from tests.builders import EAST
from tests.summary.records import BY_HAND, Records, store, write_parquet

STORY = [
    # state, filed on, rectified on
    ("closed", 10, 12),
    ("rectified", 10, 12),
    ("rectified", 12, 11),  # before it was filed, as a ledger that is imported later says
    ("rectified", 12, None),
    ("rectifying", 13, None),
    ("withdrawn", 9, 10),
]


def compiled(engine: Engine, campaign: Campaign, options: SummaryOptions | None = None) -> Compilation:
    return compile_all(
        campaign,
        Source(engine.url.render_as_string(hide_password=False)),
        options or SummaryOptions(interim=True),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    with engine.begin() as connection:
        store(connection, Records(issues=[(EAST, "income", state) for state, _, _ in STORY]))
        ids = connection.execute(issue.select().with_only_columns(issue.c.id, issue.c.state)).all()
        for state, filed, done in STORY:
            row = next(row for row in ids if row.state == state)
            ids.remove(row)
            values = {
                "created_at": datetime(2022, 8, filed, 23, 59),
                "rectified_on": date(2022, 8, done) if done else None,
            }
            connection.execute(update(issue).where(issue.c.id == row.id).values(values))
    return engine


def test_every_day_from_the_first_to_the_last(told: Engine, campaign: Campaign) -> None:
    assert compiled(told, campaign).days == (
        DayCount(date(2022, 8, 10), 2, 0, 2, 0),
        DayCount(date(2022, 8, 11), 0, 0, 2, 0),
        DayCount(date(2022, 8, 12), 2, 3, 4, 3),
        DayCount(date(2022, 8, 13), 1, 0, 5, 3),
    )


def test_the_file_says_the_same(told: Engine, campaign: Campaign, tmp_path: Path) -> None:
    written = compiled(told, campaign).days
    (tmp_path / "days.csv").write_text(daily_counts.to_csv(written), encoding="utf-8")
    assert daily_counts.read_csv(tmp_path / "days.csv") == written
    assert daily_counts.read_csv(tmp_path / "none.csv") == ()


@pytest.mark.parametrize(
    "text", ["", "day\n", "a,b\n1,2\n", f"{','.join(daily_counts.HEADER)}\n2022-08-10,1\n"]
)
def test_a_file_that_is_none_of_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "days.csv").write_text(text, encoding="utf-8")
    with pytest.raises(NotASummary):
        daily_counts.read_csv(tmp_path / "days.csv")


def test_a_mistyped_year_makes_no_centuries(told: Engine, campaign: Campaign) -> None:
    with told.begin() as connection:
        connection.execute(
            update(issue).where(issue.c.state == "closed").values(rectified_on=date(2922, 8, 12))
        )
    assert len(compiled(told, campaign).days) == 400


def test_a_large_database_is_counted_by_day_only_where_asked(
    told: Engine, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "MOST", 3)
    assert compiled(told, campaign).days == ()
    assert len(compiled(told, campaign, SummaryOptions(("day",), interim=True)).days) == 4


def test_files_without_days_have_none(campaign: Campaign, tmp_path: Path) -> None:
    assert (
        compile_all(campaign, Source(write_parquet(tmp_path, BY_HAND)), SummaryOptions(interim=True)).days
        == ()
    )


def test_the_page_draws_and_tells_them(campaign: Campaign) -> None:
    story = (DayCount(date(2022, 8, 10), 2, 0, 2, 0), DayCount(date(2022, 8, 11), 2, 3, 4, 3))
    page = BeautifulSoup(days_page(campaign, story), "html.parser")
    assert "8月10日到8月11日，累计排查 4 个，累计整改 3 个。" in page.text
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")]
    assert rows[1:] == [["8月10日", "2", "0", "2", "0", "0.0%"], ["8月11日", "2", "3", "4", "3", "75.0%"]]
    heights = [float(str(bar["height"])) for bar in page.find_all("rect")][2:]
    assert heights == [80, 0, 40, 120]


def test_one_day_alone_is_drawn(campaign: Campaign) -> None:
    assert "8月10日" in days_page(campaign, (DayCount(date(2022, 8, 10), 0, 0, 0, 0),))
