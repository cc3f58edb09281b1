"""The settings file: one for service and commands, strict, under the environment."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_scripts import settings
from build_scripts.setting_catalogue import NAME_OF_KEY
from build_scripts.settings import PROJECT, Settings, gather
from build_scripts.settings_file import BadSetting, read_settings_file
from forms_server.account import Role
from forms_server.cli import main
from forms_server.server_settings import ENVIRONMENT, Config


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Path:
    """The place of the machine's settings file, and no settings in the environment."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "MACHINE_FILE", tmp_path / "huitoukan.toml")
    return tmp_path / "huitoukan.toml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_command_uses_the_database_that_the_file_names(machine, tmp_path):
    database = tmp_path / "elsewhere.sqlite3"
    machine.write_text(f'home = "{tmp_path}/home"\ndatabase = "sqlite:///{database}"\n', encoding="utf-8")
    assert run("init").exit_code == 0
    assert database.exists()
    assert not (tmp_path / "home" / "huitoukan.sqlite3").exists()
    assert run("summary", "--interim", "--out", str(tmp_path / "out")).exit_code == 0


def test_a_home_may_have_signs_in_its_name_that_mean_something_in_a_url(machine, tmp_path):
    home = tmp_path / "扶贫%41 %20? 100%"
    machine.write_text(f'home = "{home}"\n', encoding="utf-8")
    assert run("init").exit_code == 0
    assert (home / "huitoukan.sqlite3").exists()
    backup = run("backup", str(tmp_path / "backup.zip"))
    assert backup.exit_code == 0, backup.output


def test_every_setting_means_the_same_in_the_file_and_in_the_environment(machine, tmp_path):
    machine.write_text(
        f'home = "{tmp_path}"\nchecklist = "{tmp_path}/list"\ndatabase = "postgresql://u:p@h/d"\nhttps = true\n'
        'idle_hours = 3\nsession_days = 2\naddress = "https://a.example.cn"\nsmtp = "smtps://u:p@h"\n'
        f'mail_from = "a@b.cn"\nidle_minutes = "office=20, reporter=90"\nsession_hours = "office=8"\nsessions = 3\n'
        'one_use_days = 5\nsecond_factor_from = "2022-08-15"\nreset_mark_days = 4\nsummary_pages = "office"\ntrusted_proxies = "10.1.0.0/16"\n'
        f'backups = "{tmp_path}/kept"\ncertificate = "{tmp_path}/c.pem"\n'
        f'backup_passphrase = "{tmp_path}/words"\nwitness = "{tmp_path}/witnesses"\n'
        f'files = "{tmp_path}/shared"\nbackup_recipients = "age1x"\n',
        encoding="utf-8",
    )
    said = {
        "HUITOUKAN_HOME": str(tmp_path), "HUITOUKAN_CHECKLIST": f"{tmp_path}/list",
        "HUITOUKAN_DATABASE": "postgresql://u:p@h/d", "HUITOUKAN_HTTPS": "1", "HUITOUKAN_IDLE_HOURS": "3",
        "HUITOUKAN_SESSION_DAYS": "2", "HUITOUKAN_ADDRESS": "https://a.example.cn",
        "HUITOUKAN_SMTP": "smtps://u:p@h", "HUITOUKAN_MAIL_FROM": "a@b.cn",
        "HUITOUKAN_BACKUPS": f"{tmp_path}/kept", "HUITOUKAN_CERTIFICATE": f"{tmp_path}/c.pem",
        "HUITOUKAN_IDLE_MINUTES": "office=20, reporter=90", "HUITOUKAN_SESSION_HOURS": "office=8",
        "HUITOUKAN_SESSIONS": "3", "HUITOUKAN_ONE_USE_DAYS": "5", "HUITOUKAN_SECOND_FACTOR_FROM": "2022-08-15",
        "HUITOUKAN_RESET_MARK_DAYS": "4", "HUITOUKAN_SUMMARY_PAGES": "office", "HUITOUKAN_TRUSTED_PROXIES": "10.1.0.0/16",
        "HUITOUKAN_BACKUP_PASSPHRASE": f"{tmp_path}/words", "HUITOUKAN_WITNESS": f"{tmp_path}/witnesses", "HUITOUKAN_FILES": f"{tmp_path}/shared", "HUITOUKAN_BACKUP_RECIPIENTS": "age1x",
    }  # fmt: skip
    assert set(said) == set(NAME_OF_KEY.values())
    from_file = Config.from_environment({})
    machine.unlink()
    assert from_file == Config.from_environment(said)


