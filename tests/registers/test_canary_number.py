"""One identity number in six lists, right and faulty ones, by web and command line: nothing of it is anywhere after."""

import gzip
import html
import io
import json
import logging
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.comments import Comment
from sqlalchemy import select

from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store
from forms_server.backup.age_format import DecryptingFile
from forms_server.backup.age_keys import Identity
from forms_server.cli import main
from forms_server.db.engine import transaction
from forms_server.db.tables import import_batch, person, register_row
from tests.identity_numbers import identity_number
from tests.registers.test_register_pages import post
from tests.registers.test_register_workbooks import confirmed
from tests.server.conftest import application, client_of
from tests.server.pages import post as page_posted
from tests.server.pages import token

SHIPPED = PROJECT / "checklist" / "2022-huitoukan"
CANARY = identity_number()
NEEDLE = CANARY[:14].encode()
"""Region and birthday: what a spreadsheet leaves of a number that it took for one."""
_NO_DIGIT = re.compile(rb"[^0-9]+")

HEADERS = ["行政村", "户主姓名", "姓名", "身份证号", "岗位名称", "岗位类型", "协议起", "协议止", "月补贴标准（元）",
           "经费来源", "是否村干部亲属", "是否签订协议"]  # fmt: skip
LINE = ["", "李某甲", "李某乙", CANARY, "村道保洁员", "保洁员", "2022-01-01", "2022-12-31", "500",
        "村级光伏收益", "否", "是"]  # fmt: skip
NUMBER, POST, PERSON, START = 3, 4, 2, 6
EXCEL_97 = (
    (Path(__file__).parent / "data" / "post-holders.xls")
    .read_bytes()
    .replace(b"N" * len(CANARY), CANARY.encode())
)
"""The same list as Excel 97 writes it: of 李某五, in the first village of the first township."""


def lists(village: str, month: int = 1) -> dict[str, Workbook]:
    """Six lists of different shape, each of a row of its own; of those named wrong_… nothing is stored."""
    starts = (f"2022-{month:02}-{day:02}" for day in range(2, 12))

    def book(line: list[object], headers: list[list[object]] | None = None) -> Workbook:
        made = Workbook()
        for row in [*(headers or [HEADERS]), line]:
            made.active.append(row)
        return made

    def line(**changes: object) -> list[object]:
        row: list[object] = [village, *LINE[1:]]
        row[START] = next(starts)
        for name, value in changes.items():
            row[{"number": NUMBER, "post": POST, "person": PERSON}[name]] = value
        return row

    text = book(line(person="李某一"))
    noted = book(line(person="李某二", number=None))
    noted.active.cell(2, 3).comment = Comment(f"号码{CANARY[:6]} {CANARY[6:14]} {CANARY[14:]}", "某某")
    full = "".join(chr(ord(each) + 0xFEE0) for each in CANARY)
    groups = ["公益性岗位人员名单", *[None] * (len(HEADERS) - 1)]
    merged = book(line(person="李某四", number=full), [groups, HEADERS])
    merged.active.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADERS))
    apostrophe = book(line(person="李某三", number=f"’{CANARY[:6]} {CANARY[6:]}‘ "))
    return {
        "text": text,
        "noted": noted,
        "apostrophe": apostrophe,
        "full_width": merged,
        "wrong_as_number": book(line(number=int(CANARY[:17] + "0"))),
        "wrong_column": book(line(post=f"保洁员{CANARY}")),
    }


