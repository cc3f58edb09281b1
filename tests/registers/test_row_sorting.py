"""Lists of rows in the order of any column: equal values and blanks on several pages, forward and back, and exported."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from checklist.model import Campaign
from forms_server.access import Role
from forms_server.records.keyset_paging import Position
from forms_server.registers import row_listing, row_sorting, row_store
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_sorting import RowSort, sorted_page
from tests.builders import EAST, EAST_DAM, EAST_WILLOW
from tests.records.builders import record_id
from tests.registers.test_register_pages import asset, file, page
from tests.server.conftest import application, signed_in
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]

NOON = datetime(2022, 8, 20, 12)


def _filing(campaign: Campaign, number: int, values: dict[str, object]) -> RowFiling:
    return RowFiling(record_id(number), campaign.register_by_id["upkeep"], "", EAST, values)


def _all_pages(desk, register, sort):
    """The numbers on each page, forward; then back again from the last one."""
    seen, filters = SeenRows(desk.campaign, desk.account, register), RowFilters()
    forward, position = [], None
    while True:
        shown = sorted_page(desk.connection, seen, filters, sort, position)
        forward.append([row.number for row in shown.rows])
        if shown.next is None:
            break
        position = shown.next
    back, position = [forward[-1]], shown.previous
    while position:
        shown = sorted_page(desk.connection, seen, filters, sort, position)
        back.append([row.number for row in shown.rows])
        position = shown.previous
    return forward, back[::-1]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("name", ["worth", "found", "village"])
def test_each_row_stands_on_one_page_in_order_with_blanks_last(at, campaign, monkeypatch, name, down):
    monkeypatch.setattr(row_sorting, "PAGE_SIZE", 3)
    worths = [5, None, 100, 5, 20, None, 5, 20, None, 3, 5]
    with at("east", NOON) as desk:
        of_asset = {"code": "1", "name": "棚", "kind_of_asset": "welfare", "value": 1}
        asset_register = campaign.register_by_id["asset"]
        row_store.create(desk, RowFiling(record_id(99), asset_register, "", EAST, of_asset))
        for number, worth in enumerate(worths, 1):
            village = {} if number % 3 == 0 else {"village": EAST_DAM if number % 2 else EAST_WILLOW}
            found = {"found": f"第{worth}", "worth": worth} if worth else {"found": "没有"}
            row_store.create(desk, _filing(campaign, number, {"asset": "1", **village, **found}))
        register = campaign.register_by_id["upkeep"]
        sort = RowSort(register.field(name), descending=down)
        forward, back = _all_pages(desk, register, sort)
        seen = SeenRows(campaign, desk.account, register)
        rows = row_listing.all_rows(desk.connection, seen, RowFilters(), sort.order())
        values = {row.number: row.values.get(name) for row in rows}
    assert forward == back
    filled = sorted((number for number in values if values[number] is not None), key=lambda each: each)
    expected = sorted(filled, key=lambda each: values[each], reverse=down)
    expected += [number for number in sorted(values) if values[number] is None]
    assert [number for each in forward for number in each] == expected == [row.number for row in rows]


def test_a_choice_is_sorted_as_its_answers_stand(at, campaign):
    register = campaign.register_by_id["asset"]
    with at("east", NOON) as desk:
        for number, kind in enumerate(["household", "operating", "welfare", "operating"], 1):
            values = {"code": str(number), "name": "棚", "kind_of_asset": kind, "value": 1}
            row_store.create(desk, RowFiling(record_id(number), register, "", EAST, values))
        forward, _ = _all_pages(desk, register, RowSort(register.field("kind_of_asset")))
    assert forward == [[2, 4, 3, 1]]


def test_a_cursor_of_a_row_that_is_not_seen_shows_no_other(at, campaign):
    register = campaign.register_by_id["upkeep"]
    with at("west", NOON) as desk:
        seen = SeenRows(campaign, desk.account, register)
        sort = RowSort(register.field("worth"))
        shown = sorted_page(desk.connection, seen, RowFilters(), sort, Position(1, record_id(1)))
    assert shown.rows == []


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


def test_a_column_sorts_by_its_head_and_stays_sorted_in_filters_and_in_the_workbook(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    for number, value in enumerate(["300", "20", "100"], 1):
        assert file(client, "asset", **asset(number, value=value)).status_code == 303

    def values(shown) -> list[str]:
        return [each.text for each in shown.select("[data-label='资产原值（元）'] span")]

    first = page(client.get("/registers/asset/"))
    link = next(each for each in first.select("th .sort-link") if "资产原值" in each.text)
    up = page(client.get(link["href"]))
    assert values(up) == ["20", "100", "300"]
    assert up.select_one("th[aria-sort=ascending]").text.startswith("资产原值")
    assert up.select_one("[name=sort] option[selected]").text == "资产原值（元）从小到大"
    down = page(client.get(up.select_one("th[aria-sort] a")["href"]))
    assert values(down) == ["300", "100", "20"]
    narrow = page(client.get("/registers/asset/?sort=down.value&words=大棚"))
    assert values(narrow) == ["300", "100", "20"]
    address = next(each["href"] for each in narrow.select("a") if "导出筛选出的" in each.text)
    sheet = openpyxl.load_workbook(BytesIO(client.get(address).data)).active
    written = [cell.value for row in sheet for cell in row if cell.value in {300, 100, 20}]
    assert written == [300, 100, 20]


def test_a_list_that_is_too_long_is_narrowed_first(app, signed_in, monkeypatch):
    client = signed_in(EAST, Role.REPORTER)
    for number in range(1, 4):
        assert file(client, "asset", **asset(number)).status_code == 303
    monkeypatch.setattr(row_sorting, "MOST_SORTED", 2)
    shown = page(client.get("/registers/asset/?sort=up.value"))
    assert "请先选定乡镇、村" in shown.text
    assert not shown.select("th .sort-link")
    assert len(shown.select("tbody tr")) == 3


@pytest.mark.parametrize("asked", ["up.", "up.nothing", "sideways.value", "up.serial", "down"])
def test_an_unknown_order_is_that_of_filing(app, signed_in, asked):
    client = signed_in(EAST, Role.REPORTER)
    assert file(client, "asset", **asset(1)).status_code == 303
    assert not page(client.get(f"/registers/asset/?sort={asked}")).select("th[aria-sort]")
