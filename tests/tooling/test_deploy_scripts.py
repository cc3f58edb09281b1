"""The shell scripts that look at the machine, run with nothing on their PATH but stand-ins."""

import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
UPDATE = "apt-get update --quiet --quiet"
INSTALL = "apt-get install --yes --quiet --quiet --no-install-recommends chromium"


@pytest.fixture
def machine(tmp_path):
    """A function that runs a script on a machine with only the commands given, each a line of shell."""

    def run(script: str, *arguments: str, **commands: str) -> subprocess.CompletedProcess[str]:
        for name, body in commands.items():
            command = tmp_path / name.replace("_", "-")
            command.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            command.chmod(0o755)
        return subprocess.run(
            ["/bin/sh", DEPLOY / script, *arguments],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


RECORDED = {"apt_get": 'echo "apt-get $*"', "env": 'shift; "$@"'}


@pytest.mark.parametrize("name", ["chromium", "chromium_browser", "google_chrome"])
def test_a_browser_that_is_there_is_used(machine, name):
    done = machine("system_package.sh", "chromium", **{name: ""}, **RECORDED)
    assert (done.returncode, done.stdout) == (0, "")


def test_root_installs_chromium(machine):
    done = machine("system_package.sh", "chromium", id="echo 0", **RECORDED)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1:] == [UPDATE, INSTALL]


def test_others_install_it_through_sudo(machine):
    done = machine("system_package.sh", "chromium", id="echo 1000", sudo='echo "sudo $*"', **RECORDED)
    assert done.stdout.splitlines()[1:] == [
        f"sudo {UPDATE}",
        f"sudo env DEBIAN_FRONTEND=noninteractive {INSTALL}",
    ]


def test_unprivileged_users_get_a_hint_what_to_request(machine):
    done = machine("system_package.sh", "chromium", id="echo 1000", **RECORDED)
    assert done.returncode == 1
    assert "As root: apt-get install chromium" in done.stderr


def test_another_package_manager_is_left_to_the_user(machine):
    done = machine("system_package.sh", "chromium", id="echo 0")
    assert done.returncode == 1
    assert "dnf install chromium" in done.stderr


def test_an_install_that_fails_fails_the_run(machine):
    assert (
        machine(
            "system_package.sh", "chromium", id="echo 0", apt_get="exit 100", env=RECORDED["env"]
        ).returncode
        == 100
    )


OTHERS = "apt-get install --yes --quiet --quiet --no-install-recommends firefox-esr webkit2gtk-driver xvfb"


def test_root_installs_the_other_browsers(machine):
    done = machine("system_package.sh", "others", id="echo 0", firefox="", **RECORDED)
    assert (done.returncode, done.stdout.splitlines()[1:]) == (0, [UPDATE, OTHERS])


@pytest.mark.parametrize(
    "commands",
    [
        {"id": "echo 0"},
        {"id": "echo 1000", **RECORDED},
        {"id": "echo 0", "apt_get": '[ "$1" = update ]', "env": RECORDED["env"]},
    ],
    ids=["no apt", "no root", "no such package"],
)
def test_tests_go_on_without_the_other_browsers(machine, commands):
    done = machine("system_package.sh", "others", **commands)
    assert done.returncode == 0
    assert "Their tests are skipped." in done.stderr


def test_this_python_is_good_enough(machine):
    done = machine("python.sh", sys.executable)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ({}, "没有 python3。"),
        ({"python3": '[ "$1" = -m ]'}, "python3 太旧了"),
        ({"python3": '[ "$1" = -c ]'}, "python3 没有 pip"),
    ],
)
def test_what_python_lacks_is_said(machine, python, message):
    done = machine("python.sh", "python3", **python)
    assert done.returncode == 1
    assert message in done.stderr


JAVA = "apt-get install --yes --quiet --quiet --no-install-recommends default-jre-headless"


def test_a_java_that_is_there_is_used(machine):
    done = machine("system_package.sh", "java", java="", **RECORDED)
    assert (done.returncode, done.stdout) == (0, "")


def test_root_installs_java(machine):
    assert machine("system_package.sh", "java", id="echo 0", **RECORDED).stdout.splitlines()[1:] == [
        UPDATE,
        JAVA,
    ]


def test_others_install_java_through_sudo(machine):
    done = machine("system_package.sh", "java", id="echo 1000", sudo='echo "sudo $*"', **RECORDED)
    assert done.stdout.splitlines()[1:] == [
        f"sudo {UPDATE}",
        f"sudo env DEBIAN_FRONTEND=noninteractive {JAVA}",
    ]


@pytest.mark.parametrize(
    ("user", "commands", "message"),
    [(1000, RECORDED, "As root: apt-get install default-jre-headless"), (0, {}, "Spark needs Java 17")],
)
def test_unprivileged_users_get_a_hint_how_to_install_java(machine, user, commands, message):
    done = machine("system_package.sh", "java", id=f"echo {user}", **commands)
    assert done.returncode == 1
    assert message in done.stderr
