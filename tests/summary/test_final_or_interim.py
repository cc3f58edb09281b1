"""What is published as final, what calls itself 中间数字, and what is refused: by the command, as the office runs it."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, update

from build_scripts.counting.summary_lines import HEADER, read_csv
from build_scripts.handbook.site_build import handbook_at
from build_scripts.settings import PROJECT, Settings
from build_scripts.summary.export_command import export
from build_scripts.summary.summary_command import summary
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server import audit
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.db.tables import account, issue, signed_return
from tests.summary.records import CLERK, NOW, Records, store, write_parquet
from tests.summary.returns import sign

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"
MOMENT = "2022-08-30T16:05"


def environment(home: Path) -> dict[str, str]:
    return {
        "HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(FIRE), "HUITOUKAN_DATABASE": "",
        "HUITOUKAN_NOW": MOMENT,
    }  # fmt: skip


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(summary, arguments, env=environment(home))


@pytest.fixture(scope="module")
def fire() -> Campaign:
    return load_campaign(FIRE)


@pytest.fixture
def database(tmp_path: Path, fire: Campaign) -> Engine:
    """A live database where the settings say, with two issues of the first unit."""
    engine = make_engine(f"sqlite:///{tmp_path}/huitoukan.sqlite3", b"key")
    migrate(engine)
    unit, problem_type = fire.filing_units[0].code, fire.problem_types[-1].id
    issues = [(unit, problem_type, state) for state in ("rectifying", "rectified")]
    with transaction(engine) as connection:
        clerk = {"id": CLERK, "name": "clerk", "unit_code": unit, "role": "reporter", "password_hash": "-"}
        connection.execute(account.insert(), [clerk | {"must_change_password": False, "created_at": NOW}])
        store(connection, Records(issues=issues, campaign=fire.id))
        connection.execute(update(issue).values(form_id=fire.record_forms[0].id))
    return engine


def receive(engine: Engine, campaign: Campaign, units: Sequence[str]) -> None:
    """These units sign their records as they are, and the office receives the returns."""
    with transaction(engine) as connection:
        for code in units:
            sign(connection, campaign, code, state="received")
            audit.record(connection, NOW, None, "signed_return", f"return-{code}-1", "sign")


@pytest.fixture
def all_received(database: Engine, fire: Campaign) -> Engine:
    receive(database, fire, [unit.code for unit in fire.filing_units])
    return database


@pytest.fixture
def sent_back(all_received: Engine) -> Engine:
    """A department sent an issue back after everything was received."""
    with transaction(all_received) as connection:
        identity = connection.execute(select(issue.c.id).where(issue.c.state == "rectified")).scalar_one()
        connection.execute(update(issue).where(issue.c.id == identity).values(state="rectifying", version=2))
        audit.record(connection, NOW, None, "issue", identity, "send_back", {"from": "rectified"})
    return all_received


def only(home: Path, pattern: str) -> Path:
    (found,) = (home / "summary").glob(pattern)
    return found


def figures(path: Path) -> dict[str, int]:
    rows = read_csv(path)
    return {name: sum(row.figure(name) for row in rows) for name in ("found", "rectified", "rectifying")}


def test_with_returns_missing_it_is_refused_and_every_missing_unit_is_named(
    database: Engine, fire: Campaign, tmp_path: Path
) -> None:
    first, *others = fire.filing_units
    receive(database, fire, [first.code])
    refused = run(tmp_path)
    assert refused.exit_code == 1
    assert f"1/{len(fire.filing_units)}" in refused.stderr
    assert f"没有签字报送 {len(others)} 个：{'、'.join(unit.name for unit in others)}" in refused.stderr
    assert not (tmp_path / "summary").exists()
    told = json.loads(run(tmp_path, "--json").stdout)
    assert told["refused"]
    assert told["received"] == f"1/{len(fire.filing_units)}"


def test_interim_figures_say_so_in_title_sheet_file_and_page(
    database: Engine, fire: Campaign, tmp_path: Path
) -> None:
    receive(database, fire, [fire.filing_units[0].code])
    total = len(fire.filing_units)
    done = run(tmp_path, "--interim", "--by", "area")
    assert done.exit_code == 0, done.output
    assert f"中间数字：截至2022年8月30日 16:05，{total} 个单位已接收 1 个（1/{total}）" in done.output
    for path in (*(tmp_path / "summary").glob("county*.xlsx"), *(tmp_path / "summary" / "units").iterdir()):
        assert f"中间数字-1of{total}-20220830T1605" in path.name
        sheet = openpyxl.load_workbook(path).worksheets[0]
        assert f"中间数字1／{total}截至8月30日16：05" in sheet.title
        words = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value]
        assert any(
            word.endswith(f"（中间数字 1/{total}，截至2022年8月30日 16:05）") and fire.notice.county[:1]
            for word in words
        )
    for name in ("by-area", "summary"):
        assert only(tmp_path, f"{name}*.csv").name == f"{name}-中间数字-1of{total}-20220830T1605.csv"
    page = (tmp_path / "summary" / "handbook" / "summary" / "index.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {fire.summary_table.name}（中间数字 1/{total}，截至2022年8月30日 16:05）")


def test_readers_of_the_contract_never_take_interim_figures_for_final_ones(
    database: Engine, tmp_path: Path
) -> None:
    assert run(tmp_path, "--interim").exit_code == 0
    assert not (tmp_path / "summary" / "summary.csv").exists()
    state = json.loads((tmp_path / "summary" / "published.json").read_text(encoding="utf-8"))
    assert (state["final"], state["received"], state["as_of"]) == (False, 0, MOMENT)
    with (tmp_path / "summary" / state["csv"]).open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == HEADER


def test_with_everything_received_it_is_final(database: Engine, fire: Campaign, tmp_path: Path) -> None:
    assert run(tmp_path, "--interim").exit_code == 0
    receive(database, fire, [unit.code for unit in fire.filing_units])
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert "中间数字" not in done.output
    assert figures(tmp_path / "summary" / "summary.csv") == {"found": 2, "rectified": 1, "rectifying": 1}
    # The interim files are gone, and the final ones say their moment.
    assert [path.name for path in (tmp_path / "summary").glob("*中间数字*")] == []
    sheet = openpyxl.load_workbook(tmp_path / "summary" / "county.xlsx").worksheets[0]
    assert sheet.title == fire.summary_table.name
    words = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row if cell.value]
    assert f"截至2022年8月30日 16:05，{len(fire.filing_units)} 个单位的报送全部接收。" in words


def test_a_signed_return_that_nobody_received_is_waited_for(
    all_received: Engine, fire: Campaign, tmp_path: Path
) -> None:
    last = fire.filing_units[-1]
    with transaction(all_received) as connection:
        of_last = signed_return.c.unit_code == last.code
        connection.execute(update(signed_return).where(of_last).values(state="signed"))
    refused = run(tmp_path)
    assert refused.exit_code == 1
    assert f"已签字，办公室还没有接收 1 个：{last.name}" in refused.stderr


def test_an_issue_sent_back_after_reception_lets_the_final_table_wait(
    sent_back: Engine, fire: Campaign, tmp_path: Path
) -> None:
    refused = run(tmp_path)
    assert refused.exit_code == 1
    assert f"签字以后内容又有改动，要重新签字 1 个：{fire.filing_units[0].name}" in refused.stderr
    with transaction(sent_back) as connection:
        code = fire.filing_units[0].code
        sign(connection, fire, code, state="received", number=2)
        audit.record(connection, NOW, None, "signed_return", f"return-{code}-2", "sign")
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert figures(tmp_path / "summary" / "summary.csv")["rectifying"] == 2


def test_a_change_that_moves_no_figure_lets_it_wait_too(
    all_received: Engine, fire: Campaign, tmp_path: Path
) -> None:
    with transaction(all_received) as connection:
        identity = connection.execute(select(issue.c.id).limit(1)).scalar_one()
        connection.execute(
            update(issue).where(issue.c.id == identity).values(content="屋顶漏雨。", version=2)
        )
        audit.record(connection, NOW, None, "issue", identity, "edit", {"fields": ["content"]})
    assert run(tmp_path).exit_code == 1


def test_a_name_that_several_households_bear_lets_it_wait(
    all_received: Engine, fire: Campaign, tmp_path: Path
) -> None:
    place = {"householder": "张某某", "village_code": "999001001200", "household_id": None}
    with transaction(all_received) as connection:
        connection.execute(update(issue).values(**place))
    refused = run(tmp_path)
    assert refused.exit_code == 1
    assert "“同名待定”" in refused.stderr
    assert f"“{fire.filing_units[0].name}”有 2 条写的名字" in refused.stderr
    assert run(tmp_path, "--interim").exit_code == 0


def test_a_likely_double_that_nobody_was_asked_about_is_listed(all_received: Engine, tmp_path: Path) -> None:
    with transaction(all_received) as connection:
        connection.execute(update(issue).values(level="village", village_code="v", content="塘里有垃圾。"))
    run(tmp_path, "--interim")
    assert "同一处、同一类" in (tmp_path / "summary" / "reconciliation.csv").read_text("utf-8-sig")


def test_closing_an_issue_does_not(all_received: Engine, tmp_path: Path) -> None:
    with transaction(all_received) as connection:
        identity = connection.execute(select(issue.c.id).where(issue.c.state == "rectified")).scalar_one()
        connection.execute(update(issue).where(issue.c.id == identity).values(state="closed", version=2))
        audit.record(connection, NOW, None, "issue", identity, "verify")
    assert run(tmp_path).exit_code == 0


def test_the_frozen_returns_are_compiled_as_they_were_signed(
    sent_back: Engine, fire: Campaign, tmp_path: Path
) -> None:
    options = ("--as-signed", "--by", "day", "--by", "village", "--since", "2022-08-01")
    assert run(tmp_path, *options).exit_code == 1
    assert not (tmp_path / "summary").exists()
    done = run(tmp_path, *options, "--interim")
    assert done.exit_code == 0, done.output
    assert figures(only(tmp_path, "summary-*.csv")) == {"found": 2, "rectified": 1, "rectifying": 1}
    expected = len(fire.filing_units)
    share = f"{expected} 个单位已接收 {expected - 1} 个（{expected - 1}/{expected}）"
    words = f"按签字报送的内容，截至2022年8月30日 16:05，{share}，另有 1 个签字以后又有改动"
    assert words in done.output
    assert words in (tmp_path / "summary" / "handbook" / "summary" / "index.md").read_text(encoding="utf-8")


def test_the_frozen_returns_are_final_once_all_are_received(all_received: Engine, tmp_path: Path) -> None:
    done = run(tmp_path, "--as-signed")
    assert done.exit_code == 0, done.output
    assert "按签字报送的内容" in done.output
    assert (tmp_path / "summary" / "summary.csv").exists()


def test_what_was_never_signed_is_no_part_of_the_frozen_returns(database: Engine, tmp_path: Path) -> None:
    assert run(tmp_path, "--as-signed").exit_code == 1
    done = run(tmp_path, "--as-signed", "--interim")
    assert done.exit_code == 0, done.output
    assert figures(only(tmp_path, "summary-*.csv")) == {"found": 0, "rectified": 0, "rectifying": 0}
    assert {row.reported for row in read_csv(only(tmp_path, "summary-*.csv"))} == {"no"}


def test_an_altered_frozen_copy_is_never_compiled(
    all_received: Engine, fire: Campaign, tmp_path: Path
) -> None:
    with transaction(all_received) as connection:
        of_first = signed_return.c.unit_code == fire.filing_units[0].code
        connection.execute(update(signed_return).where(of_first).values(sha256="0" * 64))
    for arguments in ((), ("--as-signed",)):
        refused = run(tmp_path, *arguments)
        assert refused.exit_code == 1
        assert f"存档被改动过，要重新签字 1 个：{fire.filing_units[0].name}" in refused.stderr


def test_an_export_carries_where_the_returns_stand(
    all_received: Engine, fire: Campaign, tmp_path: Path
) -> None:
    exported = tmp_path / "exported"
    written = CliRunner().invoke(export, ["--parquet", str(exported)], env=environment(tmp_path))
    assert written.exit_code == 0, written.output
    source = ("--source", str(exported / "*" / "*.parquet"))
    done = run(tmp_path, *source)
    assert done.exit_code == 0, done.output
    assert "截至2022年8月30日 16:05" in done.output
    assert run(tmp_path, *source, "--as-signed").exit_code == 1


def test_an_export_of_a_county_that_waits_makes_the_whole_interim(
    database: Engine, fire: Campaign, tmp_path: Path
) -> None:
    exported = tmp_path / "exported"
    CliRunner().invoke(export, ["--parquet", str(exported)], env=environment(tmp_path))
    refused = run(tmp_path, "--source", str(exported / "*" / "*.parquet"))
    assert refused.exit_code == 1
    assert f"没有签字报送 {len(fire.filing_units)} 个" in refused.stderr


def test_files_that_do_not_tell_are_interim(fire: Campaign, tmp_path: Path) -> None:
    glob = write_parquet(tmp_path / "county", Records(campaign=fire.id))
    refused = run(tmp_path, "--source", glob)
    assert refused.exit_code == 1
    assert f"数据来源里没有报送情况 {len(fire.filing_units)} 个" in refused.stderr
    assert run(tmp_path, "--source", glob, "--interim").exit_code == 0


def test_the_handbook_shows_the_interim_figures_as_such(
    database: Engine, fire: Campaign, tmp_path: Path
) -> None:
    run(tmp_path, "--interim")
    pages = handbook_at(Settings.from_environment(environment(tmp_path))).pages
    shown = [path for path, text in pages.items() if "中间数字 0/" in text]
    assert "summary/index.md" in shown
    assert f"summary/{fire.filing_units[0].code}.md" in shown
    chart = pages["summary/index.md"].partition('class="drawing')[2] or pages["summary/index.md"]
    assert "截至2022年8月30日 16:05" in chart


def test_figures_without_a_word_of_their_moment_are_taken_for_interim(
    all_received: Engine, tmp_path: Path
) -> None:
    """As an earlier version wrote them."""
    run(tmp_path)
    (tmp_path / "summary" / "published.json").unlink()
    page = handbook_at(Settings.from_environment(environment(tmp_path))).pages["summary/index.md"]
    assert "（中间数字）" in page
    assert "没有记下截至什么时候" in page
