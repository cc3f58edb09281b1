"""The image and the Compose file: checked as text, and their commands run as processes over a PostgreSQL."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from forms_server.cli import main
from forms_server.server_settings import ENVIRONMENT
from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]

DEPLOY = Path(__file__).parents[2] / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KEYS = {
    "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image", "network_mode", "ports",
    "read_only", "restart", "security_opt", "tmpfs", "user", "volumes",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions, with continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", CONTAINERFILE)
    return [
        (line.split()[0], line.partition(" ")[2])
        for line in joined.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def test_the_image_is_built_from_the_bundle_without_a_network() -> None:
    found = instructions()
    assert [name for name, _ in found].count("FROM") == 1
    (run,) = (words for name, words in found if name == "RUN")
    for install in re.findall(r"pip install [^&]*", run):
        assert "--no-index" in install
    assert "--require-hashes" in run
    assert not re.search(r"apt|curl|wget|https?://", run)
    sources = {source for name, words in found if name == "COPY" for source in words.split()[:-1]}
    assert sources == {"wheels", "requirements.txt"}  # what make_bundle.py writes


def test_the_image_does_not_run_as_root_and_tells_its_health() -> None:
    found = dict(instructions())
    assert found["USER"] == "10001:10001"
    assert [name for name, _ in instructions()].index("USER") > [name for name, _ in instructions()].index(
        "RUN"
    )
    assert "/readyz" in found["HEALTHCHECK"]
    assert json.loads(found["ENTRYPOINT"]) == ["huitoukan"]
    command, *options = json.loads(found["CMD"])
    known = {
        option for each in (main.get_command(Context(main), command) or main).params for option in each.opts
    }
    assert {each for each in options if each.startswith("--")} <= known


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_closed(name: str) -> None:
    service = SERVICES[name]
    assert set(service) <= KEYS
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    user = service["user"].split(":")[0]
    assert user.isdigit()
    assert user != "0"
    if name != "prepare":  # which ends
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])
    for needed, how in service.get("depends_on", {}).items():
        assert needed in SERVICES
        healthy = how["condition"] == "service_healthy"
        assert ("healthcheck" in SERVICES[needed]) if healthy else SERVICES[needed].get("restart") is None
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or source.startswith("./")
        if source.startswith("./") and "tls" not in source:
            assert (DEPLOY / source).is_file()
    variables = {each for each in service.get("environment", {}) if each.startswith("HUITOUKAN_")}
    assert variables <= set(ENVIRONMENT)


def test_variables_stand_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    given = re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert asked == set(given)


def test_image_and_compose_agree() -> None:
    found = dict(instructions())
    assert SERVICES["server"]["command"] == json.loads(found["CMD"])
    assert SERVICES["server"]["user"] == found["USER"]
    health = json.loads(found["HEALTHCHECK"].partition("CMD ")[2])
    assert SERVICES["server"]["healthcheck"]["test"][1:] == health
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert SERVICES["nginx"]["network_mode"] == "service:server"  # so that this address is the server's:
    assert "proxy_pass http://127.0.0.1:8000;" in nginx


@pytest.fixture
def pod(tmp_path: Path, postgres_url: str) -> dict[str, str]:
    """The services' environment on this machine: their database, and folders in place of volumes."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, words in {"huitoukan": "-m forms_server", "python": ""}.items():
        path = commands / name
        path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    (tmp_path / "backups").mkdir()
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUITOUKAN_")},
        **SERVICES["server"]["environment"],
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "HUITOUKAN_HOME": str(tmp_path / "home"),
        "HUITOUKAN_DATABASE": postgres_url,
        "HUITOUKAN_ADDRESS": "https://huitoukan.example.cn",
    }


def run(pod: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=pod, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_services_work_together(pod: dict[str, str], tmp_path: Path) -> None:
    prepare = [*SERVICES["prepare"]["entrypoint"], *SERVICES["prepare"]["command"]]
    said = run(pod, *prepare)
    assert "一次性密码" in said
    assert "手册已生成" in said
    assert "没有改动" in run(pod, *prepare)  # on every start
    serve = [*SERVICES["server"]["command"][:-1], "0"]
    with subprocess.Popen(["huitoukan", *serve], env=pod, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = re.search(r"http://127\.0\.0\.1:(\d+)", server.stdout.readline())
            assert found
            health = [
                each.replace("127.0.0.1:8000", f"127.0.0.1:{found[1]}")
                for each in SERVICES["server"]["healthcheck"]["test"][1:]
            ]
            run(pod, *health)
            folder = tmp_path / "backups"
            shell, option = SERVICES["backup"]["entrypoint"]
            (loop,) = SERVICES["backup"]["command"]
            once = re.sub(r"^while (.*) \|\| true; do sleep \d+; done$", r"\1", loop)
            assert once != loop
            run(pod, shell, option, once.replace("/backups", str(folder)))
            check = SERVICES["backup"]["healthcheck"]["test"][1].replace("/backups", str(folder))
            run(pod, "sh", "-c", check)
        finally:
            server.terminate()
    assert subprocess.run(health, env=pod, capture_output=True, check=False).returncode != 0
