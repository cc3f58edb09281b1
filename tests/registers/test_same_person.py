"""The same person in two lists: by the key of a number, by household and name without one, and never by a guess."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from build_scripts.intake.person_marks import PersonKeys, PersonMark
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Unit
from checklist.read_result import Refusal
from forms_server.account import Role
from forms_server.backup.rekeying import rekey
from forms_server.db.engine import transaction
from forms_server.db.tables import household, person, register_row
from forms_server.personal_data.erasure import erase_campaign, erase_household
from tests.identity_numbers import identity_number
from tests.registers.test_canary_number import HEADERS, LINE, NUMBER, PERSON, of, sent
from tests.registers.test_register_workbooks import confirmed
from tests.server.conftest import NOW, application, client_of
from tests.server.pages import post as posted

POSTS = ["保洁员", "护林员", "护路员", "图书管理员", "防溺水", "照料护理员"]
STARTED = HEADERS.index("协议起")
FIRST, SECOND = identity_number(), identity_number(order=124)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(PROJECT / "checklist" / "2022-huitoukan")


@pytest.fixture
def app(tmp_path: Path, campaign: Campaign) -> Iterator[Flask]:
    with application(tmp_path, campaign) as app:
        yield app


def holders(*lines: tuple[str, str, str, str | None, str]) -> bytes:
    """A list of post holders by village, householder, person, number and post."""
    book = Workbook()
    book.active.append([*HEADERS, "年龄段"])
    for village, householder, name, number, post in lines:
        row: list[object] = [*LINE, None]
        row[0], row[1], row[PERSON], row[NUMBER], row[4] = village, householder, name, number, post
        row[STARTED] = f"2022-01-{1 + POSTS.index(post):02}"  # a row of its own for each post
        book.active.append(row)
    return of(book)


def imported(app: Flask, town: Unit, data: bytes) -> str:
    """The preview of a list that is then imported for a township."""
    client = client_of(app, town.code, Role.REPORTER)
    preview = sent(client, data, "名单.xlsx")
    assert confirmed(client, BeautifulSoup(preview, "html.parser")).status_code == 303, preview
    return preview


def persons(app: Flask) -> list[dict[str, object]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(person).order_by(person.c.name)).mappings()]


def doubts(app: Flask, town: Unit) -> str:
    answer = client_of(app, town.code, Role.REPORTER).get("/registers/post-holders/doubts")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_two_posts_of_one_person_in_two_townships_are_a_doubt_in_both(app, campaign):
    one, other = campaign.units.townships[:2]
    here, there = one.villages[0].name, other.villages[0].name
    old = f"{FIRST[:6]}{FIRST[8:17]}"
    told = imported(
        app,
        one,
        holders((here, "李某甲", "李某乙", FIRST, "保洁员"), (here, "王某", "王某", SECOND, "护林员")),
    )
    assert "系统没有留下原文件" in told
    assert "一人同时在两个岗" not in doubts(app, one)
    imported(app, other, holders((there, "赵某某", "李某已", old, "护路员")))  # another name, 15 digits
    for town in (one, other):
        page = doubts(app, town)
        assert "一人同时在两个岗" in page
        assert "王某" not in page
    with app.extensions["huitoukan"].engine.connect() as connection:
        bands = connection.execute(select(register_row.c.extra)).scalars().all()
    assert {extra["age_band"] for extra in bands} == {"16-59"}  # nobody wrote it
    assert {(row["from_age"], row["age_on"]) for row in persons(app)} == {(16, NOW.date())}


def test_without_a_number_household_and_name_tell_and_namesakes_stay_open(app, campaign):
    town = campaign.units.townships[0]
    village = town.villages[0].name
    imported(app, town, holders((village, "李某甲", "李某乙", None, "保洁员")))
    imported(
        app,
        town,
        holders((village, "李某甲", "李 某乙", None, "护林员"), (village, "王某", "李某乙", None, "护路员")),
    )
    assert len(persons(app)) == 2  # of two households
    assert "一人同时在两个岗" in doubts(app, town)
    imported(app, town, holders((village, "李某甲", "李某乙", FIRST, "图书管理员")))
    assert sum(row["person_key"] is not None for row in persons(app)) == 1  # the known one got it
    assert len(persons(app)) == 2
    imported(app, town, holders((village, "李某甲", "李某乙", SECOND, "防溺水")))
    assert len(persons(app)) == 3  # the same name in the household, another number: another person
    imported(app, town, holders((village, "李某甲", "李某乙", None, "照料护理员")))
    assert len(persons(app)) == 3
    with app.extensions["huitoukan"].engine.connect() as connection:
        open_rows = select(register_row.c.id).where(register_row.c.person_id.is_(None))
        assert len(connection.execute(open_rows).all()) == 1  # either may be meant: not guessed


def test_a_list_with_numbers_that_comes_again_tells_who_they_are(app, campaign):
    town = campaign.units.townships[0]
    village = town.villages[0].name
    line = village, "李某甲", "李某乙", None, "保洁员"
    imported(app, town, holders(line))
    imported(app, town, holders((*line[:3], FIRST, line[4])))
    (known,) = persons(app)
    assert known["person_key"]
    preview = sent(
        client_of(app, town.code, Role.REPORTER), holders((*line[:3], FIRST, line[4])), "名单.xlsx"
    )
    assert "与系统里的完全一致" in preview


def test_an_undone_import_leaves_no_key(app, campaign):
    town = campaign.units.townships[0]
    imported(app, town, holders((town.villages[0].name, "李某甲", "李某乙", FIRST, "保洁员")))
    client = client_of(app, town.code, Role.REPORTER)
    batch = BeautifulSoup(client.get("/imports/").data, "html.parser").select_one("a.row-link")["href"]
    assert posted(client, f"{batch}/undo", batch).status_code == 303
    assert persons(app) == []
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(household.c.id)).all() == []


@pytest.mark.parametrize("how", ["household", "campaign", "rekey"])
def test_keys_are_forgotten_with_the_names_and_with_the_audits_key(app, campaign, how):
    town = campaign.units.townships[0]
    imported(app, town, holders((town.villages[0].name, "李某甲", "李某乙", FIRST, "保洁员")))
    engine = app.extensions["huitoukan"].engine
    with transaction(engine) as connection:
        if how == "campaign":
            erase_campaign(connection, NOW, campaign.id)
        elif how == "household":
            (mine,) = connection.execute(select(household.c.id)).scalars()
            erase_household(connection, NOW, campaign.id, mine)
        else:
            rekey(connection, connection.get_execution_options()["huitoukan_audit_key"], NOW)
    (left,) = persons(app)
    assert left["person_key"] is None
    if how != "rekey":
        assert (left["folded_name"], left["from_age"]) == (None, None)
        assert "李某乙" not in str(left)


KEYS = PersonKeys(b"one installation", (0, 16, 60), date(2022, 8, 20))


def test_keys_differ_between_installations_and_say_nothing():
    other = PersonKeys(b"another installation", (0, 16, 60), date(2022, 8, 20))
    mark, theirs = KEYS.read(KEYS.mark_of(FIRST)), other.read(other.mark_of(FIRST))
    assert isinstance(mark, PersonMark)
    assert isinstance(theirs, PersonMark)
    assert mark.key != theirs.key
    assert (mark.from_age, mark.on) == (16, date(2022, 8, 20))
    assert "19900307" not in KEYS.mark_of(FIRST)


def test_nobody_types_a_mark():
    mark = KEYS.mark_of(FIRST)
    assert KEYS.mark_of(mark) == mark  # a copy of a list is read again
    for typed in (
        mark.replace("16|", "60|"),
        PersonKeys(b"x", (0,), date(2022, 8, 20)).mark_of(FIRST),
        "〔〕",
    ):
        assert isinstance(KEYS.read(KEYS.mark_of(typed)), Refusal)


def of_one_start(data: bytes) -> bytes:
    """The list with the same beginning in each row: of one person these are one row."""
    book = load_workbook(io.BytesIO(data))
    for row in range(2, book.active.max_row + 1):
        book.active.cell(row, STARTED + 1).value = "2022-01-01"
    return of(book)


def refused(app: Flask, town: Unit, data: bytes) -> str:
    """What the preview of a list says that is not imported."""
    preview = sent(client_of(app, town.code, Role.REPORTER), data, "名单.xlsx")
    assert BeautifulSoup(preview, "html.parser").select("form.confirm") == []
    return preview


def test_a_person_under_another_name_is_shown_the_row_that_there_is(app, campaign):
    one, other = campaign.units.townships[:2]
    here, there = one.villages[0].name, other.villages[0].name
    imported(app, one, of_one_start(holders((here, "李某甲", "李某乙", FIRST, "保洁员"))))
    again = of_one_start(holders((here, "王某", "李小乙", FIRST, "护林员")))
    assert "这个人（证件号码的代号相同）本期已经在第 1 行，写的是“李某乙”" in refused(app, one, again)
    away = of_one_start(holders((there, "赵某某", "李某已", FIRST, "护林员")))
    told = refused(app, other, away)
    assert f"这个人（证件号码的代号相同）本期已经由{one.name}登记了" in told
    assert "李某乙" not in told  # another township's row
    twice = (here, "孙某", "孙某甲", SECOND, "护林员"), (here, "钱某", "孙某已", SECOND, "护林员")
    assert "是同一个人（证件号码相同，写的姓名或者户不一样）" in refused(
        app, one, of_one_start(holders(*twice))
    )
    imported(app, other, holders((there, "赵某某", "李某已", FIRST, "护林员")))  # begun on another day


def test_an_edit_makes_no_second_row_of_a_person(app, campaign):
    town = campaign.units.townships[0]
    village = town.villages[0]
    lines = [
        (village.name, "李某甲", "李某乙", FIRST, "保洁员"),
        (village.name, "王某", "李小乙", FIRST, "护林员"),
    ]
    imported(app, town, holders(*lines))
    client = client_of(app, town.code, Role.REPORTER)
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(register_row).order_by(register_row.c.number)).mappings().all()
    assert rows[0]["person_id"] == rows[1]["person_id"]
    address = f"/registers/post-holders/{rows[1]['id']}/edit"
    form = BeautifulSoup(client.get(address).data, "html.parser").select_one("form[data-record-form]")
    typed = {
        each["name"]: each.get("value", "")
        for each in form.select("input[name]")
        if each.get("type") != "checkbox"
    }
    typed |= {
        each["name"]: (each.select_one("option[selected]") or {"value": ""})["value"]
        for each in form.select("select[name]")
    }
    answer = posted(client, address, address, **typed | {"started": "2022-01-01"})
    assert answer.status_code == 409, answer.get_data(as_text=True)
    said = answer.get_data(as_text=True)
    assert "同一个人（证件号码的代号相同，写的姓名或者户不一样）" in said
    assert f"/registers/post-holders/{rows[0]['id']}" in said
