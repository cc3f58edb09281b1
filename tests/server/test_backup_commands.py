"""``audit verify``, ``backup`` and ``restore``, as they are typed."""

import os
import re
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from forms_server.backup.backup_generations import backups_in, file_of, kept
from forms_server.backup.rekeying import rekey
from forms_server.cli import main
from forms_server.db import tables
from forms_server.db.engine import make_engine
from forms_server.home_lock import serving
from forms_server.server_settings import AUDIT_KEY, ENVIRONMENT
from tests.builders import EAST, small_campaign


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with the office's account, and the small campaign in place of a folder."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "home"))
    for command in ("init_command", "user_commands", "backup_commands"):
        monkeypatch.setattr(
            f"forms_server.commands.{command}.read_campaign", lambda _config: small_campaign()
        )
    assert run("init").exit_code == 0
    return tmp_path / "home"


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given)


def change(home, statement):
    engine = make_engine(f"sqlite:///{home}/huitoukan.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def accounts(home):
    engine = make_engine(f"sqlite:///{home}/huitoukan.sqlite3")
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM account ORDER BY name").scalars().all()
    engine.dispose()
    return names


def test_an_intact_hash_chain_is_reported_with_its_last_hash(home):
    result = run("audit", "verify")
    assert result.exit_code == 0
    assert "审计记录完好" in result.output


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit SET action = 'x' WHERE id = 3", "第 3 行起，审计记录被改过"),
        ("UPDATE audit SET account_id = 'x' WHERE id = 2", "第 2 行起，审计记录被改过"),
        ("DELETE FROM audit WHERE id = 2", "第 2 行审计记录不见了"),
        ("DELETE FROM audit WHERE id >= 4", "第 4 行起，审计记录末尾被删掉了"),
        ("UPDATE audit_head SET rows = 3", "审计记录末尾被删掉了，或换成了别的"),
    ],
)
def test_the_first_broken_row_is_named(home, statement, sentence):
    for name in ("li", "wang", "zhao"):
        run("user", "add", name, "--unit", EAST, "--role", "reporter")
    change(home, statement)
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("cut", "forged", "sentence"),
    [
        (
            "DELETE FROM audit WHERE id > 2",
            "UPDATE audit_head SET rows = 2, hash = (SELECT hash FROM audit WHERE id = 2)",
            "第 3 行起，审计记录末尾被删掉了，或换成了别的",
        ),
        (
            "DELETE FROM audit",
            "UPDATE audit_head SET rows = 0, hash = printf('%064d', 0)",
            "第 1 行起，审计记录末尾被删掉了，或换成了别的",
        ),
    ],
    ids=["the last rows", "every row"],
)
def test_rows_cut_off_are_missed_though_the_head_was_rewritten_without_the_key(home, cut, forged, sentence):
    for name in ("li", "wang", "zhao"):
        run("user", "add", name, "--unit", EAST, "--role", "reporter")
    change(home, cut)
    change(home, forged)
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_another_key_verifies_nothing(home):
    (home / AUDIT_KEY).write_bytes(b"x" * 32)
    assert "第 1 行起" in run("audit", "verify").stderr


@pytest.mark.parametrize("command", [("init",), ("user", "reset", "office"), ("serve",)])
def test_a_lost_key_is_reported_and_none_takes_its_place(home, command):
    (home / AUDIT_KEY).unlink()
    result = run(*command)
    assert result.exit_code == 1
    assert f"{home} 里没有 {AUDIT_KEY}" in result.stderr
    assert not (home / AUDIT_KEY).exists()


def test_what_was_there_then_is_there_again(home, tmp_path):
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    made = run("backup", tmp_path / "b.zip")
    assert made.exit_code == 0, made.stderr
    assert "2 个账号" in made.output
    assert "妥善保管" in made.output
    run("user", "add", "wang", "--unit", EAST, "--role", "reporter")
    asked = run("restore", tmp_path / "b.zip", given="n\n")
    assert asked.exit_code == 1
    assert "备份以后又有 1 次改动" in asked.output
    assert accounts(home) == ["li", "office", "wang"]
    done = run("restore", tmp_path / "b.zip", given="y\n")
    assert done.exit_code == 0, done.stderr
    assert accounts(home) == ["li", "office"]
    assert "重新登录" in done.output
    assert accounts(next(home.glob("replaced_*"))) == ["li", "office", "wang"]
    assert run("audit", "verify").exit_code == 0


