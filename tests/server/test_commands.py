"""The commands, as they are typed, on an empty home."""

import errno
import os
import stat

import pytest
from click.testing import CliRunner, Result

from build_scripts.settings_file import BadSetting
from checklist.loading.loader import InvalidCampaign
from forms_server.accounts import account_store, passwords
from forms_server.accounts.signing_in import Browser, SignedIn, sign_in
from forms_server.cli import main
from forms_server.clock import Clock
from forms_server.commands.opened_home import read_campaign
from forms_server.db.engine import make_engine
from forms_server.server_settings import ENVIRONMENT, Config
from forms_server.services import Services
from tests.builders import EAST, EAST_WILLOW, OFFICE, small_campaign


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """An empty home, no settings of the machine, and the small campaign in place of a folder."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "home"))
    for command in ("init_command", "user_commands"):
        monkeypatch.setattr(
            f"forms_server.commands.{command}.read_campaign", lambda _config: small_campaign()
        )
    return tmp_path / "home"


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=given)


@pytest.fixture
def ready(environment):
    assert run("init").exit_code == 0
    return environment


def services(home) -> Services:
    config = Config(checklist=home, home=home, database=f"sqlite:///{home}/huitoukan.sqlite3")
    return Services(small_campaign(), make_engine(config.database, config.audit_key()), Clock(), config)


def signs_in(home, name, password) -> bool:
    used = services(home)
    outcome = sign_in(used, name, password, Browser(""))
    used.engine.dispose()
    return isinstance(outcome, SignedIn)


def account(home, name):
    engine = services(home).engine
    with engine.connect() as connection:
        found = account_store.find_by_name(connection, name)
    engine.dispose()
    return found


def shown_password(result: Result) -> str:
    return result.output.split("一次性密码：")[1].split()[0]


def test_the_first_init_makes_the_office_and_shows_its_password(environment):
    result = run("init")
    assert result.exit_code == 0
    assert signs_in(environment, "office", shown_password(result))
    office = account(environment, "office")
    assert (office.unit_code, office.role, office.must_change_password) == (OFFICE, "office", True)


def test_a_second_init_changes_nothing_and_says_so(ready):
    before = account(ready, "office")
    result = run("init")
    assert result.exit_code == 0
    assert "没有改动" in result.output
    assert "密码：" not in result.output
    assert account(ready, "office") == before


def test_user_add_shows_a_one_use_password(ready):
    result = run("user", "add", "张某某", "--unit", "东河镇", "--role", "reporter", "--village", "柳林村")
    assert result.exit_code == 0
    assert signs_in(ready, "张某某", shown_password(result))
    made = account(ready, "张某某")
    assert (made.unit_code, made.village_code, made.must_change_password) == (EAST, EAST_WILLOW, True)


def test_user_add_reads_a_password_and_does_not_repeat_it(ready):
    arguments = ("user", "add", "li", "--unit", EAST, "--role", "principal", "--password-stdin")
    result = run(*arguments, given="baizhou-chuan-7\n")
    assert result.exit_code == 0
    assert "baizhou" not in result.output
    assert signs_in(ready, "li", "baizhou-chuan-7")


@pytest.mark.parametrize(
    ("arguments", "given", "sentence"),
    [
        (("--unit", "某镇", "--role", "reporter"), None, "没有“某镇”这个单位"),
        (("--unit", EAST, "--role", "boss"), None, "可用的角色：reporter（填报人）、principal（主要负责人）"),
        (("--unit", EAST, "--role", "office"), None, "办公室只能设在办公室，不能设在东河镇"),
        (("--unit", EAST, "--role", "reporter", "--village", "石桥村村委会"), None, "东河镇没有"),
        (("--unit", EAST, "--role", "reporter", "--password-stdin"), "woaini1314\n", "常见的密码"),
        (("--unit", EAST, "--role", "reporter", "--password-stdin"), "", "密码应为"),
    ],
)
def test_user_add_refuses_with_a_sentence(ready, arguments, given, sentence):
    result = run("user", "add", "li", *arguments, given=given)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert account(ready, "li") is None


def test_a_taken_name_is_refused(ready):
    result = run("user", "add", "office", "--unit", EAST, "--role", "reporter")
    assert result.exit_code == 1
    assert "已有账号“office”" in result.stderr


def test_a_disabled_account_signs_in_only_once_it_is_enabled_again(ready):
    assert run("user", "disable", "office").exit_code == 0
    password = shown_password(run("user", "reset", "office"))
    assert not signs_in(ready, "office", password)
    assert run("user", "enable", "office").exit_code == 0
    assert signs_in(ready, "office", password)


def test_disabling_the_last_office_account_says_how_to_take_it_back(ready):
    run("user", "add", "second", "--unit", OFFICE, "--role", "office")
    assert "没有能用的办公室账号" not in run("user", "disable", "second").stderr
    assert "huitoukan user enable office" in run("user", "disable", "office").stderr


def test_user_reset_replaces_the_password(ready):
    password = shown_password(run("user", "reset", "office"))
    assert signs_in(ready, "office", password)


@pytest.mark.parametrize("command", ["disable", "enable", "reset"])
def test_an_unknown_account_is_named(ready, command):
    result = run("user", command, "nobody")
    assert result.exit_code == 1
    assert "没有账号“nobody”" in result.stderr


def test_a_fixed_clock_is_refused_by_the_real_server(ready, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_NOW", "2022-08-25T09:00")
    result = run("serve")
    assert result.exit_code == 1
    assert "HUITOUKAN_NOW 仅供演示和测试" in result.stderr


def test_serve_lists_every_setting():
    output = run("serve", "--help").output
    assert all(name in output for name in ENVIRONMENT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUITOUKAN_HTTPS", "yes"),
        ("HUITOUKAN_IDLE_HOURS", "0"),
        ("HUITOUKAN_SESSION_DAYS", "７"),
        ("HUITOUKAN_NOW", "x"),
        ("HUITOUKAN_NOW", "0001-01-01"),
        ("HUITOUKAN_DATABASE", "postgresql://u:secret@h:notaport/x"),
        ("HUITOUKAN_DATABASE", "huitoukan.sqlite3"),
        ("HUITOUKAN_DATABASE", "postgres://u:secret@h/x"),
        ("HUITOUKAN_DATABASE", "mysql://u:secret@h/x"),
        ("HUITOUKAN_ADDRESS", "10.1.2.3:8000"),
        ("HUITOUKAN_ADDRESS", "http://"),
        ("HUITOUKAN_ADDRESS", "http://10.1.2.3:8000/sub"),
        ("HUITOUKAN_ADDRESS", "http://10.1.2.3/?a"),
        ("HUITOUKAN_ADDRESS", "http://10.1. 2.3"),
        ("HUITOUKAN_ADDRESS", "http://10.1.2.3:port"),
        ("HUITOUKAN_ADDRESS", "http://10.1.2.3\n"),
        ("HUITOUKAN_MAIL_FROM", "办公室 <a@b.cn>"),
        ("HUITOUKAN_MAIL_FROM", "办公室@b.cn"),
        ("HUITOUKAN_MAIL_FROM", "a@b.cn\nBcc: c@d.cn"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name, value):
    with pytest.raises(BadSetting, match=name) as refused:
        Config.from_environment({name: value}, demo=True)
    assert "secret" not in str(refused.value)


def test_an_address_is_kept_without_its_last_slash():
    for value in ("http://10.1.2.3:8000/", "https://huitoukan.example.cn/", "http://[fd00::1]:8000/"):
        assert Config.from_environment({"HUITOUKAN_ADDRESS": value}).address == value[:-1]


@pytest.mark.parametrize(
    "arguments",
    [("init",), ("demo",), ("serve",), ("remind", "--dry-run"), ("backup", "b.zip"), ("summary",)],
)
def test_a_home_that_can_not_be_used_is_reported_with_the_setting(environment, arguments):
    environment.touch()
    result = run(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert str(environment) in result.stderr
    assert "设置 home" in result.stderr


def test_a_full_disk_is_reported_with_the_home(environment, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")  # a write names no file

    monkeypatch.setattr("forms_server.server_settings.secrets.token_bytes", full)
    result = run("init")
    assert result.exit_code == 1
    assert f"{environment} 出错（磁盘满了）" in result.stderr


def test_others_can_not_look_into_the_database(environment, monkeypatch):
    before = os.umask(0o022)
    try:
        assert run("init").exit_code == 0
        assert stat.S_IMODE(environment.stat().st_mode) == 0o700
        readable = [path.name for path in environment.iterdir() if path.stat().st_mode & 0o077]
        assert readable == []
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_init_closes_what_was_open_to_others(ready):
    (ready / "photos").mkdir()
    names = ("huitoukan.sqlite3", "audit.key", "photos")
    for name in names:
        (ready / name).chmod(0o755)
    ready.chmod(0o755)
    assert run("init").exit_code == 0
    assert [name for name in names if (ready / name).stat().st_mode & 0o077] == []
    assert stat.S_IMODE(ready.stat().st_mode) == 0o755  # may be a folder that holds more than ours


def test_keys_are_made_on_a_disk_without_links(tmp_path, without_links):
    config = Config(checklist=tmp_path, home=tmp_path, database="")
    key = config.secret_key()
    assert len(key) == 32
    assert config.secret_key() == key
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


def test_an_unknown_database_is_reported_without_a_traceback(environment, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_DATABASE", "nothing://there")
    result = run("init")
    assert result.exit_code == 1
    assert "HUITOUKAN_DATABASE" in result.stderr


def test_a_faulty_campaign_is_reported_with_its_places(tmp_path):
    with pytest.raises(InvalidCampaign, match="campaign.yml"):
        read_campaign(Config(checklist=tmp_path, home=tmp_path, database=""))


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    config = Config(checklist=tmp_path, home=tmp_path / "new", database="")
    key = config.secret_key()
    assert len(key) == 32
    assert config.secret_key() == key
    path = tmp_path / "new" / "secret.key"
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_one_use_passwords_of_the_command_line_must_be_changed(ready):
    password = passwords.one_use()
    run("user", "add", "li", "--unit", EAST, "--role", "principal", "--password-stdin", given=password)
    assert account(ready, "li").must_change_password


EVERY_USE = [
    ("serve",),
    ("user", "reset", "office"),
    ("backup", "b.zip"),
    ("audit", "verify"),
    ("remind", "--dry-run"),
    ("ledger", "export", "--out", "l.xlsx"),
    ("summary",),
]


@pytest.mark.parametrize("arguments", EVERY_USE)
def test_a_mistyped_home_is_reported_and_not_made(environment, arguments):
    result = run(*arguments)
    assert result.exit_code == 1
    assert str(environment) in result.stderr
    assert not environment.exists()


@pytest.mark.parametrize("arguments", EVERY_USE)
def test_a_home_without_a_database_stays_without(environment, arguments):
    environment.mkdir()
    result = run(*arguments)
    assert result.exit_code == 1
    assert str(environment / "huitoukan.sqlite3") in result.stderr
    assert {path.name for path in environment.iterdir()} <= {".in-use"}


@pytest.mark.parametrize(
    ("version", "arguments", "sentence"),
    [
        ("0006", ("user", "reset", "office"), "旧版本的：请先运行 huitoukan upgrade 升级"),
        ("9999", ("user", "reset", "office"), "请先把本程序升级到同样的版本"),
        ("9999", ("init",), "请先把本程序升级到同样的版本"),
    ],
)
def test_a_database_of_another_version_is_reported(ready, version, arguments, sentence):
    engine = services(ready).engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (version,))
    engine.dispose()
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
