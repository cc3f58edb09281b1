"""The self-inspection report: written by the unit, kept on errors, under optimistic locking."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forms_server.access import Role
from forms_server.db import tables
from tests.builders import EAST, EAST_WILLOW, WATER, WEST
from tests.server.handing_in import fields_of, write_report
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page, value_of

SignedIn = Callable[..., FlaskClient]


def stored(app: Flask) -> dict[str, tuple[str, int]]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(tables.report_text))
        return {row.part_id: (row.text, row.version) for row in rows}


def test_the_parts_stand_there_with_the_units_figures(reporter: FlaskClient):
    file(reporter, HOUSEHOLD, **ISSUE)
    html = page(reporter.get("/report/"))
    assert [area["name"] for area in html.select("textarea")] == ["work", "next"]
    cells = [[cell.text for cell in row.select("td")] for row in html.select(".annex tbody tr")]
    assert cells == [["—"] * 5, ["1", "0", "1", "0", "0"], ["—"] * 5]


def test_what_was_written_is_saved_and_shown(app: Flask, reporter: FlaskClient):
    assert write_report(reporter, work="走访了三个村。\r\n共 40 户。").status_code == 303
    assert stored(app) == {"work": ("走访了三个村。\n共 40 户。", 1)}
    assert value_of(page(reporter.get("/report/")), "work") == "走访了三个村。\n共 40 户。"


def test_a_part_that_nobody_touched_keeps_its_version(app: Flask, reporter: FlaskClient):
    write_report(reporter, work="甲", next="乙")
    write_report(reporter, next="丙")
    write_report(reporter)
    assert stored(app) == {"work": ("甲", 1), "next": ("丙", 2)}
    assert "内容没有改动" in text_of(reporter.get("/report/"))


def test_a_part_can_be_cleared(app: Flask, reporter: FlaskClient):
    write_report(reporter, work="甲")
    write_report(reporter, work="")
    assert stored(app) == {"work": ("", 2)}


def test_what_is_wrong_keeps_all_that_was_typed(app: Flask, reporter: FlaskClient):
    answer = write_report(reporter, work="字" * 5001, next="下一步。")
    assert answer.status_code == 422
    html = page(answer)
    assert value_of(html, "next") == "下一步。"
    assert len(value_of(html, "work")) == 5001
    assert html.select_one("#error-work") is not None
    assert stored(app) == {}


def test_two_who_write_different_parts_both_keep_theirs(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
):
    opened = fields_of(reporter.get("/report/"))
    write_report(signed_in(EAST, Role.PRINCIPAL), next="负责人写的。")
    answer = post(reporter, "/report/", page="/password", **opened, work="填报人写的。", next="")
    assert answer.status_code == 303
    assert stored(app) == {"work": ("填报人写的。", 1), "next": ("负责人写的。", 1)}


def test_two_who_write_the_same_part_see_both_texts(app: Flask, reporter: FlaskClient, signed_in: SignedIn):
    opened = fields_of(reporter.get("/report/"))
    write_report(signed_in(EAST, Role.PRINCIPAL), work="负责人写的。")
    answer = post(reporter, "/report/", page="/password", **opened, work="填报人写的。", next="")
    assert answer.status_code == 409
    assert "负责人写的。" in text_of(answer)
    assert value_of(page(answer), "work") == "填报人写的。"
    assert stored(app)["work"] == ("负责人写的。", 1)
    again = post(reporter, "/report/", page="/password", **fields_of(answer), work="两边合起来。", next="")
    assert again.status_code == 303
    assert stored(app)["work"] == ("两边合起来。", 2)


def test_only_the_units_own_people_see_it(app: Flask, reporter: FlaskClient, signed_in: SignedIn):
    write_report(reporter, work="东河镇写的。")
    assert "东河镇写的。" not in text_of(signed_in(WEST, Role.REPORTER).get("/report/"))
    assert signed_in(EAST, Role.REPORTER, EAST_WILLOW).get("/report/").status_code == 404
    bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
    assert post(bound, "/report/", page="/password", work="村里写的。").status_code == 403
    assert stored(app)["work"] == ("东河镇写的。", 1)


def test_a_department_reads_its_units_report(signed_in: SignedIn):
    html = page(signed_in(WATER, Role.DEPARTMENT).get("/report/"))
    assert all(area.has_attr("readonly") for area in html.select("textarea"))
    assert not html.select("main button")


def test_every_change_is_audited_without_the_text(app: Flask, reporter: FlaskClient):
    write_report(reporter, work="走访了三个村。")
    with app.extensions["huitoukan"].engine.connect() as connection:
        query = select(tables.audit).where(tables.audit.c.subject == "report_text")
        [row] = connection.execute(query).all()
    assert (row.subject_id, row.action, row.change) == (f"small/{EAST}/work", "write", {"version": 1})


def test_the_page_has_a_form_that_works_without_script(reporter: FlaskClient):
    html = BeautifulSoup(reporter.get("/report/").get_data(as_text=True), "html.parser")
    assert html.select_one("main form button[type=submit]") is not None