def test_a_new_machine_needs_no_init(home, tmp_path, monkeypatch):
    run("backup", tmp_path / "b.zip")
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "new"))
    lacking = run("restore", tmp_path / "b.zip")
    assert lacking.exit_code == 1
    assert "--key" in lacking.stderr
    done = run(
        "restore", tmp_path / "b.zip", "--key", home / AUDIT_KEY
    )  # an empty home needs no confirmation
    assert done.exit_code == 0, done.stderr
    assert accounts(tmp_path / "new") == ["office"]
    assert run("audit", "verify").exit_code == 0


def test_a_new_machine_needs_only_the_file_and_the_passphrase(home, tmp_path, monkeypatch):
    secret = tmp_path / "passphrase.txt"
    secret.write_text("雨后 三座 木桥 二十里\n")
    monkeypatch.setenv("HUITOUKAN_BACKUP_PASSPHRASE", str(secret))
    made = run("backup", "--into", tmp_path)
    assert "加密" in made.output
    [file] = tmp_path.glob("huitoukan-*.zip.age")
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "new"))
    assert run("restore", file).exit_code == 0
    assert accounts(tmp_path / "new") == ["office"]
    assert run("audit", "verify").exit_code == 0


def test_a_short_passphrase_is_refused(home, tmp_path, monkeypatch):
    (tmp_path / "passphrase.txt").write_text("12345678\n")
    monkeypatch.setenv("HUITOUKAN_BACKUP_PASSPHRASE", str(tmp_path / "passphrase.txt"))
    refused = run("backup", tmp_path / "b.zip")
    assert refused.exit_code == 1
    assert "口令太短" in refused.stderr


def computed_anew(home, first=0):
    """The chain of somebody who has the key, with other content from a row on."""
    engine = make_engine(f"sqlite:///{home}/huitoukan.sqlite3", (home / AUDIT_KEY).read_bytes())
    with engine.begin() as connection:
        forged = tables.audit.c.id > first
        connection.execute(update(tables.audit).where(forged).values(unit_code="forged"))
        rekey(connection, (home / AUDIT_KEY).read_bytes(), datetime(2022, 8, 20))
    engine.dispose()


def witness_in(output):
    return re.search(r"见证 (\d+-[0-9a-f ]{19})", output)[1]


def test_a_chain_computed_anew_with_the_key_contradicts_a_witness(home, tmp_path):
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    witness = witness_in(run("audit", "verify").output)
    (tmp_path / "notes.txt").write_text(f"2022年8月20日 {witness}\n")
    for given in (witness, tmp_path / "notes.txt", witness.replace(" ", "")):
        assert "1 处见证相符" in run("audit", "verify", "--witness", given).output
    computed_anew(home)
    assert run("audit", "verify").exit_code == 0
    for given in (witness, tmp_path / "notes.txt"):
        found = run("audit", "verify", "--witness", given)
        assert found.exit_code == 1
        assert f"和见证 {witness} 不符" in found.stderr


