"""The roster's page and command: looked at first, imported all or nothing."""

import io
import json
import re

import pytest
from click.testing import CliRunner

from forms_server.access import Role
from forms_server.cli import main
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.ledgers.books import workbook
from tests.server.pages import text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored

LIST = (
    "村|户主姓名|户类型|人数|身份证号\n柳林村|赵某甲|脱贫户|4|110105194912310021\n上坝村|钱某乙|一般户|2|x\n"
)
NEWER = "村|户主姓名|户类型|人数\n柳林村|赵某甲|脱贫户|5\n柳林村|孙某丙||1\n"


def upload(client, table, name="名册.xlsx"):
    data = table if isinstance(table, bytes) else workbook({"名册": table})
    fields = {"csrf_token": token(client, "/roster/"), "file": (io.BytesIO(data), name)}
    return client.post("/roster/check", data=fields, content_type="multipart/form-data")


def answer(client, shown, *labels):
    """Send the preview's form with the choices of these words."""
    form = page(shown).find("form", action=re.compile("/import$"))
    fields = {field["name"]: field["value"] for field in form.select("input[type=hidden], input[checked]")}
    fields |= {field.parent["name"]: field["value"] for field in form.select("option[selected]")}
    for label in labels:
        option = form.find("option", string=label)
        if option:
            fields[option.parent["name"]] = option["value"]
        else:
            chosen = next(each for each in form.find_all("label") if each.text.strip() == label)
            fields[chosen.input["name"]] = chosen.input["value"]
    return client.post(form["action"], data=fields)


def confirm(client, shown):
    """Send the preview's form as it was shown."""
    return answer(client, shown)


@pytest.fixture
def east(signed_in):
    return signed_in(EAST, Role.REPORTER)


def test_a_list_is_shown_and_stored_once_it_is_confirmed(app, east):
    shown = upload(east, LIST)
    assert "2 户新增" in text_of(shown)
    assert "没有读的栏：身份证号" in text_of(shown)
    assert stored(app, "household") == []
    assert confirm(east, shown).status_code == 303
    assert {row["householder"] for row in stored(app, "household")} == {"赵某甲", "钱某乙"}
    assert "共 2 户" in text_of(east.get("/roster/"))
    assert "完全一致" in text_of(upload(east, LIST))
    newer = text_of(upload(east, NEWER))
    assert "1 户新增 1 户变更 0 户没有变化 0 户停用" in newer
    assert "钱某乙" not in newer  # of another village than the list is about
    assert "名册!B2 赵某甲 人数 4 5" in newer


def test_what_is_wrong_is_reported_by_cell_and_nothing_is_stored(app, east):
    shown = upload(east, "村|户主姓名\n石桥村|赵某甲\n|钱某乙\n柳林村|孙某丙\n")
    assert shown.status_code == 422
    assert "没有导入任何一户" in text_of(shown)
    assert "名册!A2" in text_of(shown)
    assert page(shown).find("form", action=re.compile("/import$")) is None
    assert upload(east, b"not a workbook").status_code == 422
    assert upload(east, b"", "").status_code == 422
    assert stored(app, "household") == []


def test_a_roster_that_was_changed_meanwhile_is_shown_again(app, east, signed_in):
    shown = upload(east, LIST)
    other = signed_in(EAST, Role.PRINCIPAL)
    confirm(other, upload(other, NEWER))
    again = confirm(east, shown)
    assert "核对以后名册又有了变动" in text_of(again)
    assert len(stored(app, "household")) == 2


def test_households_that_a_list_lacks_are_asked_about_and_switched_off_by_a_person_alone(app, east):
    confirm(east, upload(east, "村|户主姓名|户类型\n柳林村|赵某甲|脱贫户\n柳林村|钱某乙|脱贫户\n"))
    shown = upload(east, "村|户主姓名|户类型\n柳林村|赵某甲|脱贫户\n")
    assert shown.status_code == 422
    assert "柳林村委会：钱某乙（1 户，占本村同类户的 50%）" in text_of(shown)
    assert "还有 1 处要您回答" in text_of(confirm(east, shown))
    shown = answer(east, shown, "停用")
    assert "1 户停用" in text_of(shown)
    assert all(row["active"] for row in stored(app, "household"))
    assert confirm(east, shown).status_code == 303
    assert {row["householder"]: row["active"] for row in stored(app, "household")} == {
        "赵某甲": True,
        "钱某乙": False,
    }


