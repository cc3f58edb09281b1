"""The roster's page and command: looked at first, imported all or nothing."""

import io
import re

import pytest
from click.testing import CliRunner

from forms_server.access import Role
from forms_server.cli import main
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.ledgers.books import workbook
from tests.server.pages import text_of, token
from tests.server.records import page, stored

LIST = (
    "村|户主姓名|户类型|人数|身份证号\n柳林村|赵某甲|脱贫户|4|110105194912310021\n上坝村|钱某乙|一般户|2|x\n"
)
NEWER = "村|户主姓名|户类型|人数\n柳林村|赵某甲|脱贫户|5\n柳林村|孙某丙||1\n"


def upload(client, table, name="名册.xlsx"):
    data = table if isinstance(table, bytes) else workbook({"名册": table})
    fields = {"csrf_token": token(client, "/roster/"), "file": (io.BytesIO(data), name)}
    return client.post("/roster/check", data=fields, content_type="multipart/form-data")


def confirm(client, shown):
    form = page(shown).find("form", action=re.compile("/import$"))
    return client.post(
        form["action"], data={field["name"]: field["value"] for field in form.find_all("input")}
    )


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
        == "核对完毕，没有导入：新增 2 户，变更 0 户，没有变化 0 户，名册里有而表里没有的 0 户"
    )
    done = runner.invoke(main, ["roster", "import", str(file)])
    assert (done.exit_code, "已导入：新增 2 户" in done.output) == (0, True)
    again = runner.invoke(main, ["roster", "import", str(file), "--unit", "丁里镇"])
    assert "新增 0 户，变更 0 户，没有变化 2 户" in again.output
    file.write_bytes(workbook({"名册": "村|户主姓名\n没有的村|赵某甲\n"}))
    wrong = runner.invoke(main, ["roster", "import", str(file)])
    assert wrong.exit_code == 1
    assert "名册!A2: " in wrong.output
    assert "有 1 处不对，没有导入" in wrong.output
    assert runner.invoke(main, ["roster", "import", str(file), "--unit", "无此镇"]).exit_code == 1
