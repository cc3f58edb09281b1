"""What each released version left behind comes into today's version whole: a home by ``init``, a backup by ``restore``.

Every folder beside this file holds what one version wrote. It is never written anew: where a migration moves a table or
a column, ``MOVED`` says to where.
"""

import base64
import csv
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, func, select

from checklist.loading.loader import load_campaign
from forms_server.accounts import account_store
from forms_server.accounts.signing_in import Browser, SignedIn, SignInRefused, sign_in
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import make_engine
from forms_server.households.household_of_record import id_of_name
from forms_server.returns import frozen_returns
from forms_server.returns.return_content import gather
from forms_server.returns.return_difference import compare
from forms_server.server_settings import AUDIT_KEY, Config
from forms_server.services import Services
from tests.postgres import new_database, postgres
from tests.upgrade.left_homes import Installation, left, left_on_postgresql, lines, restored
from tests.upgrade.making import CHECKLIST, DATABASE, PASSWORD, keep_version

__all__ = ["postgres"]

VERSIONS = sorted(path.parent for path in Path(__file__).parent.glob("*/backup.zip"))

MOVED: Mapping[tuple[str, str], tuple[str, str]] = {}
"""A version's table and column to today's, where they are called otherwise."""

DROPPED = frozenset({("account", "inspects")})
"""Columns of a version that a migration carries over to tables of their own: a test of that migration compares them."""

MADE: Mapping[str, str] = {"household": "listed"}
"""Tables to which a migration adds rows, and its new column that is false in those: households that no list brought."""


FROM_THE_FIRST = pytest.mark.parametrize("kept", VERSIONS[:1], indirect=True, ids=lambda path: path.name)
"""For what a migration made of the first version's rows: later ones have it, and it is compared as all their rows."""


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest) -> Path:
    """What one version wrote."""
    return request.param


