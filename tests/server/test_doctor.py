"""``huitoukan doctor``: what is broken is named with what to do, and nothing is changed."""

import json
import shutil
import ssl
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner, Result

from build_scripts import settings
from build_scripts.settings import PROJECT
from forms_server.cli import main
from forms_server.health import machine_health
from forms_server.health.health_finding import HealthLevel
from forms_server.health.machine_health import certificate_finding
from forms_server.server_settings import AUDIT_KEY, ENVIRONMENT


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home that has been initialised and backed up."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "MACHINE_FILE", tmp_path / "huitoukan.toml")
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "home"))
    assert run("init").exit_code == 0
    assert run("backup").exit_code == 0
    return tmp_path / "home"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def broken(*arguments: str) -> list[str]:
    """Words of the faults."""
    result = run("doctor", "--json", *arguments)
    said = json.loads(result.stdout)
    faults = [each for each in said["findings"] if each["level"] == "fault"]
    assert said["ok"] is (not faults)
    assert result.exit_code == (1 if faults else 0)
    assert all(each["remedy"] for each in said["findings"] if each["level"] in {"fault", "warning"})
    return [f"{each['topic']}：{each['words']}" for each in faults]


def files(home: Path) -> dict[str, bytes]:
    """What lies in a home, beside the database, whose log may be moved into its file by whoever closes it last."""
    found = (path for path in home.rglob("*") if path.is_file() and ".sqlite3" not in path.name)
    return {str(path): path.read_bytes() for path in found}


def test_a_sound_home_has_no_fault_and_is_not_changed(home):
    before = files(home)
    assert broken() == []
    assert files(home) == before
    words = run("doctor").stdout
    assert "quick_check 通过" in words
    assert "试恢复成功" in words
    assert f"home = {home}（环境变量）" in words


def test_settings_that_are_still_the_examples_are_named(home):
    example = (PROJECT / "deploy" / "huitoukan.toml").read_text(encoding="utf-8")
    (address,) = (line for line in example.splitlines() if line.startswith("address = "))
    (home / "settings.toml").write_text(address, encoding="utf-8")
    shown = run("doctor", "--quick").stdout
    assert "address 还是样例 https://huitoukan.example.cn" in shown
    (home / "settings.toml").write_text('address = "https://huitoukan.county.test"', encoding="utf-8")
    assert "还是样例" not in run("doctor", "--quick").stdout


def test_every_setting_is_listed_with_its_place_and_without_passwords(home, tmp_path):
    (home / "settings.toml").write_text('smtp = "smtps://u:geheim@h"\nidle_hours = 3\n', encoding="utf-8")
    result = run("doctor", "--json", "--quick")
    found = {each["name"]: each for each in json.loads(result.stdout)["settings"]}
    assert found["idle_hours"] == {
        "name": "idle_hours",
        "value": "3",
        "place": f"{home}/settings.toml:2: idle_hours",
    }
    assert found["smtp"]["value"] == "smtps://u:***@h"
    assert found["database"] == {
        "name": "database",
        "value": f"sqlite:///{home}/huitoukan.sqlite3",
        "place": "默认",
    }
    assert "geheim" not in result.stdout + run("doctor", "--quick").stdout


def test_settings_that_can_not_be_used_are_a_fault(home):
    (home / "settings.toml").write_text("idle_hours = 5000\n", encoding="utf-8")
    assert "idle_hours 应是 1 到 1000 的整数" in broken()[0]


def test_a_missing_database_is_a_fault_and_is_not_made(home):
    (home / "huitoukan.sqlite3").unlink()
    assert any("没有 sqlite" in each for each in broken("--quick"))
    assert not (home / "huitoukan.sqlite3").exists()