def test_the_environment_goes_over_the_file(machine, tmp_path):
    machine.write_text(f'home = "{tmp_path}"\nidle_hours = 3\nsession_days = 2\n', encoding="utf-8")
    config = Config.from_environment({"HUITOUKAN_IDLE_HOURS": "5", "HUITOUKAN_SESSION_DAYS": ""})
    policy = config.policy
    limits = policy.idle_of(Role.REPORTER), policy.absolute_of(Role.REPORTER)
    assert limits == (timedelta(hours=5), timedelta(days=2))


def test_limits_differ_by_role():
    said = {"HUITOUKAN_IDLE_MINUTES": "admin=10，reporter=90", "HUITOUKAN_SESSION_HOURS": "office = 8"}
    policy = Config.from_environment(said).policy
    idle = {role.value: policy.idle_of(role) // timedelta(minutes=1) for role in Role}
    assert idle == {
        "office": 30, "admin": 10, "reporter": 90, "principal": 720, "department": 720, "inspector": 720,
        "auditor": 720,
    }  # fmt: skip
    hours = [
        policy.absolute_of(role) // timedelta(hours=1) for role in (Role.OFFICE, Role.ADMIN, Role.PRINCIPAL)
    ]
    assert hours == [8, 12, 168]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUITOUKAN_IDLE_MINUTES", "boss=3"),
        ("HUITOUKAN_IDLE_MINUTES", "office=0"),
        ("HUITOUKAN_SESSION_HOURS", "office"),
        ("HUITOUKAN_SECOND_FACTOR_FROM", "8月15日"),
        ("HUITOUKAN_TRUSTED_PROXIES", "nginx"),
        ("HUITOUKAN_ONE_USE_DAYS", "0"),
        ("HUITOUKAN_SUMMARY_PAGES", "everybody"),
    ],
)
def test_a_rule_of_accounts_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(BadSetting, match=name):
        Config.from_environment({name: value})


def test_the_machines_file_counts_only_for_its_own_home(machine, tmp_path):
    machine.write_text('home = "/srv/county"\ndatabase = "postgresql://u:p@h/county"\n', encoding="utf-8")
    other = Settings.from_environment({"HUITOUKAN_HOME": str(tmp_path / "demo")})
    assert other.database.startswith("sqlite:///")
    assert Settings.from_environment({"HUITOUKAN_HOME": "/srv/county"}).database.endswith("/county")
    named = {"HUITOUKAN_HOME": str(tmp_path / "demo"), "HUITOUKAN_SETTINGS": str(machine)}
    assert Settings.from_environment(named).database.endswith("/county")


def test_a_home_may_hold_its_settings(machine, tmp_path):
    (tmp_path / "settings.toml").write_text('database = "postgresql://u:p@h/own"\n', encoding="utf-8")
    assert Settings.from_environment({"HUITOUKAN_HOME": str(tmp_path)}).database.endswith("/own")
    machine.write_text(f'home = "{tmp_path}"\n', encoding="utf-8")
    assert Settings.from_environment({}).database.endswith("/own")


def test_no_setting_stands_in_two_files(machine, tmp_path):
    (tmp_path / "settings.toml").write_text("\nidle_hours = 4\n", encoding="utf-8")
    machine.write_text(f'home = "{tmp_path}"\nidle_hours = 3\n', encoding="utf-8")
    with pytest.raises(BadSetting, match=r"huitoukan\.toml:2.*settings\.toml:2") as refused:
        gather({})
    assert "只留一处" in str(refused.value)


