from pathlib import Path

from click.testing import CliRunner, Result
from openpyxl import load_workbook

from build_scripts.build_commands import COMMANDS
from build_scripts.lazy_group import load
from build_scripts.settings import PROJECT
from build_scripts.workbooks.template_command import template
from checklist.loading.loader import load_campaign

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(template, arguments, env={"HUITOUKAN_CHECKLIST": str(FIRE)})


def test_the_command_is_one_of_the_package() -> None:
    assert load(COMMANDS["template"]) is template


def test_another_campaigns_forms_need_no_change_of_code(tmp_path: Path) -> None:
    campaign = load_campaign(FIRE)
    for form in (*campaign.record_forms, campaign.summary_table):
        out = tmp_path / f"{form.id}.xlsx"
        result = run(form.id, "--out", str(out), "--unit", campaign.filing_units[0].code)
        assert result.exit_code == 0, result.output
        assert load_workbook(out).worksheets[0].title == form.name


def test_a_unit_is_named_by_code_or_by_any_of_its_names(tmp_path: Path) -> None:
    unit = load_campaign(FIRE).filing_units[0]
    written = set()
    for number, typed in enumerate((unit.code, unit.name, *unit.aliases)):
        out = tmp_path / f"{number}.xlsx"
        result = run("hazards", "--out", str(out), "--unit", typed)
        assert result.exit_code == 0, result.output
        written.add(out.read_bytes())
    assert len(written) == 1


def test_a_workbook_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    out.write_bytes(b"filled in")
    result = run("hazards", "--out", str(out))
    assert result.exit_code == 1
    assert "请换一个文件名" in result.stderr
    assert out.read_bytes() == b"filled in"


def test_wrong_calls_say_what_is_wrong_and_write_nothing(tmp_path: Path) -> None:
    for arguments, expected in [
        (["hazards", "--out", str(tmp_path / "a.xls")], "不以 .xlsx 结尾"),
        (["nothing", "--out", str(tmp_path / "a.xlsx")], "没有“nothing”这个表"),
        (["hazards", "--out", str(tmp_path / "a.xlsx"), "--unit", "nobody"], "没有填报单位“nobody”"),
        (["hazards", "--out", str(tmp_path / "none" / "a.xlsx")], "写不进"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1
        assert expected in result.stderr
    assert list(tmp_path.iterdir()) == []
