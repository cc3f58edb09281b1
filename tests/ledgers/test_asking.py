"""What is not certain is asked once for each text, before anything is stored, and remembered."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from checklist.questions import AnswerChoice, AnswerOrigin, Answers, Question, QuestionKind, RememberedAnswer
from forms_server.access import Role
from forms_server.db.tables import audit, issue, remembered_reading
from tests.builders import EAST, EAST_WILLOW, OFFICE, WEST
from tests.ledgers.books import HOUSEHOLD, workbook
from tests.ledgers.test_commands import SHIPPED, Run, run
from tests.ledgers.test_pages import count, upload
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of, token

__all__ = ["app", "run", "signed_in"]

UNCLEAR = HOUSEHOLD.replace("2022.8.25|", "2022.8.25|已开会研究").replace(
    "长期坚持|正在整改", "长期坚持|已开会 研究"
)
"""One text in two rows, that says neither done nor open."""


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def answer(client: FlaskClient, page: TestResponse, **answers: str) -> TestResponse:
    """Press the button of a preview, with what is preselected, and other answers by the text that they are about."""
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    form = html.find("form", action=re.compile("/import$"))
    assert form is not None
    fields = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    for question in form.select(".question"):
        typed = question.select_one(".typed")
        assert typed is not None
        inputs = question.select("input, select")
        ticked = [str(each["value"]) for each in question.select("input[checked], option[selected]")]
        chosen = answers.get(typed.get_text(), ticked[0] if ticked else None)
        if chosen is not None:
            fields[str(inputs[0]["name"])] = chosen
    return client.post(str(form["action"]), data=fields)


def states(app: Flask, *householders: str) -> list[str]:
    """The states of the issues of these households."""
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(select(issue.c.householder, issue.c.state))
        found = {row.householder: row.state for row in rows}
    return [found[name] for name in householders]


def test_each_text_is_asked_once_and_blocks_until_it_is_answered(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": UNCLEAR}))
    assert page.status_code == 422
    said = text_of(page)
    assert "1 处要您回答" in said
    assert "已开会研究 整改成效，2 行（户内!L2、户内!L4）" in said
    again = answer(east, page)
    assert "还有 1 处要您回答，没有导入" in text_of(again)
    assert count(app) == 0
    shown = answer(east, again, 已开会研究="done")
    assert "已按您的回答重新核对。" in text_of(shown)
    assert count(app) == 0
    assert answer(east, shown).status_code == 303
    assert states(app, "张某某", "王某", "赵某某") == ["rectified"] * 3


def test_an_answer_is_remembered_for_the_unit_and_can_be_changed(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    shown = answer(east, upload(east, workbook({"户内": UNCLEAR})), 已开会研究="done")
    answer(east, shown)
    more = UNCLEAR.replace("张某某", "钱某某").replace("王某|", "周某|").replace("|赵某某", "|吴某某")
    page = upload(east, workbook({"户内": more}))
    assert page.status_code == 200
    assert "本单位以前选过" in text_of(page)
    changed = answer(east, page, 已开会研究="open")
    assert answer(east, changed).status_code == 303
    assert states(app, "钱某某", "周某", "吴某某") == ["rectifying", "rectified", "rectifying"]
    west = signed_in(WEST, Role.REPORTER)
    table = (
        HOUSEHOLD.replace("东河镇", "西岭镇")
        .replace("上坝村", "石桥村")
        .replace("2022.8.25|", "2022.8.25|已开会研究")
    )
    assert "1 处要您回答" in text_of(upload(west, workbook({"户内": table})))


def test_what_is_left_can_be_answered_at_once(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": UNCLEAR.replace("已开会 研究", "报上级")}))
    html = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    form = html.find("form", action=re.compile("/import$"))
    assert form is not None
    assert form.find("input", {"name": "answer-question-outcome", "value": "open"}) is not None
    fields = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    shown = east.post(str(form["action"]), data=fields | {"answer-question-outcome": "open"})
    assert answer(east, shown).status_code == 303
    assert states(app, "张某某", "王某", "赵某某") == ["rectifying", "rectified", "rectifying"]


def test_a_name_that_is_not_known_is_chosen_for_all_rows_at_once(app: Flask, east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD.replace("脱贫户", "低保户")}))
    assert "低保户 户类型，2 行" in text_of(page)
    shown = answer(east, page, 低保户="yiban")
    assert answer(east, shown).status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        kinds = connection.execute(select(issue.c.household_type).order_by(issue.c.id)).scalars().all()
    assert kinds == ["yiban", "yiban", "yiban"]


def test_the_likely_name_is_preselected_and_shown(east: FlaskClient) -> None:
    page = upload(east, workbook({"户内": HOUSEHOLD.replace("住房安全", "住房安金")}))
    assert page.status_code == 200
    assert "先替您选好了" in text_of(page)
    assert answer(east, page).status_code == 303


def test_answers_stay_when_a_corrected_file_is_sent(east: FlaskClient) -> None:
    wrong = UNCLEAR.replace("8月底", "2022.2.30")
    page = answer(east, upload(east, workbook({"户内": wrong})), 已开会研究="done")
    assert page.status_code == 422
    again = upload(east, workbook({"户内": UNCLEAR}))
    assert again.status_code == 200
    assert answer(east, again).status_code == 303


@pytest.mark.parametrize("value", ["closed", "", "<b>"])
def test_an_answer_that_is_no_choice_answers_nothing(app: Flask, east: FlaskClient, value: str) -> None:
    page = answer(east, upload(east, workbook({"户内": UNCLEAR})), 已开会研究=value)
    assert "还有 1 处要您回答" in text_of(page)
    assert count(app) == 0


def press(client: FlaskClient, change: str) -> TestResponse:
    """Press the first button of that kind on the page of what is remembered."""
    html = BeautifulSoup(client.get("/readings/").get_data(as_text=True), "html.parser")
    button = html.find("button", value=change)
    assert button is not None
    form = button.find_parent("form")
    assert form is not None
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    return client.post("/readings/", data=fields | {"change": change}, follow_redirects=True)


def test_the_office_sets_a_reading_for_all_units_and_takes_it_back(
    app: Flask, east: FlaskClient, signed_in: SignedIn
) -> None:
    answer(east, answer(east, upload(east, workbook({"户内": UNCLEAR})), 已开会研究="done"))
    office, west = signed_in(OFFICE, Role.OFFICE), signed_in(WEST, Role.REPORTER)
    assert "东河镇 整改成效 已开会研究 已整改" in text_of(office.get("/readings/"))
    assert "已开会研究" not in text_of(west.get("/readings/"))
    assert "已定为全县的读法" in text_of(press(office, "adopt"))
    assert "已开会研究" in text_of(west.get("/readings/"))
    table = (
        HOUSEHOLD.replace("东河镇", "西岭镇")
        .replace("上坝村", "石桥村")
        .replace("2022.8.25|", "2022.8.25|已开会研究")
    )
    assert "办公室定的全县读法" in text_of(upload(west, workbook({"户内": table})))
    press(office, "forget")
    assert "1 处要您回答" in text_of(upload(west, workbook({"户内": table})))
    with app.extensions["huitoukan"].engine.connect() as connection:
        said = (
            connection.execute(
                select(audit.c.action).where(audit.c.subject == "remembered_reading").order_by(audit.c.id)
            )
            .scalars()
            .all()
        )
    assert said == ["remember", "remember", "forget"]


def test_a_unit_removes_its_own_readings_only(app: Flask, east: FlaskClient, signed_in: SignedIn) -> None:
    answer(east, answer(east, upload(east, workbook({"户内": UNCLEAR})), 已开会研究="done"))
    with app.extensions["huitoukan"].engine.connect() as connection:
        key = connection.execute(select(remembered_reading.c.question_key)).scalar_one()
    fields = {"unit": EAST, "key": key, "change": "forget"}
    for client, change in (
        (signed_in(WEST, Role.REPORTER), "forget"),
        (signed_in(EAST, Role.REPORTER, village=EAST_WILLOW), "forget"),
        (east, "adopt"),
    ):
        posted = fields | {"csrf_token": token(client, "/readings/"), "change": change}
        assert client.post("/readings/", data=posted).status_code == 403
    assert "已删除" in text_of(press(east, "forget"))
    assert east.post("/readings/", data=fields | {"csrf_token": token(east, "/readings/")}).status_code == 404


def test_the_command_asks_and_takes_answers_from_a_file(run: Run, tmp_path: Path) -> None:
    source, asked = tmp_path / "in.xlsx", tmp_path / "asked.json"
    source.write_bytes(
        workbook(
            {"户内": SHIPPED.replace("2022.8.25|", "2022.8.25|已开会研究").replace("住房安全", "住房安金")}
        )
    )
    refused = run("ledger", "import", str(source), "--unit", "丁里镇")
    assert refused.exit_code == 1
    assert "没有导入；有 2 处要回答" in refused.stderr
    document = json.loads(
        run("ledger", "import", str(source), "--unit", "丁里镇", "--dry-run", "--json").stdout
    )
    assert [(each["typed"], each["answer"], each["likely"]) for each in document["questions"]] == [
        ("已开会研究", "", ""), ("住房安金", "", "housing"),
    ]  # fmt: skip
    document["questions"][0]["answer"] = "已整改"
    document["questions"][1]["answer"] = document["questions"][1]["likely"]
    asked.write_text(json.dumps(document), encoding="utf-8")
    done = run("ledger", "import", str(source), "--unit", "丁里镇", "--answers", str(asked))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "已导入：丁里镇，新增 3 条，修改 0 条，没有变化 0 条"
    other = tmp_path / "other.xlsx"
    other.write_bytes(
        workbook({"户内": SHIPPED.replace("2022.8.25|", "2022.8.25|已开会研究").replace("张某某", "钱某")})
    )
    later = json.loads(run("ledger", "import", str(other), "--unit", "丁里镇", "--dry-run", "--json").stdout)
    assert [(each["answer"], each["origin"]) for each in later["questions"]] == [
        ("done", "unit"), ("kept", "likely"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[1]", '{"questions": [1]}', '{"questions": {}}x', "\x00"])
def test_answers_that_are_none(run: Run, tmp_path: Path, text: str) -> None:
    source, asked = tmp_path / "in.xlsx", tmp_path / "asked.json"
    source.write_bytes(workbook({"户内": SHIPPED}))
    asked.write_text(text, encoding="utf-8")
    result = run("ledger", "import", str(source), "--unit", "丁里镇", "--answers", str(asked))
    assert result.exit_code == 1
    assert "不是回答所问的 JSON" in result.stderr


CHOICES = st.sampled_from(["a", "b", "c", ""])


@given(given=st.none() | CHOICES, remembered=CHOICES, likely=CHOICES, rest=CHOICES)
def test_the_answer_in_force(given: str | None, remembered: str, likely: str, rest: str) -> None:
    """What a person says now is stronger than what is remembered, and that than what is likely; no id is made up."""
    choices = (AnswerChoice("a", "甲"), AnswerChoice("b", "乙"))
    question = Question(QuestionKind.VALUE, "kind", "类型", "丙", choices, likely)
    said = {} if given is None else {question.key: given}
    said |= {"question-value": rest}
    known = {question.key: RememberedAnswer(remembered, AnswerOrigin.UNIT)} if remembered else {}
    answer = Answers(said, known).settle(question).answer
    strongest = [given] if given is not None else [remembered, likely, rest]
    assert answer == next((each for each in strongest if each in {"a", "b"}), "")
