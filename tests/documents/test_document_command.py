import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from build_scripts.documents.document_command import document
from build_scripts.documents.document_kinds import KINDS
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from tests.summary.records import Records, new_database, store

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"
UNIT = load_campaign(FIRE).filing_units[0]


def run(home: Path, *arguments: str) -> Result:
    environment = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(FIRE), "HUITOUKAN_DATABASE": ""}
    return CliRunner().invoke(document, arguments, env=environment)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A live database of another campaign than the one that the project comes with, with one issue."""
    campaign = load_campaign(FIRE)
    engine = new_database(f"sqlite:///{tmp_path}/huitoukan.sqlite3")
    with engine.begin() as connection:
        records = Records(
            issues=[(UNIT.code, campaign.problem_types[0].id, "rectifying")], campaign=campaign.id
        )
        store(connection, records)
        connection.exec_driver_sql("UPDATE issue SET deadline = '2023-10-01'")
    engine.dispose()
    return tmp_path


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "report"])
def test_each_kind_is_written_for_any_campaign(home: Path, kind: str) -> None:
    out = home / f"{kind}.docx"
    unit = ["--unit", UNIT.code] if KINDS[kind].of_unit else []
    done = run(home, kind, *unit, "--date", "2023-11-01", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "回头看" not in "".join(paragraph.text for paragraph in Document(str(out)).paragraphs)
    assert Document(str(out)).core_properties.title == KINDS[kind].name


def test_scripts_get_json_and_nothing_else(home: Path) -> None:
    out = home / "a.docx"
    done = run(home, "reminder", "--unit", UNIT.name, "--date", "2023-11-01", "--json", "--out", str(out))
    assert json.loads(done.stdout) == {
        "kind": "reminder", "name": "督办单", "unit_code": UNIT.code, "date": "2023-11-01", "file": str(out),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("report", "--unit", UNIT.code), "没有要求写自查报告"),
        (("report",), "请用 --unit 写上单位的名称或者代码"),
        (("report", "--unit", "nobody"), "没有填报单位“nobody”"),
        (("reminder", "--unit", UNIT.code, "--date", "2023-10-01"), "没有逾期的问题"),
        (("circular", "--source", "sqlite:////no/where"), "没有找到"),
        (("circular", "--checklist", "no-such-folder"), "no-such-folder"),
    ],
)
def test_what_can_not_be_written_is_said(home: Path, arguments: tuple[str, ...], expected: str) -> None:
    done = run(home, *arguments, "--out", str(home / "a.docx"))
    assert done.exit_code == 1
    assert expected in done.stderr
    assert not (home / "a.docx").exists()


@pytest.mark.parametrize(
    ("name", "expected"), [("a.doc", "不是 .docx 文件名"), ("there.docx", "已经有"), ("no/a.docx", "写不进")]
)
def test_a_wrong_place_is_refused(home: Path, name: str, expected: str) -> None:
    (home / "there.docx").write_bytes(b"mine")
    done = run(home, "circular", "--out", str(home / name))
    assert done.exit_code == 1
    assert expected in done.stderr
    assert (home / "there.docx").read_bytes() == b"mine"


def test_a_template_can_be_had_without_records(tmp_path: Path) -> None:
    done = run(tmp_path, "report", "--template", "--out", str(tmp_path / "report.docx"))
    assert done.exit_code == 0, done.output
    text = [paragraph.text for paragraph in Document(str(tmp_path / "report.docx")).paragraphs]
    assert "{{ 标题 }}" in text
