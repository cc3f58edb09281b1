"""Registers over HTTP: two months of a township's work, the public figures, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms_server.account import Account, Role
from forms_server.accounts import account_store
from forms_server.db.engine import transaction
from forms_server.db.tables import register_row
from forms_server.desk import Desk
from forms_server.registers import row_store
from forms_server.registers.row_content import RowFiling
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import application, signed_in
from tests.server.pages import post as posted
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]

IDENTITY = "11010519491231002X"
"""The example number of the standard GB 11643."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


def stored(app: Flask, period: str = "") -> list[dict[str, object]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(register_row).where(register_row.c.period == period).order_by(register_row.c.number)
        return [dict(row) for row in connection.execute(query).mappings()]


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    return posted(client, address, "/registers/", **fields)


def file(client: FlaskClient, register: str, row_id: str | None = None, **fields: str) -> TestResponse:
    return post(client, f"/registers/{register}/new", **{"record-id": row_id or str(uuid4()), **fields})


def page(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def asset(number: int, **other: str) -> dict[str, str]:
    values = {"village": EAST_WILLOW, "code": f"2019-{number}", "name": f"大棚{number}"}
    return values | {"kind_of_asset": "operating", "value": "480000"} | other


def worker(number: int, **other: str) -> dict[str, str]:
    values = {
        "village": EAST_WILLOW,
        "householder": f"李某{number}",
        "person": f"李某{number}",
        "state": "away",
    }
    return values | {"place": "江苏省昆山市", "income": "4200"} | other


def test_two_months_of_forty_workers(app, signed_in):
    """The second month with four changes: less than a tenth of its cells are typed."""
    client = signed_in(EAST, Role.REPORTER)
    for number in range(1, 41):
        assert file(client, "work", period="2022-07", **worker(number)).status_code == 303
    listed = page(client.get("/registers/work/?period=2022-08"))
    assert "上一期有 40 行还没有带到2022年8月" in listed.text
    for _ in range(2):  # a second press carries nothing twice
        assert post(client, "/registers/work/open", period="2022-08").status_code == 303
    august = stored(app, "2022-08")
    assert [row["checked_on"] for row in august] == [None] * 40
    typed = 0
    for number, row in enumerate(august[:4], 1):
        fields = worker(number, income=str(5000 + number))
        address = f"/registers/work/{row['id']}/edit"
        assert post(client, address, **fields, **{"base-version": "1"}).status_code == 303
        typed += 1
    left = [f"{row['id']}.{row['version']}" for row in stored(app, "2022-08")[4:]]
    shown = page(client.get("/registers/work/?period=2022-08&sort=oldest"))
    assert len(shown.select("tbody tr")) == 40
    assert {box["value"] for box in shown.select("[name=pick]")} == set(left)
    assert post(client, "/registers/work/confirm", period="2022-08", pick=left).status_code == 303
    assert {str(row["checked_on"]) for row in stored(app, "2022-08")} == {"2022-08-20"}
    cells = 40 * 6
    assert typed / cells <= 0.1
    assert stored(app, "2022-07")[0]["extra"]["income"] == 4200  # last month stays as it was
    totals = page(client.get("/registers/work/totals?period=2022-08"))
    assert str(36 * 4200 + 5001 + 5002 + 5003 + 5004) in totals.text
    assert [each.text for each in totals.select("table")[-2].select("tbody th")] == ["2022年8月", "2022年7月"]


def test_the_published_assets_of_a_county(app, signed_in):
    """624 assets: 33, 502 and 89 by kind, 308,626,147 yuan; a disposed one leaves the total and not the list."""
    client = signed_in(EAST, Role.REPORTER)
    services = app.extensions["huitoukan"]
    register = services.campaign.register_by_id["asset"]
    account = account_of(app, f"{EAST}-reporter-")
    kinds = ["operating"] * 33 + ["welfare"] * 502 + ["household"] * 89
    values = [494_593] * 623 + [308_626_147 - 623 * 494_593]
    with transaction(services.engine) as connection:
        desk = Desk(connection, services.campaign, account, services.clock.now())
        for number, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            row = {
                "village": EAST_DAM,
                "code": str(number),
                "name": f"资产{number}",
                "kind_of_asset": kind,
                "value": value,
            }
            row_store.create(desk, RowFiling(str(uuid4()), register, "", EAST, row))
    totals = page(client.get("/registers/asset/totals"))
    by_kind, by_place = totals.select("table")
    told = [[cell.text for cell in row.select("th, td")] for row in by_kind.select("tbody tr")]
    assert [row[:2] for row in told] == [["经营性资产", "33"], ["公益性资产", "502"], ["到户类资产", "89"]]
    assert [cell.text for cell in by_place.select_one("tbody tr").select("th, td")] == [
        "合计",
        "624",
        "308626147",
    ]
    last = stored(app)[-1]
    form = {"base-version": "1", "state": "disposed", "reason": "已经拆除"}
    assert post(client, f"/registers/asset/{last['id']}/state", **form).status_code == 303
    listed = page(client.get("/registers/asset/"))
    assert "624 行，其中 1 行已经结束" in listed.select_one("dl[aria-label=合计]").text
    assert str(308_626_147 - values[-1]) in listed.select_one("dl[aria-label=合计]").text
    assert "资产623" in listed.select_one("tbody tr").text


def account_of(app: Flask, name: str) -> Account | None:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return account_store.find_by_name(connection, name)


def test_a_second_row_of_one_code_is_shown_the_first(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    first = file(client, "asset", **asset(1)).headers["Location"]
    refused = file(client, "asset", **asset(1, name="大棚又一座"))
    assert refused.status_code == 409
    shown = page(refused)
    assert first in [link["href"] for link in shown.select(".alert a")]
    assert shown.select_one("#name")["value"] == "大棚又一座"  # what was typed is still there
    assert len(stored(app)) == 1


def test_the_same_form_twice_is_one_row(app, signed_in):
    client, row_id = signed_in(EAST, Role.REPORTER), str(uuid4())
    assert [file(client, "asset", row_id, **asset(1)).status_code for _ in range(2)] == [303, 303]
    assert file(client, "asset", row_id, **asset(1, name="另一座")).status_code == 409
    assert [row["texts"]["name"] for row in stored(app)] == ["大棚1"]


def test_two_people_who_edit_the_same_row(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    one = {**asset(1, value="1000"), "base-version": "1"}
    other = {**asset(1, value="2000"), "base-version": "1"}
    assert post(client, f"{address}edit", **one).status_code == 303
    refused = post(client, f"{address}edit", **other)
    assert refused.status_code == 409
    shown = page(refused)
    assert shown.select_one("[name=base-version]")["value"] == "2"
    assert "两边都改了的 " in shown.text
    assert stored(app)[0]["extra"]["value"] == 1000


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_edits_of_different_fields_are_merged_and_of_the_same_one_chosen(app, signed_in, side):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    seen = {
        "seen": page(client.get(f"{address}edit")).select_one("[name=seen]")["value"],
        "base-version": "1",
    }
    theirs = asset(1, value="1000", kind_of_asset="welfare")
    assert post(client, f"{address}edit", **theirs, **seen).status_code == 303
    mine = asset(1, value="2000", name="新棚")
    shown = page(post(client, f"{address}edit", **mine, **seen))
    sides = {each["name"]: each["value"] for each in shown.select("[type=radio][checked]")}
    assert sides == {"take.name": "mine", "take.kind_of_asset": "theirs", "take.value": "mine"}
    sent = {each["name"]: each["value"] for each in shown.select("form[data-merge] [type=hidden]")}
    del sent["csrf_token"]
    chosen = mine | sent | sides | {"take.value": side}
    assert post(client, shown.select_one("form[data-merge]")["action"], **chosen).status_code == 303
    (row,) = stored(app)
    assert (row["texts"]["name"], row["extra"]["kind_of_asset"]) == ("新棚", "welfare")
    assert row["extra"]["value"] == {"mine": 2000, "theirs": 1000}[side]


def test_every_text_refuses_personal_numbers(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    for name in ("code", "name"):
        assert file(client, "asset", **asset(1, **{name: f"大棚{IDENTITY}"})).status_code == 422
    address = file(client, "asset", **asset(1)).headers["Location"]
    form = {"base-version": "1", "state": "disposed", "reason": f"卖给{IDENTITY}"}
    assert post(client, f"{address}state", **form).status_code == 303
    assert IDENTITY not in str(stored(app))
    assert stored(app)[0]["state"] == "in-use"


def test_an_end_wants_its_reason(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "asset", **asset(1)).headers["Location"]
    post(client, f"{address}state", **{"base-version": "1", "state": "disposed", "reason": " "})
    assert "请写明理由" in page(client.get(address)).text
    assert not stored(app)[0]["ended"]


def test_who_may_open_what(app, signed_in):
    east, west = signed_in(EAST, Role.REPORTER), signed_in(WEST, Role.REPORTER)
    address = file(east, "asset", **asset(1)).headers["Location"]
    assert west.get(address).status_code == 404
    assert post(west, f"{address}edit", **asset(1), **{"base-version": "1"}).status_code == 404
    assert file(signed_in(WATER, Role.REPORTER), "asset", **asset(2)).status_code == 403
    office = signed_in(OFFICE, Role.OFFICE)
    assert office.get(address).status_code == 200
    assert office.get("/registers/asset/new").status_code == 403
    assert signed_in(OFFICE, Role.ADMIN).get("/registers/asset/").status_code == 403
    assert signed_in(EAST, Role.REPORTER, EAST_DAM).get(address).status_code == 404
    assert east.get("/registers/none/").status_code == 404


def test_the_public_notice_has_the_public_columns_and_rows_that_stand(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    for number in (1, 2):
        address = file(client, "asset", **asset(number)).headers["Location"]
    post(client, f"{address}state", **{"base-version": "1", "state": "disposed", "reason": "拆除"})
    notice = page(client.get("/registers/asset/public"))
    assert [cell.text for cell in notice.select("th")] == ["序号", "资产名称", "资产类别", "资产原值（元）"]
    assert [cell.text for cell in notice.select("td")] == ["1", "大棚1", "经营性资产", "480000"]
    assert client.get("/registers/work/public").status_code == 404
    titles = [(signed_in(OFFICE, Role.OFFICE), "青河县"), (client, "东河镇")]
    titles.append((signed_in(EAST, Role.REPORTER, EAST_WILLOW), "柳林村委会"))
    for reader, whose in titles:
        assert page(reader.get("/registers/asset/public")).h1.text == f"{whose}资产登记台账公示"


def test_filters_and_pages(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    for number in range(1, 53):
        file(client, "asset", **asset(number, kind_of_asset="welfare" if number % 10 == 0 else "operating"))
    first = page(client.get("/registers/asset/"))
    assert len(first.select("tbody tr")) == 50
    (following,) = [link["href"] for link in first.select(".paging a")]
    assert len(page(client.get(following)).select("tbody tr")) == 2
    assert len(page(client.get("/registers/asset/?is-kind_of_asset=welfare")).select("tbody tr")) == 5
    assert len(page(client.get("/registers/asset/?words=大棚52")).select("tbody tr")) == 1
    assert "没有符合条件的行" in client.get(f"/registers/asset/?village={EAST_DAM}").text


def test_a_draft_is_offered_until_its_row_is_stored(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    shown = page(client.get("/registers/asset/new"))
    row_id = shown.select_one("[name=record-id]")["value"]
    token = shown.select_one("[name=csrf_token]")["value"]
    address = shown.select_one("[data-draft]")["data-draft"]
    saved = client.post(
        address, json={"name": "写到一半", "record-id": row_id}, headers={"X-CSRF-Token": token}
    )
    assert saved.status_code == 200
    offered = page(client.get("/registers/asset/new")).select_one(".draft-offer")
    assert "写到一半" in offered.text
    resumed = page(client.get(offered.a["href"]))
    assert (resumed.select_one("#name")["value"], resumed.select_one("[name=record-id]")["value"]) == (
        "写到一半",
        row_id,
    )
    file(client, "asset", row_id, **asset(1))
    assert not page(client.get("/registers/asset/new")).select(".draft-offer")


def test_a_row_becomes_an_issue_that_is_linked_both_ways(app, signed_in):
    client = signed_in(EAST, Role.REPORTER)
    address = file(client, "work", period="2022-08", **worker(1)).headers["Location"]
    link = page(client.get(address)).find("a", string="登记为问题")["href"]
    form = page(client.get(link))
    assert form.select_one("#householder")["value"] == "李某1"
    assert "务工台账第 1 行" in form.select_one("#content").text
    assert form.select_one("#village option[selected]")["value"] == EAST_WILLOW
    typed = {"household_type": "yiban", "problem_type": "housing", "measures": "上门核实。"}
    typed |= {
        "responsible_person": "王某某",
        "responsible_unit": "河长办",
        "deadline": "8月底前",
        "people": "4",
    }
    known = {
        "village": EAST_WILLOW,
        "householder": "李某1",
        "content": form.select_one("#content").text.strip(),
    }
    fields = {**known, **typed, "record-id": str(uuid4()), "is-different": "yes"}
    for _ in range(2):
        assert post(client, link, **fields).status_code == 303
    issue = page(client.get(address)).find(
        "a", string=lambda words: words and words.startswith("已登记为问题")
    )
    back = page(client.get(issue["href"])).find("a", string="务工台账第 1 行")["href"]
    assert back == address
    assert signed_in(WEST, Role.REPORTER).get(issue["href"]).status_code == 404
    assert signed_in(WEST, Role.REPORTER).get(link).status_code == 404


def test_a_reference_is_chosen_among_the_rows_that_one_sees(app, signed_in):
    east = signed_in(EAST, Role.REPORTER)
    address = [file(east, "asset", **asset(number)).headers["Location"] for number in (1, 2)][1]
    post(east, f"{address}state", **{"base-version": "1", "state": "disposed", "reason": "拆除"})
    offered = page(east.get("/registers/upkeep/new")).select("#asset option")
    assert [option["value"] for option in offered] == ["", "2019-1"]
    assert "大棚1" in offered[1].text
    west = page(signed_in(WEST, Role.REPORTER).get("/registers/upkeep/new")).select_one("#asset")
    assert west.name == "input"  # nothing to choose among: the key is typed
    assert file(east, "upkeep", asset="2019-1", found="完好", village=EAST_WILLOW).status_code == 303
    (row,) = [row for row in stored(app) if row["register_id"] == "upkeep"]
    assert row["extra"]["worth"] == 480000  # filled in from the asset that it names
    typed = file(east, "upkeep", asset="2019-1", found="完好", village=EAST_WILLOW, worth="5")
    assert typed.status_code == 303
    assert [row["extra"].get("worth") for row in stored(app) if row["register_id"] == "upkeep"] == [480000, 5]
    assert "2019-1" in page(east.get("/registers/upkeep/?words=2019-1")).select_one("tbody").text