@pytest.fixture(
    scope="module",
    params=["init", "upgrade", "upgrade on PostgreSQL", "restore", "restore into PostgreSQL"],
)
def upgraded(
    request: pytest.FixtureRequest, kept: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Each way from what the version left to today's version; not to be changed."""
    home = tmp_path_factory.mktemp("upgrade") / "home"
    if request.param == "restore into PostgreSQL":
        with new_database(request.getfixturevalue("postgres")) as url:
            yield restored(kept, home, url)
    elif request.param == "upgrade on PostgreSQL":
        with new_database(request.getfixturevalue("postgres")) as url:
            made = left_on_postgresql(kept, home, url)
            made.run("upgrade")
            yield made
    elif request.param == "restore":
        yield restored(kept, home, f"sqlite:///{home / DATABASE}")
    else:
        made = left(kept, home)
        made.run(request.param)
        yield made


def by_init(kept: Path, home: Path) -> Installation:
    """A home of the version, upgraded where it lies."""
    made = left(kept, home)
    made.run("init")
    return made


def test_the_first_released_version_is_kept() -> None:
    assert VERSIONS[0].name == "0.1.0"


def test_every_row_is_there_as_it_was(upgraded: Installation) -> None:
    engine = create_engine(upgraded.database)
    today = MetaData()
    today.reflect(engine)
    for told in upgraded.manifest["tables"]:
        before = [without_dropped(told, row) for row in lines(upgraded.kept, told["name"])]
        assert len(before) == told["rows"] > 0
        now = rows_of(engine, today, told)
        if told["name"] == "audit":  # records get their digests in new rows
            now = now[: told["rows"]]
        if told["name"] == "audit_head":
            continue
        assert now == before, told["name"]
    engine.dispose()


@FROM_THE_FIRST
def test_every_record_of_a_household_has_its_household(upgraded: Installation) -> None:
    engine = create_engine(upgraded.database)
    with engine.connect() as connection:
        for table in (tables.issue, tables.proposed_household):
            named = table.c.householder.is_not(None), table.c.village_code.is_not(None)
            rows = connection.execute(select(table.c.household_id).where(*named)).scalars().all()
            assert rows
            assert None not in rows
        made = connection.execute(select(tables.household).where(~tables.household.c.listed)).all()
        assert made
        # As the next record of that name would make it: the migration and the program agree on ids.
        assert [row.id for row in made] == [
            id_of_name(row.campaign_id, row.village_code, row.householder) for row in made
        ]
    engine.dispose()


def rows_of(engine: Engine, today: MetaData, told: Mapping[str, Any]) -> list[list[Any]]:
    """The same rows, as they are today."""
    kept = [(told["name"], name) for name in told["columns"] if (told["name"], name) not in DROPPED]
    places = [MOVED.get(place, place) for place in kept]
    table: Table = today.tables[places[0][0]]
    query = select(*(today.tables[name].c[column] for name, column in places)).order_by(*table.primary_key)
    if MADE.get(table.name, told["columns"][0]) not in told["columns"]:
        query = query.where(table.c[MADE[table.name]])
    with engine.connect() as connection:
        return [[plain(cell) for cell in row] for row in connection.execute(query)]


def without_dropped(told: Mapping[str, Any], row: list[Any]) -> list[Any]:
    """A row without the columns that today's tables lack."""
    named = zip(told["columns"], row, strict=True)
    return [cell for name, cell in named if (told["name"], name) not in DROPPED]


@FROM_THE_FIRST
def test_inspectors_see_the_units_that_they_saw(upgraded: Installation) -> None:
    named = [row_of(upgraded, "account", row) for row in lines(upgraded.kept, "account")]
    before = {each["name"]: set(each["inspects"]) for each in named if each["role"] == "inspector"}
    assert any(before.values())
    engine = create_engine(upgraded.database)
    with engine.connect() as connection:
        accounts = account_store.all_accounts(connection)
    engine.dispose()
    assert {each.name: set(each.inspects) for each in accounts if each.name in before} == before


def plain(cell: Any) -> Any:
    """A cell as it stands in a backup."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "microseconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return base64.b64encode(cell).decode() if isinstance(cell, bytes) else cell


def test_photographs_are_there(upgraded: Installation) -> None:
    parts = [name for name in upgraded.manifest["parts"] if name.startswith("photos/")]
    assert len(parts) == 4
    backup = zipfile.ZipFile(upgraded.kept / "backup.zip")
    for name in parts:
        assert (upgraded.home / name).read_bytes() == backup.read(name)


def test_the_audit_verifies_to_its_last_row(upgraded: Installation) -> None:
    witness = f"{upgraded.manifest['audit_rows']}-{upgraded.manifest['audit_hash'][:16]}"
    told = upgraded.run("audit", "verify", "--witness", witness)
    assert "各类记录和写下时一样" in told
    assert "1 处见证相符" in told


def test_the_summary_counts_what_it_counted(upgraded: Installation, tmp_path: Path) -> None:
    upgraded.run("summary", "--interim", "--out", tmp_path / "summary")
    (interim,) = (tmp_path / "summary").glob("summary-*.csv")  # its returns are not all in
    before, now = read(upgraded.kept / "summary.csv"), read(interim)
    assert [{name: line[name] for name in before[0]} for line in now] == before
    assert any(line["found"] != "0" for line in before)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_database_has_kept_its_own_counts(upgraded: Installation) -> None:
    engine = create_engine(upgraded.database)
    today = MetaData()
    today.reflect(engine)
    tally = today.tables["tally"]
    with engine.connect() as connection:
        for table in (today.tables["issue"], today.tables["proposed_household"]):
            key = "unit_code", "form_id", "problem_type_id", "state"
            told = select(*(tally.c[name] for name in key), func.sum(tally.c.records))
            told = told.where(tally.c.form_id.in_(select(table.c.form_id)), tally.c.records > 0)
            told = told.group_by(*(tally.c[name] for name in key))
            counted = select(*(table.c[name] for name in key), func.count()).group_by(
                *(table.c[name] for name in key)
            )
            assert set(map(tuple, connection.execute(told))) == set(map(tuple, connection.execute(counted)))
    engine.dispose()


def test_signatures_are_genuine(upgraded: Installation) -> None:
    campaign, engine = load_campaign(CHECKLIST), with_key(upgraded)
    with engine.connect() as connection:
        returns = [each for found in frozen_returns.by_unit(connection, campaign).values() for each in found]
        assert {each.state.value for each in returns} == {"signed", "received", "sent_back"}
        assert all(frozen_returns.frozen(connection, each.id) for each in returns)
    engine.dispose()


_SIGNED_FOR = frozenset({"issue", "proposed_household", "zero_report", "report_text"})


def test_no_return_has_to_be_signed_anew_because_of_the_upgrade(upgraded: Installation) -> None:
    """Only those whose records somebody changed after signing, before the upgrade."""
    audit = [row_of(upgraded, "audit", row) for row in lines(upgraded.kept, "audit")]
    owner = {
        row["id"]: row["unit_code"]
        for table in ("issue", "proposed_household")
        for row in (row_of(upgraded, table, line) for line in lines(upgraded.kept, table))
    }
    signed, changed = dict[str, int](), dict[str, int]()
    for row in audit:
        unit = owner.get(row["subject_id"], row["unit_code"])
        if row["subject"] == "signed_return" and row["action"] == "sign":
            signed[row["unit_code"]] = row["id"]
        elif row["subject"] in _SIGNED_FOR and row["action"] != "verify":
            changed[unit] = row["id"]
    campaign, engine = load_campaign(CHECKLIST), with_key(upgraded)
    with engine.connect() as connection:
        returns = [found[0] for found in frozen_returns.by_unit(connection, campaign).values()]
        assert signed.keys() == {each.unit_code for each in returns}
        stale = frozen_returns.changed_after(connection, campaign, returns)
        assert stale.keys() == {unit for unit, row in signed.items() if changed.get(unit, 0) > row}
        for each in returns:
            if each.unit_code not in stale:
                before = frozen_returns.frozen(connection, each.id)
                assert before is not None
                now = gather(connection, campaign, campaign.unit_by_code[each.unit_code])
                assert not compare(before, now).needs_new_return
    assert signed.keys() - stale.keys()
    engine.dispose()


def row_of(upgraded: Installation, table: str, row: list[Any]) -> dict[str, Any]:
    """A row of the version by its columns."""
    return dict(zip(columns_of(upgraded, table), row, strict=True))


def columns_of(upgraded: Installation, table: str) -> list[str]:
    """The columns of a table of the version."""
    (columns,) = (told["columns"] for told in upgraded.manifest["tables"] if told["name"] == table)
    return columns


def with_key(upgraded: Installation) -> Engine:
    """The database, as a server opens it."""
    return make_engine(upgraded.database, (upgraded.home / AUDIT_KEY).read_bytes())


def test_people_sign_in_with_their_passwords_and_the_audit_goes_on(kept: Path, tmp_path: Path) -> None:
    upgraded, campaign = by_init(kept, tmp_path / "home"), load_campaign(CHECKLIST)
    engine, config = with_key(upgraded), Config(CHECKLIST, upgraded.home, upgraded.database)
    services = Services(campaign, engine, Clock(campaign.notice.deadline.at + timedelta(days=2)), config)
    assert isinstance(sign_in(services, "principal", PASSWORD, Browser("browser")), SignedIn)
    assert isinstance(
        sign_in(services, "village", PASSWORD, Browser("browser")), SignInRefused
    )  # it was disabled
    engine.dispose()
    upgraded.run("user", "disable", "inspector")
    told = re.search(r"审计记录完好，各类记录和写下时一样：共 (\d+) 行", upgraded.run("audit", "verify"))
    assert told
    assert int(told.group(1)) > upgraded.manifest["audit_rows"]


def test_todays_version_can_be_kept_in_the_same_way(tmp_path: Path) -> None:
    keep_version(tmp_path / "today")
    keep_version(tmp_path / "again")
    names = ["backup.zip", "home.zip", "summary.csv"]
    assert sorted(path.name for path in (tmp_path / "today").iterdir()) == names
    for name in names:
        content = (tmp_path / "today" / name).read_bytes()
        assert content == (tmp_path / "again" / name).read_bytes()
        assert len(content) < 600_000  # a third of it is pictures of the campaign
    manifest = json.loads(zipfile.ZipFile(tmp_path / "today" / "backup.zip").read("manifest.json"))
    assert [told["name"] for told in manifest["tables"] if not told["rows"]] == []