def test_a_type_that_the_form_does_not_have_is_asked_once_and_remembered_for_the_unit(app, east):
    table = "村|户主姓名|户类型\n柳林村|赵某甲|防止返贫致贫对象\n"
    shown = upload(east, table)
    assert "防止返贫致贫对象" in text_of(shown)
    shown = answer(east, shown, "边缘易致贫户")
    assert confirm(east, shown).status_code == 303
    assert [row["household_type"] for row in stored(app, "household")] == ["bianyuan"]
    assert "本单位以前选过" in text_of(upload(east, table))


def test_a_household_that_a_record_named_is_linked_when_the_roster_brings_it(app, east):
    file(east, HOUSEHOLD, **ISSUE)
    [made] = stored(app, "household")
    assert (made["listed"], made["active"]) == (False, False)
    confirm(east, upload(east, "户编号|村|户主姓名|户类型\nH1|柳林村|张 某某|一般户\n"))
    [listed] = stored(app, "household")
    assert (listed["id"], listed["number"], listed["listed"], listed["active"]) == (
        made["id"],
        "H1",
        True,
        True,
    )


def test_who_may_import(app, signed_in, east):
    shown = upload(east, LIST)
    form = page(shown).find("form", action=re.compile("/import$"))
    for unit, role, village in (
        (EAST, Role.REPORTER, EAST_WILLOW), (WATER, Role.REPORTER, None), (WEST, Role.REPORTER, None),
    ):  # fmt: skip
        client = signed_in(unit, role, village)
        fields = {"csrf_token": token(client, "/roster/"), "seen": "", "name": ""}
        refused = client.post(form["action"], data=fields).status_code
        assert refused == (404 if unit == WEST else 403)
    assert "选 Excel 文件" not in text_of(signed_in(EAST, Role.REPORTER, EAST_WILLOW).get("/roster/"))
    office = signed_in(OFFICE, Role.OFFICE)
    county = "镇|村|户主姓名\n东河镇|柳林村|赵某甲\n西岭镇|柳林村|李某丁\n"
    assert confirm(office, upload(office, county)).status_code == 303
    assert "西岭镇柳林村委会" in text_of(office.get("/roster/"))
    assert "李某丁" not in text_of(east.get("/visits/household-issues/"))


def test_the_command_imports_what_the_page_does(tmp_path, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    runner, file = CliRunner(), tmp_path / "名册.xlsx"
    assert runner.invoke(main, ["init"]).exit_code == 0
    file.write_bytes(
        workbook({"名册": "乡镇|行政村|户主姓名|户编号\n丁里镇|河头村|赵某甲|H1\n丁里镇|河头村|钱某乙|H2\n"})
    )
    dry = runner.invoke(main, ["roster", "import", str(file), "--dry-run"])
    assert (
        dry.output.strip()
        == "核对完毕，没有导入：新增 2 户，变更 0 户，没有变化 0 户，停用 0 户，表里没有而不停用 0 户"
    )
    done = runner.invoke(main, ["roster", "import", str(file)])
    assert (done.exit_code, "已导入：新增 2 户" in done.output) == (0, True)
    again = runner.invoke(main, ["roster", "import", str(file), "--unit", "丁里镇"])
    assert "新增 0 户，变更 0 户，没有变化 2 户" in again.output
    file.write_bytes(workbook({"名册": "村|户主姓名\n没有的村|赵某甲\n"}))
    wrong = runner.invoke(main, ["roster", "import", str(file)])
    assert wrong.exit_code == 1
    assert "名册!A2: " in wrong.output
    assert "没有导入；有 1 处要回答" in wrong.output
    assert runner.invoke(main, ["roster", "import", str(file), "--unit", "无此镇"]).exit_code == 1


def test_the_command_asks_what_the_page_asks(tmp_path, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    runner, file_, answers = CliRunner(), tmp_path / "名册.xlsx", tmp_path / "answers.json"
    assert runner.invoke(main, ["init"]).exit_code == 0
    file_.write_bytes(
        workbook({"名册": "村|户主姓名|户类型\n河头村|赵某甲|低收入人口\n河头村|钱某乙|低收入人口\n"})
    )
    command = ["roster", "import", str(file_), "--unit", "丁里镇"]
    asked = runner.invoke(main, [*command, "--dry-run", "--json"])
    assert asked.exit_code == 1
    document = json.loads(asked.stdout)
    assert (document["new"], document["stored"]) == (2, False)
    [question] = document["questions"]
    assert (question["typed"], question["count"]) == ("低收入人口", 2)
    assert "（要回答）" in runner.invoke(main, command).output
    question["answer"] = "照原文保留"
    answers.write_text(json.dumps(document), encoding="utf-8")
    done = runner.invoke(main, [*command, "--answers", str(answers)])
    assert (done.exit_code, "已导入：新增 2 户" in done.output) == (0, True)
