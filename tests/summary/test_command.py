import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, update

from build_scripts.build_commands import COMMANDS
from build_scripts.counting.breakdown_dimensions import PARTS
from build_scripts.counting.summary_lines import FIGURES, read_csv
from build_scripts.lazy_group import load
from build_scripts.settings import PROJECT, Settings
from build_scripts.summary.summary_command import summary
from checklist.loading.loader import load_campaign
from forms_server.db.tables import issue
from tests.summary.records import Records, new_database, store, write_parquet
from tests.summary.returns import sign

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"


def run(home: Path, *arguments: str) -> Result:
    environment = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(FIRE), "HUITOUKAN_DATABASE": ""}
    return CliRunner().invoke(summary, arguments, env=environment)


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    """The live database of another campaign than the one that the project comes with, where the settings say."""
    campaign = load_campaign(FIRE)
    unit, problem_type = campaign.filing_units[0].code, campaign.problem_types[-1].id
    engine = new_database(f"sqlite:///{tmp_path}/huitoukan.sqlite3")
    issues = [(unit, problem_type, state) for state in ("rectifying", "closed", "withdrawn")]
    with engine.begin() as connection:
        store(connection, Records(issues=issues, campaign=campaign.id))
    engine.dispose()
    return engine


def test_the_command_is_one_of_the_package() -> None:
    assert load(COMMANDS["summary"]) is summary


@pytest.mark.usefixtures("database")
def test_another_campaigns_summary_needs_no_change_of_code(tmp_path: Path) -> None:
    result = run(tmp_path, "--interim")
    assert result.exit_code == 0, result.output
    assert "共排查问题 2 个，已整改 1 个，正在整改 1 个" in result.output
    campaign = load_campaign(FIRE)
    rows = read_csv(next((tmp_path / "summary").glob("summary-*.csv")))
    assert [(row.unit_code, row.problem_type_id) for row in rows] == [
        (unit.code, problem_type.id)
        for unit in campaign.filing_units
        for problem_type in campaign.problem_types
    ]
    assert {column: sum(row.figure(column) for row in rows) for column in FIGURES} == {
        "found": 2, "rectified": 1, "rectifying": 1, "proposed_households": 0, "proposed_people": 0,
    }  # fmt: skip


def test_a_wrong_source_writes_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "没有找到" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("database")
def test_what_does_not_reconcile_writes_nothing(tmp_path: Path) -> None:
    engine = new_database(f"sqlite:///{tmp_path}/other.sqlite3")
    with engine.begin() as connection:
        store(connection, Records(issues=[("nobody", "any", "closed")], campaign=load_campaign(FIRE).id))
    engine.dispose()
    result = run(tmp_path, "--source", f"sqlite:///{tmp_path}/other.sqlite3")
    assert result.exit_code == 1
    assert "填报单位“nobody”" in result.stderr
    assert not (tmp_path / "summary").exists()


def test_an_unknown_engine_is_a_wrong_call(tmp_path: Path) -> None:
    assert run(tmp_path, "--engine", "abacus").exit_code == 2


def test_settings_have_defaults_and_take_the_environment(tmp_path: Path) -> None:
    default = Settings.from_environment({"HUITOUKAN_HOME": ""})
    assert default.checklist == PROJECT / "checklist" / "2022-huitoukan"
    assert default.home == PROJECT / "var"
    assert default.database == f"sqlite:///{PROJECT.as_posix()}/var/huitoukan.sqlite3"
    assert Settings.from_environment({"HUITOUKAN_HOME": str(tmp_path)}).database.endswith(
        f"{tmp_path.as_posix()}/huitoukan.sqlite3"
    )
    assert (
        Settings.from_environment({"HUITOUKAN_DATABASE": "postgresql://a/b"}).database == "postgresql://a/b"
    )


@pytest.mark.usefixtures("database")
def test_more_is_written_where_more_is_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "--interim", "--by", "area", "--by", "day", "--by", "area", "--since", "2023-01-01")
    assert done.exit_code == 0, done.output
    written = {path.name for path in (tmp_path / "summary").iterdir()}
    stems = {name.partition("-中间数字-")[0] for name in written if "-中间数字-" in name}
    assert stems == {"by-area", "by-day", "since", "breakdowns", "summary", "county", "details", "days"}
    # And the folder is still known as ours.
    assert run(tmp_path, "--interim").exit_code == 0
    assert not list((tmp_path / "summary").glob("by-area*"))


@pytest.mark.usefixtures("database")
def test_scripts_get_json_and_nothing_else(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "--interim", "--json").stdout)
    assert told["total"]["found"] == 2
    assert told["folder"] == str(tmp_path / "summary")


def test_spark_that_does_not_start_gives_one_sentence(tmp_path: Path) -> None:
    glob = write_parquet(tmp_path / "county", Records())
    command = [
        "-m",
        "forms_server",
        "summary",
        "--source",
        glob,
        "--engine",
        "spark",
        "--out",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "JAVA_HOME": str(tmp_path), "HUITOUKAN_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "错误：Spark（local[*]）没有启动起来" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture
def signed_otherwise(database: Engine, tmp_path: Path) -> Path:
    """The same database once a unit has signed its return and then changed an issue; the folder that it lies in."""
    campaign = load_campaign(FIRE)
    with database.begin() as connection:
        sign(connection, campaign, campaign.filing_units[0].code)
        connection.execute(update(issue).where(issue.c.state == "closed").values(state="rectifying"))
    database.dispose()
    return tmp_path


def test_what_was_signed_otherwise_is_published_only_as_interim(signed_otherwise: Path) -> None:
    refused = run(signed_otherwise)
    assert refused.exit_code == 1
    assert "第 1 次报送（8月30日签字）里" in refused.stderr
    assert "有 2 处账账不符，没有出表；" in refused.stderr
    assert not (signed_otherwise / "summary").exists()
    told = json.loads(run(signed_otherwise, "--json").stdout)
    assert told["refused"]
    assert [each["column"] for each in told["differences"]] == ["rectified", "rectifying"]
    assert all(each["records"] for each in told["differences"])
    done = run(signed_otherwise, "--interim")
    assert done.exit_code == 0, done.output
    assert "这是中间数字" in done.output
    lines = (signed_otherwise / "summary" / "reconciliation.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["rectified", "rectifying"]


def test_two_processes_write_the_same_bytes(signed_otherwise: Path) -> None:
    """Whatever order Python's sets have in each of them."""
    written = []
    for seed in ("1", "2"):
        out = signed_otherwise / seed
        command = [sys.executable, "-m", "forms_server", "summary", "--interim", "--out", str(out)]
        command += [f"--by={part}" for part in PARTS] + ["--since=2022-08-01"]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "HUITOUKAN_HOME": str(signed_otherwise),
            "HUITOUKAN_CHECKLIST": str(FIRE),
            "HUITOUKAN_DATABASE": "",
            "HUITOUKAN_NOW": "2022-08-30T16:05",
        }
        subprocess.run(command, env=environment, check=True, capture_output=True)
        files = sorted(path for path in out.rglob("*") if path.is_file())
        written.append({path.relative_to(out).as_posix(): path.read_bytes() for path in files})
    assert written[0] == written[1]
    stems = {name.partition("-中间数字-")[0] for name in written[0]}
    assert {"breakdowns", "county", "days", "reconciliation.csv"} <= stems