def test_the_file_of_witnesses_is_compared_by_itself(home, tmp_path, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_WITNESS", str(tmp_path / "witness.txt"))
    run("backup", tmp_path / "b.zip")
    assert run("audit", "verify").exit_code == 0
    computed_anew(home)
    assert "不符" in run("audit", "verify").stderr


def test_a_text_without_a_witness_is_refused(home):
    assert "没有见证" in run("audit", "verify", "--witness", "57").stderr


def test_a_changed_record_is_named_and_the_doctor_says_so(home):
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    change(home, "UPDATE account SET role = 'office' WHERE name = 'li'")
    found = run("audit", "verify")
    assert found.exit_code == 1
    assert re.search(r"账号 [0-9a-f-]{36} 被改过：和审计第 \d+ 行写下时不一样", found.stderr)
    assert "有 1 条记录在本系统之外被动过" in run("doctor").output


def test_an_emptied_audit_is_no_whole_one(home):
    change(home, "DELETE FROM audit")
    change(home, "DELETE FROM audit_head")
    found = run("audit", "verify")
    assert found.exit_code == 1
    assert "不是本系统登记的：审计里没有" in found.stderr


def test_a_backup_that_is_there_is_not_replaced(home, tmp_path):
    (tmp_path / "b.zip").write_text("other")
    result = run("backup", tmp_path / "b.zip")
    assert result.exit_code == 1
    assert "请换一个文件名" in result.stderr
    assert (tmp_path / "b.zip").read_text() == "other"


def test_a_folder_that_is_not_there_is_reported(home, tmp_path):
    result = run("backup", tmp_path / "none" / "b.zip")
    assert result.exit_code == 1
    assert "none" in result.stderr
    assert "Traceback" not in result.output


def test_under_a_running_server_nothing_is_restored(home, tmp_path):
    run("backup", tmp_path / "b.zip")
    with serving(home):
        result = run("restore", "--yes", tmp_path / "b.zip")
    assert result.exit_code == 1
    assert "请先停止 huitoukan serve" in result.stderr
    assert not list(home.glob("replaced_*"))


def test_a_wrong_file_is_reported_in_a_sentence(home, tmp_path):
    (tmp_path / "b.zip").write_text("no backup")
    result = run("restore", "--yes", tmp_path / "b.zip")
    assert result.exit_code == 1
    assert "不是本系统的备份文件" in result.stderr


def test_a_backup_says_of_which_database_it_is(home, tmp_path):
    made = run("backup", tmp_path / "b.zip")
    assert f"数据库 sqlite:///{home}/huitoukan.sqlite3" in made.output


def test_an_empty_database_beside_the_real_one_is_not_backed_up(home, tmp_path, monkeypatch):
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    assert run("backup", tmp_path / "full.zip").exit_code == 0
    monkeypatch.setenv(
        "HUITOUKAN_DATABASE", f"sqlite:///{tmp_path}/other.sqlite3"
    )  # a setting that was forgotten
    (home / AUDIT_KEY).rename(tmp_path / AUDIT_KEY)
    assert run("init").exit_code == 0
    result = run("backup", tmp_path / "empty.zip")
    assert result.exit_code == 1
    assert "账号由 2 减到 1" in result.stderr
    assert f"{tmp_path}/other.sqlite3" in result.stderr
    assert not (tmp_path / "empty.zip").exists()
    assert run("backup", "--even-if-fewer", tmp_path / "empty.zip").exit_code == 0
    assert run("backup", tmp_path / "next.zip").exit_code == 0


@pytest.mark.parametrize(
    "statement", ["DELETE FROM account WHERE name = 'li'", "DELETE FROM audit WHERE id = 1"]
)
def test_records_that_were_lost_stop_the_backup(home, tmp_path, statement):
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    run("backup", tmp_path / "full.zip")
    change(home, statement)
    result = run("backup", tmp_path / "less.zip")
    assert result.exit_code == 1
    assert "--even-if-fewer" in result.stderr


def test_a_restore_may_bring_back_less(home, tmp_path):
    run("backup", tmp_path / "old.zip")
    run("user", "add", "li", "--unit", EAST, "--role", "reporter")
    run("backup", tmp_path / "new.zip")
    assert run("restore", "--yes", tmp_path / "old.zip").exit_code == 0
    assert run("backup", tmp_path / "after.zip").exit_code == 0


def test_a_backup_has_one_place(home, tmp_path):
    assert run("backup").exit_code == 0
    assert len(backups_in(home / "backups")) == 1
    assert run("backup", "--into", tmp_path, tmp_path / "b.zip").exit_code == 2


def test_a_folder_keeps_generations_and_what_is_not_ours(home, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "huitoukan-mine.zip").touch()
    day = datetime(2022, 8, 1, 1, 30)
    for number in range(40):
        (folder / file_of(day + timedelta(days=number))).touch()
    assert run("backup", "--into", folder).exit_code == 0
    left = [path.name for _, path in backups_in(folder)]
    assert len(left) == len(kept([day + timedelta(days=number) for number in range(40)] + [datetime.now()]))
    assert file_of(day + timedelta(days=39)) in left
    assert file_of(day) not in left
    assert (folder / "huitoukan-mine.zip").exists()


def test_what_a_killed_backup_left_goes_with_the_next_one(home, tmp_path):
    assert run("backup", tmp_path / "b.zip").exit_code == 0
    left = {
        name: home / name for name in (".backing-up-ab_1cd2e", ".backing-up-running0", ".backing-up-mine")
    }
    left[".trying-"] = home / "backups" / ".trying-ab_1cd2e"
    for path in left.values():
        path.mkdir(parents=True)
        (path / "0").touch()
    for name in (".backing-up-ab_1cd2e", ".backing-up-mine", ".trying-"):
        os.utime(left[name], (0, 0))
    assert run("backup").exit_code == 0
    assert run("doctor").exit_code == 0  # tries the newest backup
    assert [path.name for path in left.values() if path.exists()] == [
        ".backing-up-running0",
        ".backing-up-mine",
    ]
