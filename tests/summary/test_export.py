import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, insert, update

from build_scripts.counting.breakdown import break_down
from build_scripts.counting.breakdown_dimensions import OTHER, PARTS
from build_scripts.counting.count_query import BadSource
from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.regions import county_code
from build_scripts.settings import PROJECT
from build_scripts.summary.compiling import SummaryOptions, compile_all
from build_scripts.summary.export_command import export as export_command
from build_scripts.summary.parquet_export import EXPORTED, export
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.db.tables import issue, proposed_household, register_row
from tests.builders import EAST, EAST_DAM
from tests.small_registers import campaign_with_registers
from tests.summary.records import BY_HAND, NOW, Records, compile_summary, new_database, store

FIRE = PROJECT / "tests" / "campaigns" / "2023-autumn-fire"
NAME = "欧阳某某"


def exported(engine: Engine, campaign: Campaign, folder: Path, records: Records = BY_HAND) -> str:
    """The glob that a city reads."""
    with engine.begin() as connection:
        store(connection, records)
    with opened(Source(engine.url.render_as_string())) as source:
        export(source, campaign, folder)
    return str(folder / "*" / "*.parquet")


def test_an_export_gives_the_same_summary_as_the_database(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    glob = exported(sqlite, campaign, tmp_path)
    options = SummaryOptions(tuple(PARTS), date(2022, 8, 20), interim=True)
    there = compile_all(campaign, Source(glob), options)
    here = compile_all(campaign, Source(sqlite.url.render_as_string()), options)
    assert (there.summary, there.breakdowns, there.changes) == (here.summary, here.breakdowns, here.changes)
    assert here.summary.county.total.found == 4


def test_an_export_stands_in_a_folder_of_its_county_and_campaign(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    exported(sqlite, campaign, tmp_path)
    exported(sqlite, campaign, tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    folder = f"{county_code(campaign)}-small"
    assert files == [
        f"{folder}/{table}.parquet" for table in sorted([*EXPORTED, "unit", "village", "return_state"])
    ]


def test_two_exports_are_the_same_bytes(sqlite: Engine, campaign: Campaign, tmp_path: Path) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    contents = []
    for name in ("a", "b"):
        with opened(Source(sqlite.url.render_as_string())) as source:
            export(source, campaign, tmp_path / name, now=NOW)
        contents.append([path.read_bytes() for path in sorted((tmp_path / name).rglob("*.parquet"))])
    assert contents[0] == contents[1]


def test_no_name_and_nothing_typed_leaves_the_county(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    """Names are put wherever a text can be typed, and looked for in every value of every file."""
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
        typed = ["householder", "state_reason", "content", "measures", "responsible_person",
                 "responsible_unit", "deadline_text", "outcome", "found_by"]  # fmt: skip
        connection.execute(update(issue).values(dict.fromkeys(typed, NAME) | {"extra": {"note": NAME}}))
        household = {"householder": NAME, "state_reason": NAME, "reason": NAME, "extra": {"note": NAME}}
        connection.execute(update(proposed_household).values(household))
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, tmp_path)
    files = list(tmp_path.rglob("*.parquet"))
    with duckdb.connect() as connection:
        values = [str(connection.read_parquet(str(file)).fetchall()) for file in files]
    assert len(files) == 6
    assert not any(NAME in value for value in values)
    assert NAME.encode() not in b"".join(file.read_bytes() for file in files)


def test_a_responsible_unit_leaves_under_its_one_name(
    sqlite: Engine, campaign: Campaign, tmp_path: Path
) -> None:
    with sqlite.begin() as connection:
        store(connection, Records(issues=[(EAST, "income", "closed")] * 3))
        ids = connection.execute(issue.select()).scalars().all()
        for identity, unit in zip(ids, ("水利局", NAME, None), strict=True):
            connection.execute(update(issue).where(issue.c.id == identity).values(responsible_unit=unit))
        connection.execute(update(issue).values(village_code=EAST_DAM))
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, tmp_path)
    place = Source(str(tmp_path / "*" / "*.parquet"))
    summary = compile_summary(campaign, place)
    with opened(place) as records:
        units = break_down(records, campaign, "responsible_unit", summary)
        villages = break_down(records, campaign, "village", summary)
    assert [(each.name, each.figures["found"]) for each in units.slices] == [
        ("县水利局", 1),
        (OTHER, 1),
        ("未填", 1),
    ]
    assert [(each.id, each.name) for each in villages.slices] == [(EAST_DAM, "东河镇上坝村委会")]


def test_a_table_that_is_not_ours_is_refused(campaign: Campaign, tmp_path: Path) -> None:
    engine = new_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE issue DROP COLUMN source")
    engine.dispose()
    with (
        opened(Source(f"sqlite:///{tmp_path}/a.sqlite3")) as records,
        pytest.raises(BadSource, match=r"issue\.source"),
    ):
        export(records, campaign, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_and_says_how_much(tmp_path: Path) -> None:
    campaign = load_campaign(FIRE)
    unit, problem_type = campaign.filing_units[0].code, campaign.problem_types[0].id
    engine = new_database(f"sqlite:///{tmp_path}/huitoukan.sqlite3")
    with engine.begin() as connection:
        store(connection, Records(issues=[(unit, problem_type, "closed")], campaign=campaign.id))
    engine.dispose()
    environment = {
        "HUITOUKAN_HOME": str(tmp_path),
        "HUITOUKAN_CHECKLIST": str(FIRE),
        "HUITOUKAN_DATABASE": "",
    }
    done = CliRunner().invoke(export_command, ["--parquet", str(tmp_path / "out")], env=environment)
    assert done.exit_code == 0, done.output
    assert "已导出问题 1 个" in done.output
    done = CliRunner().invoke(export_command, ["--parquet", str(tmp_path / "out"), "--json"], env=environment)
    told = json.loads(done.stdout)
    assert told["rows"] == {"issue": 1, "proposed_household": 0, "zero_report": 0}
    assert (Path(told["folder"]) / "issue.parquet").is_file()
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = CliRunner().invoke(export_command, ["--parquet", str(tmp_path / "file" / "x")], env=environment)
    assert done.exit_code == 1
    assert "写不进" in done.stderr


def test_a_register_has_a_file_of_its_own_without_texts(sqlite: Engine, tmp_path: Path) -> None:
    campaign = campaign_with_registers()
    row = {
        "id": "r1", "campaign_id": campaign.id, "register_id": "asset", "register_version": 1, "number": 1,
        "period": "", "unit_code": EAST, "township_code": EAST, "village_code": EAST_DAM, "state": "disposed",
        "ended": True, "extra": {"kind_of_asset": "welfare", "value": 480000}, "texts": {"name": NAME},
        "version": 1, "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    with sqlite.begin() as connection:
        connection.execute(insert(register_row), row)
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, tmp_path)
    found = duckdb.read_parquet(str(tmp_path / "*" / "register_asset.parquet"))
    assert dict(zip(found.columns, found.fetchall()[0], strict=True)) == {
        "id": "r1", "register_version": 1, "number": 1, "period": "", "unit_code": EAST, "township_code": EAST,
        "village_code": EAST_DAM, "state": "disposed", "ended": True, "kind_of_asset": "welfare", "value": 480000,
    }  # fmt: skip
    assert duckdb.read_parquet(str(tmp_path / "*" / "register_work.parquet")).fetchall() == []
    glob = str(tmp_path / "*" / "*.parquet")
    assert compile_all(campaign, Source(glob), SummaryOptions(interim=True)).summary.county.total.found == 3
