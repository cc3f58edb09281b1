"""Several counties in one run: every unit, county, city and province, each once."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from build_scripts.counting.count_query import BadSource
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Unreconciled
from build_scripts.counting.record_source import Source, opened
from build_scripts.summary.compiling import Compilation, SummaryOptions, compile_all
from build_scripts.summary.parquet_export import export
from build_scripts.summary.publish import results
from checklist.model import Campaign, Units
from forms_server.db.tables import issue
from tests.builders import EAST, WATER
from tests.summary.records import BY_HAND, STATE, Records, compile_summary, store


def county(campaign: Campaign, code: str, name: str, city: str, province: str) -> Campaign:
    """The small county again, somewhere else: the townships' codes differ, the county unit's does not."""
    townships = tuple(
        unit.model_copy(
            update={
                "code": code + unit.code[6:],
                "villages": tuple(
                    each.model_copy(update={"code": code + each.code[6:]}) for each in unit.villages
                ),
            }
        )
        for unit in campaign.units.townships
    )
    units = Units(office=campaign.units.office, townships=townships, county_units=campaign.units.county_units)
    place = {"county": name, "city": city, "province": province}
    notice = campaign.notice.model_copy(update=place)
    return Campaign(notice=notice, areas=campaign.areas, units=units, forms=campaign.forms)


@pytest.fixture
def counties(campaign: Campaign) -> list[Campaign]:
    return [
        county(campaign, "340101", "甲县", "甲市", "某省"),
        county(campaign, "340102", "乙县", "甲市", "某省"),
        county(campaign, "340201", "丙县", "", "某省"),
    ]


@pytest.fixture
def glob(sqlite: Engine, counties: list[Campaign], tmp_path: Path) -> str:
    for each in counties:
        township = each.units.townships[0].code
        records = Records(issues=[(township, "income", "closed"), (WATER, "water", "rectifying")])
        with sqlite.begin() as connection:
            store(connection, records)
        with opened(Source(sqlite.url.render_as_string())) as source:
            export(source, each, tmp_path)
    return str(tmp_path / "*" / "*.parquet")


def total(summary: Summary) -> dict[str, tuple[str, str, int]]:
    tables = {region.table.unit_code: region for region in summary.regions}
    return {code: (each.level, each.table.unit, each.table.total.found) for code, each in tables.items()}


def test_every_level_is_added_up_in_one_run(counties: list[Campaign], glob: str) -> None:
    summary = compile_summary(counties[0], Source(glob))
    assert total(summary) == {
        "340000": ("province", "某省", 6),
        "340100": ("city", "甲市", 4),
        "340200": ("city", "340200", 2),
        "340101": ("county", "甲县", 2),
        "340102": ("county", "乙县", 2),
        "340201": ("county", "丙县", 2),
    }
    assert (summary.county.unit, summary.county.total.found) == ("某省", 6)


def test_county_units_of_one_code_are_told_apart(counties: list[Campaign], glob: str) -> None:
    rows = compile_summary(counties[0], Source(glob)).rows
    water = {row.unit_code: row.found for row in rows if row.problem_type_id == "water" and row.found}
    assert water == {f"{code}/{WATER}": 1 for code in ("340101", "340102", "340201")}
    names = {row.unit for row in rows if row.unit_code.endswith(WATER)}
    assert names == {"甲县 县水利局", "乙县 县水利局", "丙县 县水利局"}
    # Units without records are listed too: all three counties' units.
    assert len({row.unit_code for row in rows}) == 9


def test_the_files_of_several_counties(counties: list[Campaign], glob: str) -> None:
    compiled = compile_all(counties[0], Source(glob), SummaryOptions(interim=True))
    files = dict(results(replace(compiled, state=STATE), counties[0]))
    assert {path for path in files if path.startswith("regions/")} == {
        "regions/340000-某省.xlsx", "regions/340100-甲市.xlsx", "regions/340200-340200.xlsx",
        "regions/340101-甲县.xlsx", "regions/340102-乙县.xlsx", "regions/340201-丙县.xlsx",
    }  # fmt: skip
    lines = files["levels.csv"].decode().splitlines()
    assert lines[0].startswith("level,unit_code,unit,problem_type_id,")
    assert len(lines) == 1 + 6 * 3
    assert not any(path.startswith(("units/", "handbook/")) for path in files)


def test_one_county_alone_has_no_levels(sqlite: Engine, campaign: Campaign, tmp_path: Path) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, tmp_path)
    summary = compile_summary(campaign, Source(str(tmp_path / "*" / "*.parquet")))
    assert summary.regions == ()
    assert summary.units[0].unit_code == EAST
    assert "levels.csv" not in dict(results(Compilation(summary, STATE), campaign))


def test_files_of_two_campaigns_are_not_taken_for_one(
    sqlite: Engine, counties: list[Campaign], glob: str
) -> None:
    other = counties[0].model_copy(
        update={"notice": counties[0].notice.model_copy(update={"id": "last-year"})}
    )
    with sqlite.begin() as connection:
        township = other.units.townships[0].code
        store(connection, Records(issues=[(township, "income", "closed")], campaign="last-year"))
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, other, Path(glob).parent.parent)
    with pytest.raises(BadSource, match=r"几个专项的记录：last-year、small；.*'DIR/\*-small/\*.parquet'"):
        compile_summary(counties[0], Source(glob))
    one = Path(glob).parent.parent / "*-small" / "*.parquet"
    assert compile_summary(counties[0], Source(str(one))).county.total.found == 6


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"form_version": 2}, "“户内问题”是第 2 版，专项文件夹里是第 1 版"),
        ({"form_id": "old"}, "用“old”登记的记录"),
    ],
)
def test_records_of_forms_that_the_folder_does_not_know(
    sqlite: Engine, campaign: Campaign, tmp_path: Path, change: dict[str, object], expected: str
) -> None:
    with sqlite.begin() as connection:
        store(connection, BY_HAND)
        connection.execute(update(issue).where(issue.c.unit_code == EAST).values(change))
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, tmp_path)
    with pytest.raises(BadSource, match=expected) as raised:
        compile_summary(campaign, Source(str(tmp_path / "*" / "*.parquet")))
    assert "\n" not in str(raised.value)


def test_records_of_a_county_that_lists_no_units_are_refused(counties: list[Campaign], glob: str) -> None:
    Path(glob.replace("*/*", "340201-small/unit")).unlink()
    with pytest.raises(Unreconciled, match=r"填报单位“340201/340201001”不在.*记录编号"):
        compile_summary(counties[0], Source(glob))


def test_villages_of_one_name_in_several_counties_and_townships_are_told_apart(
    sqlite: Engine, counties: list[Campaign], tmp_path: Path
) -> None:
    """Each county has a 柳林村委会 in its 东河镇 and another in its 西岭镇."""
    for number, each in enumerate(counties[:2], 1):
        towns = each.units.townships
        filed = [(town.code, "income", "rectifying") for town in towns for _ in range(number)]
        with sqlite.begin() as connection:
            store(connection, Records(issues=filed))
            for town in towns:
                willow = next(village.code for village in town.villages if village.name == "柳林村委会")
                connection.execute(
                    update(issue).where(issue.c.unit_code == town.code).values(village_code=willow)
                )
        with opened(Source(sqlite.url.render_as_string())) as source:
            export(source, each, tmp_path)
    place = Source(str(tmp_path / "*" / "*.parquet"))
    (by_village,) = compile_all(counties[0], place, SummaryOptions(("village",), interim=True)).breakdowns
    assert [(each.name, each.figures["found"]) for each in by_village.slices] == [
        ("甲县东河镇柳林村委会", 1),
        ("甲县西岭镇柳林村委会", 1),
        ("乙县东河镇柳林村委会", 2),
        ("乙县西岭镇柳林村委会", 2),
    ]