def of(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def found_in(data: bytes, name: str = "") -> Iterator[str]:
    """Where bytes hold the canary: as they are, in any width, between other signs, packed in files within."""
    decoded = html.unescape(data.decode("utf-8", "ignore")), data.decode("utf-16-le", "ignore")
    for text in (data, *(unicodedata.normalize("NFKC", each).encode() for each in decoded)):
        if NEEDLE in _NO_DIGIT.sub(b"", text):
            yield name
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield from found_in(part.encode(), f"{name} name")
                yield from found_in(archive.read(part), f"{name}/{part}")
    if data.startswith(b"\x1f\x8b"):
        yield from found_in(gzip.decompress(data), f"{name} unpacked")


def found_under(folder: Path) -> list[str]:
    """Every file below a folder that holds the canary."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files
    return [place for path in files for place in found_in(path.read_bytes(), str(path.relative_to(folder)))]


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(SHIPPED)


@pytest.fixture
def app(tmp_path: Path, campaign: Campaign) -> Iterator[Flask]:
    with application(tmp_path, campaign) as app:
        yield app


def sent(client: FlaskClient, data: bytes, name: str) -> str:
    """The preview of a list, as text."""
    form = {"csrf_token": token(client, "/registers/"), "file": (io.BytesIO(data), name)}
    return client.post("/registers/post-holders/check", data=form).get_data(as_text=True)


@pytest.fixture
def heard(app: Flask) -> list[bytes]:
    """Every answer of the server, with its headers."""
    answers: list[bytes] = []

    def hear(response):
        if not response.direct_passthrough:
            answers.append(str(response.headers).encode() + response.get_data())
        return response

    app.after_request(hear)
    return answers


def test_the_search_finds_the_number_in_every_list(campaign):
    """Else the test below could not fail."""
    for name, book in lists("河头村").items():
        assert list(found_in(of(book), name)), name
    assert list(found_in(EXCEL_97))


def test_nothing_of_a_number_is_left_anywhere(
    app: Flask, tmp_path: Path, campaign: Campaign, heard: list[bytes], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    caplog.set_level(logging.DEBUG)
    town = campaign.units.townships[0]
    client = client_of(app, town.code, Role.REPORTER)
    refused: dict[str, str] = {}
    for name, book in lists(town.villages[0].name).items():
        preview = sent(client, of(book), f"{name}{CANARY}.xlsx")
        if name.startswith("wrong"):
            refused[name] = preview
        else:
            assert confirmed(client, BeautifulSoup(preview, "html.parser")).status_code == 303, preview
    assert "被电子表格当成数字存了" in refused["wrong_as_number"]
    assert "系统不保存个人的号码" in refused["wrong_column"]
    preview = sent(client, EXCEL_97, f"名单{CANARY}.xls")
    assert confirmed(client, BeautifulSoup(preview, "html.parser")).status_code == 303, preview
    typed = {"village": town.villages[0].code, "householder": "李某甲", "person": f"李某乙{CANARY}"}
    row = {"record-id": str(uuid4()), **typed}
    assert post(client, "/registers/post-holders/new", **row).status_code == 422
    on_error_pages(client, row)
    held_for_the_office(app, town.code, row)
    runner = command_line(tmp_path, monkeypatch)
    said = "".join(by_command(runner, tmp_path, town.code, name, book)
                   for name, book in lists(town.villages[1].name, 2).items())  # fmt: skip
    outside = tmp_path.parent / f"{tmp_path.name}-out"
    said += taken_out(runner, tmp_path, outside, monkeypatch)
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(register_row.c.person_id)).scalars().all()
        keys = (
            connection.execute(select(person.c.person_key).where(person.c.person_key.is_not(None)))
            .scalars()
            .all()
        )
        contents = connection.execute(select(import_batch.c.content)).scalars().all()
    assert len(rows) == 9
    assert len(keys) == 1  # one person, however the number was written
    assert [place for content in contents if content for place in found_in(content)] == []
    assert list(found_in(said.encode(), "command line")) == []
    assert list(found_in(caplog.text.encode(), "log")) == []
    assert [place for answer in heard for place in found_in(answer, answer[:200].decode())] == []
    assert found_under(tmp_path) == []
    assert found_under(outside) == []


def on_error_pages(client: FlaskClient, row: dict[str, str]) -> None:
    """Addresses and forms with the number that no page takes."""
    for address in (
        f"/registers/{CANARY}/",
        f"/records/annex-1-1/{CANARY}",
        f"/registers/post-holders/?words={CANARY}",
    ):
        client.get(address)
    assert client.post("/registers/post-holders/new", data=row).status_code == 400  # without a token
    assert client.post(f"/no-such-page/{CANARY}", data=row).status_code in {400, 404}
    file = {"file": (io.BytesIO(of(lists("某村")["text"])), f"{CANARY}.xlsx")}
    assert client.post("/registers/post-holders/check", data=file).status_code == 400
    broken = sent(client, EXCEL_97[:900], f"{CANARY}.xls")
    assert "没有导入" in broken or "打不开" in broken or "读" in broken


def held_for_the_office(app: Flask, unit: str, row: dict[str, str]) -> None:
    """What the browser of a disabled account hands in, which the office cannot take."""
    session = client_of(app, unit, Role.REPORTER, name="走了的人").get("/outbox/session").json
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        account = account_store.find(connection, session["account"])
        account_store.set_disabled(connection, services.clock.now(), None, account, disabled=True)
    office = client_of(app, services.campaign.units.office.code, Role.OFFICE)
    headers = {
        "X-CSRF-Token": office.get("/outbox/session").json["token"],
        "X-Late-Account": session["account"],
        "X-Late-Token": session["late"],
    }
    entry_id = str(uuid4())
    entry = {
        "id": entry_id,
        "title": f"登记公益性岗位：{CANARY}",
        "action": f"/registers/post-holders/new?person={CANARY}",
        "typed": json.dumps([*row.items(), (f"note-{CANARY}", CANARY)]),
        "typed_at": "1660960000000",
        "photos": (io.BytesIO(b"\xff\xd8no picture"), f"{CANARY}.jpg"),
    }
    assert office.post("/late/entries", data=entry, headers=headers).json["done"] is True
    page_posted(office, f"/late/{entry_id}/take", page="/late/")
    page_posted(office, f"/late/{entry_id}/refuse", page="/late/", reason=f"重复{CANARY}")
    assert "登记公益性岗位" in office.get("/late/").text


def command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("HUITOUKAN_HOME", str(home))
    monkeypatch.setenv("HUITOUKAN_CHECKLIST", str(SHIPPED))
    monkeypatch.setenv("HUITOUKAN_DATABASE", f"sqlite:///{home}/test.sqlite3")
    return CliRunner()


def by_command(runner: CliRunner, home: Path, unit: str, name: str, book: Workbook) -> str:
    """What the command says of a list, which lies outside of the home."""
    file = home.parent / f"{home.name}-{name}.xlsx"
    file.write_bytes(of(book))
    done = runner.invoke(main, ["register", "import", "post-holders", str(file), "--unit", unit])
    file.unlink()
    assert done.exit_code == (1 if name.startswith("wrong") else 0), done.output
    return done.output


def taken_out(runner: CliRunner, home: Path, outside: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Backups, Parquet and workbook, written beside the home; the encrypted backup is opened."""
    outside.mkdir()
    said, sealed = "", home.parent / f"{home.name}-sealed.zip.age"
    identity = Identity.new()
    monkeypatch.setenv("HUITOUKAN_BACKUP_RECIPIENTS", str(identity.recipient))
    done = runner.invoke(main, ["backup", str(sealed)])
    assert done.exit_code == 0, done.output
    monkeypatch.delenv("HUITOUKAN_BACKUP_RECIPIENTS")
    with sealed.open("rb") as file:
        (outside / "opened.zip").write_bytes(DecryptingFile(file, (identity,)).readall())
    sealed.unlink()
    for asked in (
        ["backup", str(outside / "plain.zip")],
        ["export", "--parquet", str(outside / "parquet")],
        ["register", "export", "post-holders", "--out", str(outside / "out.xlsx")],
    ):
        done = runner.invoke(main, asked)
        assert done.exit_code == 0, done.output
        said += done.output
    return said
