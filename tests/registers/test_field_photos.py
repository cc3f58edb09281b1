"""Photographs of a register's row: counted in the row, kept like those of issues, and lost by nothing else."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from build_scripts.counting.record_source import Source, opened
from build_scripts.summary.register_files import columns_of_file, rows_of_register
from checklist.model import Campaign, Register
from forms_server.access import Role
from forms_server.db.engine import transaction
from forms_server.db.tables import import_batch, photo
from forms_server.personal_data.erasure import erase_campaign
from forms_server.photos.photo_files import PhotoFiles
from tests.builders import EAST, EAST_WILLOW, WATER, WEST
from tests.registers.test_register_pages import file, page, post, stored
from tests.registers.test_register_workbooks import cells, confirmed, exported, sent
from tests.server.conftest import NOW, application, signed_in
from tests.server.pages import post as posted
from tests.server.pages import text_of, token
from tests.server.pictures import jpeg, phone_photo, with_zip
from tests.server.test_photos import kept_files, upload_files
from tests.small_registers import campaign_with_registers

__all__ = ["signed_in"]

METER = {"village": EAST_WILLOW, "code": "2019-1", "state": "good"}
DOUBT = "写了损坏，没有照片"


def meter_register(**other: object) -> Register:
    return Register.model_validate(
        {
            "id": "meter",
            "version": 1,
            "kind": "register",
            "name": "水表台账",
            "title": "{unit}{period}水表台账",
            "purpose": "一块一行。",
            "owner": WATER,
            "filled_by": ("townships",),
            "period": "month",
            "one_row_per": ("code",),
            "fields": (
                {"id": "village", "label": "村", "type": "village"},
                {"id": "code", "label": "编号", "type": "text", "required": True, "max_length": 20},
                {
                    "id": "state",
                    "label": "状况",
                    "type": "choice",
                    "choices": ({"id": "good", "label": "完好"}, {"id": "broken", "label": "损坏"}),
                },
                {"id": "dial", "label": "表盘", "type": "photo", "required": True, "most_photos": 2},
                {"id": "harm", "label": "损坏处", "type": "photo"},
                {"id": "shots", "label": "张数", "type": "computed", "result": "integer",
                 "formula": "dial + harm"},
            ),
            "checks": (
                {"id": "unseen", "level": "doubt", "when": "state = 'broken' and harm = 0", "say": DOUBT},
            ),
            **other,
        }
    )  # fmt: skip


def campaign() -> Campaign:
    small = campaign_with_registers()
    return small.model_copy(update={"registers": (*small.registers, meter_register())})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign()) as app:
        yield app


@pytest.fixture
def east(signed_in: Any) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def filed(client: FlaskClient, *pictures: bytes, row_id: str = "", **other: str) -> TestResponse:
    """A new row as its form sends it."""
    typed = {
        "csrf_token": token(client, "/registers/"),
        "record-id": row_id or str(uuid4()),
        **METER,
        **other,
    }
    return upload_files(client, "/registers/meter/new", typed, {"dial.photos": pictures})


def added(client: FlaskClient, address: str, field: str, *pictures: bytes) -> TestResponse:
    typed = {"csrf_token": token(client, "/registers/"), "field": field}
    return upload_files(client, f"{address}photos", typed, {f"{field}.photos": pictures})


def counted(app: Flask, period: str = "2022-08") -> list[dict[str, Any]]:
    """How many photographs each row says it has; each number is that of the pictures that are there."""
    rows = stored(app, period)
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(photo.c.row_id, photo.c.field_id, func.count()).group_by(
            photo.c.row_id, photo.c.field_id
        )
        there = {(row_id, field): number for row_id, field, number in connection.execute(query)}
    said = [{name: row["extra"].get(name) for name in ("dial", "harm", "shots")} for row in rows]  # type: ignore[attr-defined]
    for row, numbers in zip(rows, said, strict=True):
        assert {name: there.get((row["id"], name)) for name in ("dial", "harm")} | {
            "shots": numbers["shots"]
        } == numbers
        assert numbers["shots"] == (numbers["dial"] or 0) + (numbers["harm"] or 0)
    return said


def pictures(client: FlaskClient, address: str) -> list[str]:
    return [link["href"] for link in page(client.get(address)).select(".photos li > a")]


def test_they_come_with_the_row_and_after_it_and_go_one_by_one(app: Flask, east: FlaskClient) -> None:
    assert "“表盘”要有照片" in text_of(filed(east))
    row_id = str(uuid4())
    address = filed(east, phone_photo(), row_id=row_id).location
    assert filed(east, phone_photo(), row_id=row_id).location == address  # resent: once
    assert counted(app) == [{"dial": 1, "harm": None, "shots": 1}]
    (first,) = pictures(east, address)
    data = east.get(first).data
    assert not Image.open(BytesIO(data)).getexif()
    assert b"SecretPhoneMaker" not in data
    assert Image.open(BytesIO(east.get(f"{first}?size=small").data)).width <= 320
    assert added(east, address, "dial", jpeg("red")).status_code == 303
    assert added(east, address, "harm", jpeg("red"), jpeg("blue")).status_code == 303
    assert counted(app) == [{"dial": 2, "harm": 2, "shots": 4}]
    shown = page(east.get(address))
    assert "2 张" in shown.text
    assert "添加照片：表盘" in shown.text  # in its history
    full = added(east, address, "dial", jpeg("green"))
    assert full.status_code == 422
    assert "最多 2 张" in text_of(full)
    assert "夹带了别的文件" in text_of(added(east, address, "harm", with_zip()))
    for link in pictures(east, address):
        assert post(east, f"{link}/remove").status_code == 303
    assert counted(app) == [{"dial": None, "harm": None, "shots": 0}]
    assert kept_files(app) == []
    assert "“表盘”还没有照片" in text_of(east.get(address))


def test_a_broken_file_stops_the_form_and_keeps_what_was_typed(app: Flask, east: FlaskClient) -> None:
    answer = filed(east, jpeg("red"), b"no picture", code="水表七")
    assert answer.status_code == 422
    assert "不是照片" in text_of(answer)
    assert page(answer).find(id="code")["value"] == "水表七"  # type: ignore[index]
    assert stored(app, "2022-08") == []
    assert kept_files(app) == []


def test_those_for_which_there_is_no_room_stay_in_the_browser(app: Flask, east: FlaskClient) -> None:
    row_id = str(uuid4())
    filed(east, jpeg("red"), jpeg("blue"), row_id=row_id)
    headers = {"X-CSRF-Token": east.get("/outbox/session").json["token"], "X-Outbox": "later"}  # type: ignore[index]
    typed = {"record-id": row_id, **METER, "dial.photos": (BytesIO(jpeg("green")), "绿.jpg")}
    answer = east.post("/registers/meter/new", data=typed, headers=headers)
    (left,) = answer.json["left"]  # type: ignore[index]
    assert (left["field"], left["places"], left["action"]) == ("dial.photos", [0], "")
    assert left["why"] == "“表盘”的照片没有保存：已经有这么多张了，要换请先删除。"
    assert counted(app) == [{"dial": 2, "harm": None, "shots": 2}]


def test_others_neither_see_nor_add_nor_remove_them(app: Flask, east: FlaskClient, signed_in: Any) -> None:
    address = filed(east, jpeg("red")).location
    (link,) = pictures(east, address)
    west, owner = signed_in(WEST, Role.REPORTER), signed_in(WATER, Role.PRINCIPAL)
    assert west.get(link).status_code == 404
    assert added(west, address, "dial", jpeg("blue")).status_code == 404
    assert post(west, f"{link}/remove").status_code == 404
    assert owner.get(link).status_code == 200
    other = file(
        east, "asset", village=EAST_WILLOW, code="1", name="棚", kind_of_asset="welfare", value="1"
    ).location
    assert east.get(f"{other}photos/{link.rsplit('/', 1)[1]}").status_code == 404
    assert added(east, other, "dial", jpeg("blue")).status_code == 400
    assert counted(app) == [{"dial": 1, "harm": None, "shots": 1}]


def test_a_field_pack_sends_nobody_to_the_page_of_no_row(east: FlaskClient) -> None:
    address = filed(east, jpeg("red")).location
    online = page(east.get(f"{address}edit")).select_one("form p.muted a")
    assert online
    assert online["href"] == f"{address}#photos"
    taken = posted(
        east,
        "/field/pack",
        "/field/",
        **{"pack-id": str(uuid4()), "village": EAST_WILLOW, "register": "meter"},
    )
    (register,) = taken.json["registers"]  # type: ignore[index]
    kept = BeautifulSoup(register["edit"], "html.parser").select_one("form p.muted")
    assert kept
    assert kept.text == "“表盘”、“损坏处”是照片，联网时在这一行的页面上传和删除。"
    assert kept.a is None


def test_an_edit_leaves_them_and_rules_read_their_number(app: Flask, east: FlaskClient) -> None:
    address = filed(east, jpeg("red")).location
    post(east, f"{address}edit", **METER | {"state": "broken"}, **{"base-version": "2"})
    assert counted(app) == [{"dial": 1, "harm": None, "shots": 1}]
    assert DOUBT in text_of(east.get(address))
    added(east, address, "harm", jpeg("blue"))
    assert DOUBT not in text_of(east.get(address))
    assert "1 张" in text_of(east.get("/registers/meter/?sort=shots-down"))


def test_a_workbook_shows_their_number_and_changes_none(app: Flask, east: FlaskClient) -> None:
    filed(east, jpeg("red"), jpeg("blue"))
    book = exported(east, "/registers/meter/export.xlsx")
    sheet, columns = book.worksheets[0], cells(book)
    assert (sheet.cell(3, columns["表盘"]).value, sheet.cell(3, columns["损坏处"]).value) == (2, None)
    assert "与系统里的完全一致" in sent(east, book, "meter").text
    sheet.cell(3, columns["表盘"]).value = 9
    sheet.cell(3, columns["状况"]).value = "损坏"
    for name, value in {"村": "柳林村", "编号": "2020-2", "状况": "完好", "损坏处": "3张"}.items():
        sheet.cell(4, columns[name]).value = value
    preview = sent(east, book, "meter")
    assert "系统里有 2 张，表里填的“9”没有采用" in preview.text
    assert "系统里有 0 张，表里填的“3张”没有采用" in preview.text
    assert "“表盘”还没有照片" in preview.text
    assert confirmed(east, preview).status_code == 303
    assert counted(app) == [{"dial": 2, "harm": None, "shots": 2}, {"dial": None, "harm": None, "shots": 0}]
    less = exported(east, "/registers/meter/export.xlsx")  # a file without the columns loses none
    less.worksheets[0].delete_cols(cells(less)["损坏处"])
    less.worksheets[0].delete_cols(cells(less)["表盘"])
    sent(east, less, "meter")
    assert counted(app)[0]["dial"] == 2


def test_an_import_with_photographs_since_is_not_undone(app: Flask, east: FlaskClient) -> None:
    filed(east, jpeg("red"))
    book = exported(east, "/registers/meter/export.xlsx")
    book.worksheets[0].cell(3, cells(book)["状况"]).value = "损坏"
    assert confirmed(east, sent(east, book, "meter")).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        batch = connection.execute(select(import_batch.c.id)).scalar_one()
    address = f"/registers/meter/{stored(app, '2022-08')[0]['id']}/"
    added(east, address, "harm", jpeg("blue"))
    assert "导入以后又修改" in text_of(east.get(f"/imports/{batch}/undo"))


def test_a_new_period_wants_new_ones(app: Flask, east: FlaskClient) -> None:
    filed(east, jpeg("red"), period="2022-07")
    post(east, "/registers/meter/open", period="2022-08")
    assert counted(app) == [{"dial": None, "harm": None, "shots": 0}]
    (row,) = stored(app, "2022-08")
    assert "这一期要重新填的：表盘" in text_of(east.get(f"/registers/meter/{row['id']}/"))


def test_erasure_takes_the_pictures_and_leaves_the_number(app: Flask, east: FlaskClient) -> None:
    address = filed(east, jpeg("red")).location
    with transaction(app.extensions["huitoukan"].engine) as connection:
        done = erase_campaign(connection, NOW, campaign().id)
    done.remove_files(PhotoFiles(app.extensions["huitoukan"].config.files))
    assert kept_files(app) == []
    assert pictures(east, address) == []
    assert stored(app, "2022-08")[0]["extra"]["dial"] == 1  # type: ignore[index]


def test_an_export_has_their_number(app: Flask, east: FlaskClient, tmp_path: Path) -> None:
    filed(east, jpeg("red"), jpeg("blue"))
    names = list(columns_of_file(meter_register()))
    with opened(Source(f"sqlite:///{tmp_path}/test.sqlite3")) as records:
        ((line,),) = rows_of_register(records, campaign(), meter_register())
    assert dict(zip(names, line, strict=True)) | {"dial": 2, "harm": None, "shots": 2} == dict(
        zip(names, line, strict=True)
    )
