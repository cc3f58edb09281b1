"""Restore: what it replaces, what it refuses, and that it is atomic."""

import json
import zipfile

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, insert, inspect, select, text

from forms_server import audit
from forms_server.backup.backup_archive import reading, writing
from forms_server.backup.backup_manifest import KEY_PART, NAME, Manifest, UnusableBackup
from forms_server.backup.dumped_rows import described, lines
from forms_server.backup.restore import look, require_fitting
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import MIGRATIONS, migrate, upgrade, version
from forms_server.server_settings import AUDIT_KEY
from tests.backup.county import CAMPAIGN
from tests.records.builders import ACCOUNTS, NOON
from tests.records.conftest import account_row


@pytest.fixture
def file(county, tmp_path):
    county.backup(tmp_path / "b.zip")
    return tmp_path / "b.zip"


def rewritten(file, change):
    """The backup with its parts changed: ``change(name, content)`` gives what stands in place of a part."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return other


def told(**said):
    """Change what the manifest says."""

    def change(name, content):
        return json.dumps(json.loads(content) | said) if name == NAME else content

    return change


def test_what_is_replaced_is_kept_aside(county, file, kind):
    county.change("后来登记的")
    with reading(file) as reader:
        current = look(county.config, reader.manifest)
    # The issue, and that it is another one than the alike issue of the same household.
    assert (current.there, current.filed, current.changes_since) == (True, True, 2)
    done = county.restore(file)
    assert "后来登记的" not in county.issues()
    if kind == "sqlite":
        old = make_engine(f"sqlite:///{done.aside}/huitoukan.sqlite3")
    else:
        old = create_engine(county.engine.url).execution_options(schema_translate_map={None: done.aside})
    with old.connect() as connection:
        assert "后来登记的" in set(connection.execute(select(tables.issue.c.content)).scalars())
    old.dispose()


def test_restores_of_one_second_keep_each_what_they_replace(county, file):
    asides = set()
    for words in ("第一次后登记的", "第二次后登记的"):
        county.change(words)
        asides.add(county.restore(file).aside)
        assert words not in county.issues()
    assert len(asides) == 2


def test_what_only_was_noted_since_is_no_change(county, file):
    with transaction(county.engine) as connection:
        for action in ("sign-in", "sign-out"):
            audit.record(connection, NOON, None, "account", ACCOUNTS["east"].id, action, alters=False)
        audit.record(connection, NOON, None, "audit", "all", "export")
    with reading(file) as reader:
        assert look(county.config, reader.manifest).changes_since == 0


def test_a_database_that_only_was_initialised_gives_way_with_its_key(new, county, file, kind):
    other = new(kind)
    other.config.audit_key()
    migrate(other.engine)
    before = (other.config.home / AUDIT_KEY).read_bytes()
    other.restore(file)
    assert other.rows() == county.rows()
    kept = list(other.config.home.glob(f"replaced_*/{AUDIT_KEY}"))
    assert [path.read_bytes() for path in kept] == [before]
    assert other.chain_is_whole()


def test_another_installations_backup_never_covers_records(new, file, kind):
    other = new(kind)
    other.fill()
    before = other.rows()
    with pytest.raises(UnusableBackup, match="另一套系统的备份"):
        other.restore(file)
    assert other.rows() == before


def test_another_campaigns_backup_is_refused(county, file):
    with reading(file) as reader:
        current = look(county.config, reader.manifest)
        with pytest.raises(UnusableBackup, match="HUITOUKAN_CHECKLIST"):
            require_fitting(county.config, "2023-other", reader, current, county.config.audit_key())
    assert CAMPAIGN.id != "2023-other"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (told(version=3), "先升级"),
        (told(revision="9999"), "先升级"),
        (told(format="other"), "不是本系统的备份"),
        (told(tables=[{"name": "account"}]), "不是本系统的备份"),
        (lambda name, content: None if name == NAME else content, "不是本系统的备份"),
        (lambda name, content: None if name == "tables/issue.jsonl" else content, "已损坏"),
        (lambda name, content: content + b" " if name == "tables/issue.jsonl" else content, "已损坏"),
        (lambda name, content: content[::-1] if name.startswith("photos/") else content, "已损坏"),
        (told(audit_hash="f" * 64), "审计记录前后不符"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_replaced(county, file, change, sentence):
    before = county.rows()
    with pytest.raises(UnusableBackup, match=sentence):
        county.restore(rewritten(file, change))
    assert county.rows() == before
    assert not list(county.config.home.glob("replaced_*"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"SQLite format 3\x00"])
def test_a_file_of_another_kind_is_refused(county, tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(UnusableBackup, match="不是本系统的备份"):
        county.restore(tmp_path / "x.zip")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_that_was_cut_off_is_refused(county, file):
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(UnusableBackup):
        county.restore(file)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["photos/../../x.jpg", "/etc/x", "tables/../audit.key", "secret.key"])
def test_no_part_is_ever_written_elsewhere(county, file, name):
    with zipfile.ZipFile(file) as opened:
        parts = json.loads(opened.read(NAME))["parts"]
    with pytest.raises(UnusableBackup, match="不是本系统的备份"):
        county.restore(rewritten(file, told(parts=parts | {name: {"size": 0, "sha256": ""}})))


def test_what_breaks_off_in_the_middle_has_replaced_nothing(county, file, kind):
    county.change("后来登记的")
    before = county.rows()

    def broken(*what, **_more):
        if what and what[0] == "核验审计记录":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        county.restore(file, broken)
    assert county.rows() == before
    assert county.chain_is_whole()
    if kind == "sqlite":
        assert {path.name for path in county.config.home.iterdir()} <= {
            AUDIT_KEY, "huitoukan.sqlite3", "huitoukan.sqlite3-turn", "huitoukan.sqlite3-wal",
            "huitoukan.sqlite3-shm", "photos",
        }  # fmt: skip
    else:
        assert not [name for name in inspect(county.engine).get_schema_names() if name.startswith("replaced")]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_damaged_database_is_replaced_and_kept(county, file, tmp_path):
    before = county.rows()
    county.engine.dispose()
    path = county.config.home / "huitoukan.sqlite3"
    path.write_bytes(b"nothing that SQLite knows" * 500)
    with reading(file) as reader:
        assert not look(county.config, reader.manifest).readable
    done = county.restore(file)
    assert county.rows() == before
    assert (tmp_path / "home-0" / done.aside / path.name).read_bytes().startswith(b"nothing")


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_database_that_others_are_connected_to_is_left_alone(county, file):
    before = county.rows()
    other = create_engine(county.engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(UnusableBackup, match="先停止服务"):
            county.restore(file)
    other.dispose()
    assert county.rows() == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_a_killed_server_left_in_the_log_is_kept_too(county, file):
    path = county.config.home / "huitoukan.sqlite3"
    county.change("服务被杀之前登记的")
    left = {suffix: path.with_name(path.name + suffix).read_bytes() for suffix in ("", "-wal")}
    county.engine.dispose()
    for suffix, content in left.items():
        path.with_name(path.name + suffix).write_bytes(content)
    done = county.restore(file)
    old = make_engine(f"sqlite:///{done.aside}/{path.name}")
    with old.connect() as connection:
        assert "服务被杀之前登记的" in set(connection.execute(text("SELECT content FROM issue")).scalars())
    old.dispose()
    assert "服务被杀之前登记的" not in county.issues()


def test_a_backup_of_older_tables_is_brought_to_todays(new, county, kind, tmp_path):
    older = new(kind)
    first = next(
        script for script in ScriptDirectory(MIGRATIONS).walk_revisions() if not script.down_revision
    )
    with transaction(older.engine) as connection:
        upgrade(connection, first.revision)
    as_it_was = MetaData()
    with older.engine.connect() as connection:
        as_it_was.reflect(connection, only=[tables.account.name])
    row = account_row(ACCOUNTS["east"]) | {"inspects": []}
    with transaction(older.engine) as connection:
        account = as_it_was.tables[tables.account.name]
        known = {column.name for column in account.c}
        connection.execute(insert(account).values({name: row[name] for name in known & set(row)}))
        writer_of_old(connection, as_it_was, first.revision, tmp_path / "old.zip", older.config.audit_key())
    other = new(kind)
    other.restore(tmp_path / "old.zip")
    assert [each["name"] for each in other.rows()["account"]] == ["east"]
    with other.engine.connect() as connection:
        assert version(connection) == ScriptDirectory(MIGRATIONS).get_current_head()


def writer_of_old(connection, as_it_was, revision, file, key):
    """A backup as the program of that version of the tables wrote it."""
    with writing(file, NOON) as writer:
        dumped = [described(table, connection) for table in as_it_was.sorted_tables]
        for table, each in zip(as_it_was.sorted_tables, dumped, strict=True):
            writer.add(each.part, lines(table, connection))
        writer.add(KEY_PART, [key])
        writer.finish(Manifest(NOON, CAMPAIGN.id, "", revision, 0, "", tuple(dumped), writer.parts))