def test_a_home_can_not_name_another_home(machine, tmp_path):
    (tmp_path / "settings.toml").write_text('home = "/srv"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="不能写在数据目录自己的设置文件里"):
        gather({"HUITOUKAN_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("written", "line", "sentence"),
    [
        ('home = "/srv"\ndatabse = "x"\n', 2, "没有 databse 这个设置，是不是 database？"),
        ('HUITOUKAN_HOME = "/srv"\n', 1, "是不是 home？"),
        ("[server]\nport = 1\n", 1, "没有 server 这个设置"),
        ('now = "2022-08-25T09:00"\n', 1, "没有 now 这个设置"),
        ('home = "/srv"\nhttps = 1\n', 2, "https 要写成 true 或 false"),
        ('https = "1"\n', 1, "https 要写成 true 或 false"),
        ("# 空行\n\nidle_hours = true\n", 3, "idle_hours 要写成整数"),
        ("database = 5\n", 1, "database 要写成带半角引号的文字"),
        ('home = "var"\n', 1, "home 要写完整的位置"),
        ('database = "sqlite:///var/x.sqlite3"\n', 1, "四条斜线"),
        ('home = "/srv"\nhome = "/srv"\n', 2, "只留一处"),
        ("home = “/srv”\n", 1, "引号和等号要用半角的"),
        ("home = /srv\n", 1, "每行是 名称 = 值"),
        ("idle_hours = " + "9" * 5000, 1, "每行是 名称 = 值"),
        ("a = " + "[" * 50_000, 1, "每行是 名称 = 值"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_with_its_line(machine, written, line, sentence):
    machine.write_text(written, encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert f"{machine}:{line}: " in result.stderr
    assert sentence in result.stderr


def test_every_fault_is_told_at_once(machine):
    machine.write_text("a = 1\nhttps = 2\n", encoding="utf-8")
    stderr = run("init").stderr
    assert f"{machine}:1" in stderr
    assert f"{machine}:2" in stderr


def test_a_value_that_makes_no_sense_is_told_with_its_line(machine):
    machine.write_text("idle_hours = 5000\n", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"huitoukan\.toml:1: idle_hours 应是 1 到 1000"):
        Config.from_environment({})


def test_a_password_in_a_wrong_value_is_not_repeated(machine):
    machine.write_text('database = "mysql://u:geheim@h/x"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match=r":1: database") as refused:
        Config.from_environment({})
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("content", ['home = "/srv"\n# 县\n'.encode("gbk"), b"\xff\xfe"])
def test_another_encoding_is_named(machine, content):
    machine.write_bytes(content)
    with pytest.raises(BadSetting, match="另存为 UTF-8"):
        gather({})


def test_a_file_of_notepad_with_its_mark_is_read(machine):
    machine.write_bytes('﻿home = "/srv"\r\n'.encode())
    assert Settings.from_environment({}).home == Path("/srv")


def test_a_file_without_end_is_refused():
    with pytest.raises(BadSetting, match="太大"):
        read_settings_file(Path("/dev/zero"))


def test_a_file_that_was_named_must_be_there(machine, tmp_path):
    with pytest.raises(BadSetting, match="没有 .*none.toml 这个设置文件"):
        gather({"HUITOUKAN_SETTINGS": str(tmp_path / "none.toml")})
    assert set(gather({"HUITOUKAN_SETTINGS": os.devnull})) == {"HUITOUKAN_SETTINGS"}


@pytest.mark.parametrize(("mode", "warned"), [(0o644, True), (0o640, False)])
def test_a_password_that_everybody_may_read_is_warned_of(machine, tmp_path, mode, warned):
    machine.write_text(f'home = "{tmp_path}/home"\nsmtp = "smtps://u:geheim@h"\n', encoding="utf-8")
    machine.chmod(mode)
    stderr = run("init").stderr
    assert (f"chmod 640 {machine}" in stderr) is warned
    assert "geheim" not in stderr


def test_a_demonstration_takes_no_mail_server_and_no_database_from_the_file(machine, tmp_path):
    machine.write_text(
        f'home = "{tmp_path}"\nhttps = true\nsmtp = "smtps://u:p@h"\ndatabase = "postgresql://u:p@h/county"\n',
        encoding="utf-8",
    )
    config = Config.from_environment({}, demo=True)
    assert config.home == tmp_path
    assert (config.https, config.smtp) == (False, None)
    assert config.database.startswith("sqlite:///")


def test_the_shipped_file_has_every_setting_and_can_be_used(machine):
    shipped = (PROJECT / "deploy" / "huitoukan.toml").read_text(encoding="utf-8")
    machine.write_text(shipped, encoding="utf-8")
    assert Config.from_environment({}).address == "https://huitoukan.example.cn"
    lines = [line.removeprefix("# ") if " = " in line else line for line in shipped.splitlines()]
    machine.write_text("\n".join(lines), encoding="utf-8")
    assert set(gather({})) == set(NAME_OF_KEY.values())
