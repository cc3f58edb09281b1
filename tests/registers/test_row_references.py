"""A row names rows of other registers that there are, and a row that is named tells by which."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from forms_server.account import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import import_batch
from forms_server.desk import Desk
from forms_server.registers import row_store
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_references import ReferenceRefused
from tests.builders import EAST, EAST_WILLOW, WEST, WEST_BRIDGE
from tests.records.builders import record_id
from tests.registers.test_register_pages import account_of, asset, file, page, post, stored
from tests.registers.test_register_workbooks import cells, confirmed, exported, sent
from tests.server.conftest import application, signed_in
from tests.server.pages import text_of
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


def seen(client, code: str = "2019-1", **other: str):
    """What was found at an asset, handed in."""
    return file(client, "upkeep", village=EAST_WILLOW, asset=code, found="完好", **other)


def kept(app: Flask, register: str) -> list[dict[str, object]]:
    return [row for row in stored(app) if row["register_id"] == register]


def disposed(client, address: str) -> None:
    form = {"base-version": "1", "state": "disposed", "reason": "已经拆除"}
    assert post(client, f"{address}state", **form).status_code == 303


def test_a_name_of_no_row_is_refused_on_the_page(app, signed_in):
    east, west = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    file(west, "asset", **asset(1, village=WEST_BRIDGE))
    for code in ("2019-9", "2019-1"):  # the second is another township's, which is not told
        refused = seen(east, code)
        assert refused.status_code == 422
        assert f"“资产编号”写的“{code}”，在您能看到的资产登记台账里没有" in text_of(refused)
    assert kept(app, "upkeep") == []
    file(east, "asset", **asset(2))
    assert seen(east, " ２０１９-２ ").status_code == 303  # as people write it


def test_what_is_stored_by_other_ways_is_refused_as_well(app, signed_in):
    signed_in(EAST, Role.REPORTER)
    services = app.extensions["huitoukan"]
    register = services.campaign.register_by_id["upkeep"]
    values = {"village": EAST_WILLOW, "asset": "2019-9", "found": "完好"}
    account = account_of(app, f"{EAST}-reporter-")
    for make in (row_store.create, lambda desk, filing: row_store.create_many(desk, [filing])):
        filing = RowFiling(record_id(1), register, "", EAST, values)
        with transaction(services.engine) as connection:
            desk = Desk(connection, services.campaign, account, services.clock.now())
            with pytest.raises(ReferenceRefused, match="2019-9"):
                make(desk, filing)


def test_a_row_that_ended_is_still_named_with_a_doubt(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    disposed(client, address)
    answer = seen(client)
    assert answer.status_code == 303
    assert "“资产编号”写的“2019-1”是资产登记台账第 1 行，已经“已处置”" in text_of(client.get(answer.location))
    assert kept(app, "upkeep")[0]["extra"]["worth"] == 480000  # what it was worth is still known


def test_a_workbook_with_a_name_of_no_row_is_refused_at_its_cell(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "asset", **asset(1))
    seen(client)
    book = exported(client, "/registers/upkeep/export.xlsx")
    book.worksheets[0].cell(3, cells(book)["资产编号"]).value = "2019-7"
    shown = sent(client, book, "upkeep")
    assert "“资产编号”写的“2019-7”，在您能看到的资产登记台账里没有" in shown.text
    assert shown.select_one("form.confirm") is None


def test_a_row_that_is_named_tells_by_which_and_takes_them_along(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    seen(client)
    shown = page(client.get(address))
    (link,) = [each for each in shown.select("a") if each.text == "管护台账 1 行"]
    assert len(page(client.get(link["href"])).select("tbody tr")) == 1
    form = {**asset(1, code="2020-5"), "base-version": "1"}
    refused = post(client, f"{address}edit", **form)
    assert refused.status_code == 409
    assert "写着“2019-1”的有 管护台账 1 行" in text_of(refused)
    assert kept(app, "asset")[0]["texts"]["code"] == "2019-1"
    assert post(client, f"{address}edit", **form, renames="yes").status_code == 303
    assert kept(app, "upkeep")[0]["texts"]["asset"] == "2020-5"
    assert kept(app, "upkeep")[0]["version"] == 2
    other = {**asset(1, code="2020-5", name="大棚又名"), "base-version": "2"}
    assert post(client, f"{address}edit", **other).status_code == 303  # its name stays


def test_a_workbook_does_not_call_a_named_row_otherwise(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "asset", **asset(1))
    seen(client)
    book = exported(client)
    book.worksheets[0].cell(3, cells(book)["资产编号"]).value = "2020-5"
    assert "还有别的台账写着它原来的编号：管护台账 1 行" in sent(client, book).text


def test_an_import_that_made_a_named_row_is_not_undone(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    file(client, "asset", **asset(1))
    book = exported(client)
    sheet, columns = book.worksheets[0], cells(book)
    sheet.cell(3, columns["资产编号"]).value = "2019-2"
    for ours in ("记录编号", "版本"):
        sheet.cell(3, columns[ours]).value = None
    assert confirmed(client, sent(client, book)).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    undo = f"/imports/{batch}/undo"
    assert "已经有台账或者排查用到它" not in page(client.get(undo)).text
    seen(client, "2019-2")
    assert "已经有台账或者排查用到它" in page(client.get(undo)).text
