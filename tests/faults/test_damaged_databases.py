"""A damaged database is noticed or harmless; every command ends in a sentence, every page is one."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forms_server.cli import main
from forms_server.db.engine import make_engine
from forms_server.db.integrity import damage
from forms_server.server_settings import ENVIRONMENT, Config
from forms_server.web.app import create_app
from tests.builders import EAST, small_campaign
from tests.faults.damaging import DATABASE, content_of, copies, new_home
from tests.faults.one_of_each import ROWS

COMMANDS = (
    ("audit", "verify"),
    ("doctor", "--quick"),
    ("doctor",),
    ("backup", "--even-if-fewer", "{home}/b.zip"),
    ("user", "disable", "li"),
    ("mask",),
    ("remind", "--dry-run"),
    ("init",),
)
NOTICING = COMMANDS[:3]
PAGES = (
    "/",
    "/records/household-issues/",
    f"/records/household-issues/{ROWS['issue']['id']}",
    f"/returns/{ROWS['signed_return']['id']}",
    "/accounts/",
    "/returns/",
    "/inbox/",
    "/reconciliation/",
    f"/returns/unit/{EAST}",
    "/visits/",
    "/doubles/",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home, and the token of a session of the office."""
    made = tmp_path_factory.mktemp("faults") / "home"
    return made, new_home(made)


@pytest.fixture(autouse=True)
def _campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for command in ("init_command", "user_commands", "backup_commands", "remind_command", "doctor_command"):
        monkeypatch.setattr(
            f"forms_server.commands.{command}.read_campaign", lambda *_config: small_campaign()
        )


def run(home: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("HUITOUKAN_HOME", str(home))
    return CliRunner().invoke(main, [each.format(home=home) for each in arguments])


def ends_in_a_sentence(result: Result) -> bool:
    clean = result.exception is None or isinstance(result.exception, SystemExit)
    return clean and "Traceback" not in result.output + result.stderr


def test_the_home_is_whole(home, monkeypatch, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(home[0], copy)
    for arguments in COMMANDS[:1] + COMMANDS[3:]:
        result = run(copy, monkeypatch, *arguments)
        assert result.exit_code == 0, (arguments, result.output, result.stderr, result.exception)


def test_damage_is_noticed_or_harmless(home, monkeypatch, tmp_path):
    whole, unnoticed, noticed = content_of(home[0]), [], 0
    for into, what in copies(home[0], tmp_path):
        same = content_of(into) == whole
        found = [arguments for arguments in NOTICING if run(into, monkeypatch, *arguments).exit_code]
        noticed += bool(found)
        if not same and not found:
            unnoticed.append(what)
    assert unnoticed == []
    assert noticed


def test_every_command_ends_in_a_sentence(home, monkeypatch, tmp_path):
    broken = []
    for into, what in copies(home[0], tmp_path):
        for arguments in COMMANDS:
            result = run(into, monkeypatch, *arguments)
            if not ends_in_a_sentence(result):
                broken.append((what, arguments, repr(result.exception)))
    assert broken == []


def test_every_page_is_a_page(home, tmp_path):
    broken = []
    for into, what in copies(home[0], tmp_path):
        config = Config(checklist=into, home=into, database=f"sqlite:///{into}/{DATABASE}")
        app = create_app(config, small_campaign())
        client = app.test_client()
        client.set_cookie("huitoukan", home[1])
        for address in PAGES:
            answer = client.get(address)
            if answer.status_code == 500 or "Traceback" in answer.text or not answer.text:
                broken.append((what, address, answer.status_code))
        app.extensions["huitoukan"].engine.dispose()
    assert broken == []


def test_looking_for_damage_ends_in_time(home):
    engine = make_engine(f"sqlite:///{home[0]}/{DATABASE}")
    with engine.connect() as connection:
        assert damage(connection, 0.0) is None
        assert damage(connection) is None
    engine.dispose()
