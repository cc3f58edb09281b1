"""Ledgers that are sent again, on the page of an import and on the command line."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms_server.access import Role
from tests.builders import EAST
from tests.ledgers.test_commands import Run, run
from tests.ledgers.test_pages import confirm, count, upload
from tests.ledgers.test_resent import ROWS, book
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of

__all__ = ["app", "run", "signed_in"]


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    client = signed_in(EAST, Role.REPORTER)
    assert confirm(client, upload(client, book(*ROWS))).status_code == 303
    return client


def answer(client: FlaskClient, page: TestResponse, choice: str) -> TestResponse:
    """Choose the same for every question of a page, and send it."""
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    form = html.find("form", action=re.compile("/import$"))
    assert form is not None
    fields = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[type=hidden]")}
    names = {str(each["name"]) for each in form.select("input[type=radio], select")}
    assert names
    return client.post(str(form["action"]), data=fields | dict.fromkeys(names, choice))


def test_a_reworded_row_is_shown_beside_what_is_recorded_and_chosen(app: Flask, east: FlaskClient) -> None:
    page = upload(east, book(ROWS[0].replace("西屋漏雨，墙角发霉", "房子一直在漏"), *ROWS[1:]))
    assert page.status_code == 422
    said = text_of(page)
    assert "有 1 行像是已经登记过" in said
    assert "房子一直在漏" in said
    assert "西屋漏雨，墙角发霉" in said
    again = answer(east, page, "same")
    assert "具体内容 西屋漏雨，墙角发霉 房子一直在漏" in text_of(again)
    assert answer(east, again, "same").status_code == 303
    assert count(app) == 5


def test_what_is_missing_is_listed_kept_by_default_and_withdrawn_on_request(
    app: Flask, east: FlaskClient
) -> None:
    page = upload(east, book(*ROWS[1:]))
    said = text_of(page)
    assert "登记过、表里没有" in said
    assert "共 1 条，都不动，照常计数" in said
    again = answer(east, page, "mistaken")
    assert "要撤销的" in text_of(again)
    done = answer(east, again, "mistaken")
    assert done.status_code == 303
    assert "撤销 1 条" in text_of(east.get(done.location))


def test_the_command_asks_too(run: Run, tmp_path: Path) -> None:
    def shipped(name: str, *rows: str) -> str:
        file = tmp_path / name
        file.write_bytes(book(*(row.replace("东河镇", "丁里镇").replace("上坝村", "河头村") for row in rows)))
        return str(file)

    first = shipped("1.xlsx", *ROWS)
    assert run("ledger", "import", first, "--unit", "丁里镇").exit_code == 0
    again = shipped("2.xlsx", ROWS[0].replace("西屋漏雨，墙角发霉", "房子一直在漏"), *ROWS[1:4])
    refused = run("ledger", "import", again, "--unit", "丁里镇")
    assert refused.exit_code == 1
    assert "（要回答）同一户、同一类已经登记了一条" in refused.stderr
    assert "登记过、表里没有" in refused.stderr
    document = run("ledger", "import", again, "--unit", "丁里镇", "--dry-run", "--json").stdout
    answers = tmp_path / "answers.json"
    questions = json.loads(document)["questions"]
    for question in questions:
        question["answer"] = question["answer"] or "same"
    answers.write_text(json.dumps({"questions": questions}), encoding="utf-8")
    done = run("ledger", "import", again, "--unit", "丁里镇", "--answers", str(answers))
    assert done.output.splitlines()[-1] == (
        "已导入：丁里镇，新增 0 条，修改 1 条，没有变化 3 条，表里没有的不动 1 条"
    )
