"""Backups by public key, and one at a time, as they are typed."""

import re

from forms_server.db.engine import make_engine
from forms_server.timer_lock import only_runner
from tests.server.test_backup_commands import home, run

__all__ = ["home"]


def test_a_backup_to_a_public_key_is_opened_by_the_identity_alone(home, tmp_path, monkeypatch):
    identity, other, file = tmp_path / "key.txt", tmp_path / "other.txt", tmp_path / "b.zip.age"
    said = run("backup-key", identity)
    public = re.search(r"age1[a-z0-9]{58}", said.output)[0]
    assert identity.stat().st_mode & 0o777 == 0o600
    assert "已经有" in run("backup-key", identity).stderr
    monkeypatch.setenv("HUITOUKAN_BACKUP_RECIPIENTS", public)
    assert "公钥加密" in run("backup", file).output
    assert run("backup").exit_code == 0
    assert "没有打开它的密钥" in run("doctor").output
    assert "--identity" in run("restore", file, "--yes").stderr
    run("backup-key", other)
    assert "密钥文件" in run("restore", file, "--yes", "--identity", other).stderr
    assert run("restore", file, "--yes", "--identity", identity).exit_code == 0
    monkeypatch.setenv("HUITOUKAN_BACKUP_RECIPIENTS", public[:-1])
    assert "age1" in run("backup", tmp_path / "c.zip").stderr


def test_a_backup_that_another_machine_is_making_is_left_to_it(home, tmp_path):
    engine = make_engine(f"sqlite:///{home}/huitoukan.sqlite3")
    with only_runner(engine, home, "backup"):
        said = run("backup", tmp_path / "b.zip")
    assert (said.exit_code, "另一个进程" in said.output) == (0, True)
    assert not (tmp_path / "b.zip").exists()
    assert run("backup", tmp_path / "b.zip").exit_code == 0
    engine.dispose()
