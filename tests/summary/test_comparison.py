"""对比: what stands side by side is what each side says, with the moment of each."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, update

from build_scripts.counting.count_query import BadSource
from build_scripts.counting.record_source import Source
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from build_scripts.summary.publish import results
from checklist.model import Campaign, Period
from checklist.register_periods import period_span
from forms_server.db.tables import issue
from tests.builders import EAST, WEST
from tests.summary.records import Records, store

MORNING = datetime(2022, 8, 31, 9)
COUNTED = ("found", "rectified")


def compiled(engine: Engine, campaign: Campaign, *compare: str) -> Compilation:
    source = Source(engine.url.render_as_string(hide_password=False))
    return compile_all(campaign, source, SummaryOptions(interim=True, now=MORNING, compare=compare))


def filed(engine: Engine, *issues: tuple[str, str, str], on: date, rectified: date | None = None) -> None:
    """Puts issues in place of all others, filed on one day."""
    with engine.begin() as connection:
        store(connection, Records(issues=list(issues)))
        connection.execute(update(issue).values(created_at=datetime(on.year, on.month, on.day, 9)))
        if rectified:
            connection.execute(
                update(issue).where(issue.c.state == "rectified").values(rectified_on=rectified)
            )


def published(compilation: Compilation, campaign: Campaign, folder: Path) -> Path:
    for path, data in results(compilation, campaign):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def told(compilation: Compilation, *names: str) -> dict[str, list[tuple[object, ...]]]:
    (compared,) = compilation.comparisons
    return {each.unit: [each.figure(name) for name in names] for each in compared.lines}


def test_a_snapshot_stands_beside_the_present_figures(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    filed(sqlite, (EAST, "income", "rectifying"), (EAST, "income", "rectifying"), on=date(2022, 8, 10))
    folder = published(compiled(sqlite, campaign), campaign, tmp_path / "old")
    filed(sqlite, (EAST, "income", "rectified"), (WEST, "housing", "rectifying"), on=date(2022, 8, 10))
    new = compiled(sqlite, campaign, str(folder))
    assert told(new, *COUNTED) == {
        "东河镇": [(2, 1, -1), (0, 1, 1)],
        "西岭镇": [(0, 1, 1), (0, 0, 0)],
        "县水利局": [(0, 0, 0), (0, 0, 0)],
        "合计": [(2, 2, 0), (0, 1, 1)],
    }
    (compared,) = new.comparisons
    assert "截至2022年8月31日 09:00" in compared.old
    data = next(data for path, data in results(new, campaign) if path.startswith("details"))
    sheet = next(
        each for each in openpyxl.load_workbook(io.BytesIO(data)).worksheets if each.title.startswith("对比")
    )
    rows = list(sheet.values)
    assert "原来：中间数字：截至2022年8月31日 09:00" in str(rows[0][0])
    assert rows[4][:4] == ("东河镇", 2, 1, -1)
    assert rows[4][-3:] == ("0.0%", "100.0%", "+100.0 点")
    assert rows[5][-3:] == ("—", "0.0%", "—")


def test_units_of_another_campaign_are_neither_mixed_nor_lost(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    filed(sqlite, (EAST, "income", "rectifying"), on=date(2022, 8, 10))
    folder = published(compiled(sqlite, campaign), campaign, tmp_path / "last")
    (file,) = folder.glob("summary*.csv")
    text = file.read_text(encoding="utf-8").replace(WEST, "999001009").replace("西岭镇", "撤并的镇")
    file.write_text(text, encoding="utf-8")
    new = compiled(sqlite, campaign, str(file))
    lines = told(new, "found")
    assert lines["西岭镇"] == [(None, 0, None)]
    assert lines["撤并的镇"] == [(0, None, None)]
    assert list(lines)[-1] == "合计"


def test_a_day_counts_what_was_filed_and_rectified_until_then(sqlite: Engine, campaign: Campaign) -> None:
    three = [(EAST, "income", "rectified"), (EAST, "housing", "rectifying"), (EAST, "income", "withdrawn")]
    filed(sqlite, *three, on=date(2022, 8, 10), rectified=date(2022, 8, 20))
    for day, old in (
        ("2022-08-09", [(0, 2, 2), (0, 1, 1)]),
        ("2022-08-10", [(2, 2, 0), (0, 1, 1)]),
        ("2022-08-19", [(2, 2, 0), (0, 1, 1)]),
        ("2022-08-20", [(2, 2, 0), (1, 1, 0)]),
    ):
        assert told(compiled(sqlite, campaign, day), *COUNTED)["东河镇"] == old


def test_a_round_stands_beside_the_present_one(sqlite: Engine, campaign: Campaign) -> None:
    notice = campaign.notice.model_copy(update={"visit_rounds": Period.MONTH})
    monthly = campaign.model_copy(update={"notice": notice})
    filed(sqlite, (EAST, "income", "rectified"), on=date(2022, 7, 31), rectified=date(2022, 8, 1))
    (compared,) = compiled(sqlite, monthly, "2022-07").comparisons
    assert (compared.old, compared.new) == ("2022年7月这一轮", "2022年8月这一轮")
    assert not compared.has_rates
    assert [compared.lines[0].figure(name) for name in COUNTED] == [(1, 0, -1), (0, 1, 1)]


@pytest.mark.parametrize("typed", ["2022-07", "昨天", "2022-02-30", "/nowhere/summary.csv"])
def test_what_is_nothing_to_compare_with_is_named(sqlite: Engine, campaign: Campaign, typed: str) -> None:
    filed(sqlite, (EAST, "income", "rectifying"), on=date(2022, 8, 10))
    with pytest.raises(BadSource, match=f"不能和“{typed}”对比"):
        compiled(sqlite, campaign, typed)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022-Q1", date(2022, 1, 1), date(2022, 3, 31)),
        ("2022-Q4", date(2022, 10, 1), date(2022, 12, 31)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_period_has_its_days(text: str, first: date, last: date) -> None:
    assert period_span(text) == (first, last)