def test_a_damaged_page_is_found(home):
    database = home / "huitoukan.sqlite3"
    with closing(pysqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'visit_answer'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(database.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    database.write_bytes(content)
    assert any("完整性" in each for each in broken())
    assert broken("--quick") == []


def test_a_file_that_is_no_database_is_a_fault(home):
    for path in home.glob("huitoukan.sqlite3*"):
        path.unlink()
    (home / "huitoukan.sqlite3").write_bytes(b"no database" * 1000)
    assert any("用不了" in each for each in broken("--quick"))


def test_an_older_database_and_a_lost_key_are_faults(home):
    with pysqlite3.connect(home / "huitoukan.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    (home / AUDIT_KEY).rename(home / "lost")
    assert any("旧版本" in each for each in broken("--quick"))
    with pysqlite3.connect(home / "huitoukan.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert any("更新版本" in each for each in broken("--quick"))


def test_a_clock_behind_the_last_record_is_a_fault(home):
    with pysqlite3.connect(home / "huitoukan.sqlite3") as connection:
        connection.execute("UPDATE audit SET at = '2999-01-01 08:00:00.000000'")
    assert any("2999年1月1日" in each for each in broken("--quick"))


def test_a_backup_that_does_not_restore_is_a_fault(home):
    (file,) = (home / "backups").iterdir()
    file.write_bytes(file.read_bytes()[:-200])
    assert any("不能恢复" in each for each in broken())
    assert [path.name for path in (home / "backups").iterdir()] == [file.name]


def test_old_and_missing_backups_are_warned_of(home):
    (file,) = (home / "backups").iterdir()
    file.rename(file.with_name("huitoukan-20220801_013000.zip"))
    assert "已经旧了" in run("doctor", "--quick").stdout
    shutil.rmtree(home / "backups")
    assert "里没有备份" in run("doctor", "--quick").stdout


def test_a_full_disk_is_a_fault(home, monkeypatch):
    monkeypatch.setattr(machine_health, "free_bytes", lambda _home: 5_000_000)
    assert any("还剩 4 MB" in each for each in broken("--quick"))


def test_what_others_may_read_is_warned_of(home):
    (home / "secret.key").touch()
    (home / "secret.key").chmod(0o644)
    assert "别的账号也能读：secret.key" in run("doctor", "--quick").stdout


def test_folders_of_a_home_that_is_closed_are_nobody_elses(home):
    (home / "summary").mkdir(mode=0o755)
    home.chmod(0o755)
    assert "别的账号也能读：" in run("doctor", "--quick").stdout
    home.chmod(0o700)
    assert "数据和密钥只有本账号能读" in run("doctor", "--quick").stdout


def test_libraries_that_differ_from_the_pins_are_named(home, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text(
        "click==0.1 \\\n    --hash=x\nnothing-here==1.0\n", encoding="utf-8"
    )
    monkeypatch.setattr(machine_health, "PROJECT", tmp_path)
    words = run("doctor", "--quick").stdout
    assert "click 应是 0.1" in words
    assert "nothing-here 应是 1.0，现在是 没有装" in words


def test_a_mail_server_that_does_not_answer_is_a_fault_only_when_asked(home):
    (home / "settings.toml").write_text(
        'smtp = "smtp://127.0.0.1:1"\nmail_from = "a@b.cn"\naddress = "http://10.1.2.3"\n', encoding="utf-8"
    )
    assert broken("--quick") == []
    assert any("没有服务在听" in each for each in broken("--quick", "--mail"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate that ends on 29 August 2022."""
    file = tmp_path_factory.mktemp("certificate") / "a.crt"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=a.example.cn",
         "-keyout", file.with_suffix(".key"), "-out", file],
        capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return file


def test_a_certificate_is_told_by_its_end(certificate):
    ends = ssl.cert_time_to_seconds(ssl._ssl._test_decode_cert(str(certificate))["notAfter"])  # type: ignore[attr-defined]

    def level(days: float) -> HealthLevel:
        return certificate_finding(certificate, datetime.fromtimestamp(ends - days * 86400, UTC)).level

    assert [level(31), level(29), level(0.01), level(-0.01)] == [
        HealthLevel.OK, HealthLevel.WARNING, HealthLevel.WARNING, HealthLevel.FAULT,
    ]  # fmt: skip


def test_a_certificate_that_is_none_is_a_fault(tmp_path):
    now = datetime(2022, 8, 1, tzinfo=UTC)
    assert "读不了" in certificate_finding(tmp_path / "none.crt", now).words
    for content in ("x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        (tmp_path / "a.crt").write_text(content, encoding="utf-8")
        assert "不是证书" in certificate_finding(tmp_path / "a.crt", now).words


def test_what_a_new_version_changed_in_the_campaign_is_noted(home, monkeypatch):
    assert "还没有并入" not in run("doctor", "--quick").stdout
    base = home / "campaigns" / ".shipped" / "2022-huitoukan" / "glossary.yml"
    base.write_bytes(base.read_bytes() + b"# older\n")
    assert "新版本改了 1 个文件，还没有并入" in run("doctor", "--quick").stdout
    shutil.rmtree(home / "campaigns")
    assert "用的是程序带的" in run("doctor", "--quick").stdout
