"""The office's workbook of the county: what it says is the summary, and adds up."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
from hypothesis import HealthCheck, given, settings
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, update

from build_scripts.counting.record_source import Source
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from build_scripts.summary.publish import results
from checklist.model import Campaign
from forms_server.db.tables import issue
from tests.builders import EAST, EAST_WILLOW, WATER
from tests.summary.records import BY_HAND, Records, random_records, store

MORNING = datetime(2022, 8, 31, 9)


def compiled(engine: Engine, campaign: Campaign) -> Compilation:
    source = Source(engine.url.render_as_string(hide_password=False))
    return compile_all(campaign, source, SummaryOptions(interim=True, now=MORNING))


def book_of(compilation: Compilation, campaign: Campaign) -> bytes:
    return next(data for path, data in results(compilation, campaign) if path.startswith("details"))


def rows_of(sheet: Worksheet) -> list[list[object]]:
    """The lines below the header, whose last row has the filter."""
    head = int("".join(filter(str.isdigit, str(sheet.auto_filter.ref).split(":")[0])))
    return [list(row) for row in sheet.iter_rows(min_row=head + 1, values_only=True)]


def sheet(data: bytes, name: str) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return next(each for each in book.worksheets if each.title.startswith(name))


def test_figures_worked_out_by_hand(sqlite: Engine, campaign: Campaign) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
        east = issue.c.unit_code == EAST
        connection.execute(
            update(issue).where(east).values(village_code=EAST_WILLOW, responsible_unit="水利局")
        )
        connection.execute(update(issue).where(~east).values(responsible_unit="张三家"))
        connection.execute(update(issue).values(deadline=date(2022, 8, 21)))
    data = book_of(compiled(sqlite, campaign), campaign)
    assert rows_of(sheet(data, "各单位")) == [
        ["东河镇", 3, 2, 1, 1, 4, "66.7%", "报全"],
        ["西岭镇", 1, 0, 1, 1, 2, "0.0%", "报全"],
        ["县水利局", 0, 0, 0, 0, 0, "—", "缺 2 类"],
        ["合计", 4, 2, 2, 2, 6, "50.0%", None],
    ]
    assert rows_of(sheet(data, "单位与类型"))[2] == ["县水利局", "—", "—", 0, 0]
    villages = rows_of(sheet(data, "各村"))
    assert ["东河镇", "柳林村委会", 3, 2, 1, 0, 0, "66.7%"] in villages
    assert ["东河镇", "上坝村委会", 0, 0, 0, 0, 0, "—"] in villages, "that found nothing, too"
    assert ["东河镇", "小计（3 个村，2 个没有问题）", 3, 2, 1, 0, 0, "66.7%"] in villages
    assert villages[-2] == ["没有写村的", None, 1, 0, 1, 2, 6, "0.0%"]
    assert villages[-1] == ["合计", None, 4, 2, 2, 2, 6, "50.0%"]
    assert rows_of(sheet(data, "责任单位")) == [
        ["县水利局", 3, 2, 1, "66.7%"],
        ["其他", 1, 0, 1, "0.0%"],
        ["合计", 4, 2, 2, "50.0%"],
    ], "a text that is no unit may be a person's name"
    assert rows_of(sheet(data, "逾期")) == [
        ["东河镇", "柳林村委会", "收入变化方面", "2022-08-21", 10, 1],
        ["西岭镇", None, "住房安全", "2022-08-21", 10, 1],
        ["合计", None, None, None, None, 2],
    ]


def test_every_sheet_says_its_moment_and_the_charts_point_at_the_figures(
    sqlite: Engine, campaign: Campaign
) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    data = book_of(compiled(sqlite, campaign), campaign)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for each in book.worksheets:
        said = " ".join(str(cell.value) for row in each["A1:A2"] for cell in row)
        assert "截至2022年8月31日" in said, each.title
    units = next(each for each in book.worksheets if each.title.startswith("各单位"))
    assert units.freeze_panes
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/")]
    assert any("县水利局" in chart or f"'{units.title}'!" in chart for chart in charts)
    assert len(charts) == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(random_records())
def test_villages_and_responsible_units_add_up_to_the_county(
    sqlite: Engine, campaign: Campaign, records: Records
) -> None:
    with sqlite.begin() as connection:
        store(connection, records)
    compilation = compiled(sqlite, campaign)
    details, total = compilation.details, compilation.summary.county.total
    assert details
    for name in ("found", "rectified", "rectifying", "proposed_households", "proposed_people"):
        assert sum(each.figures[name] for each in details.villages) == total.figure(name)
    assert sum(figures["found"] for _, figures in details.responsible) == total.found
    assert {WATER} & {unit.unit_code for unit in compilation.summary.units}
