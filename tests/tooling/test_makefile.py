"""The Makefile's own decisions, over a stand-in for the `huitoukan` command."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
COMMAND = """#!/bin/sh
mkdir -p ${HUITOUKAN_HOME:-var}/site
echo "$@" >> calls
"""
STAMP = "var/site/.built-from-checklist"


class Clone:
    """A folder with the Makefile, two campaigns, and an environment that counts as installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamp("requirements.txt", age=400)
        self.stamp("pyproject.toml", age=400)
        self.stamp(".venv/.installed", age=300)
        self.stamp("checklist/a/area.yml", age=300)
        self.stamp("checklist/a/extra.yml", age=300)
        self.stamp("elsewhere/b/area.yml", age=300)
        shutil.copy(PROJECT / "Makefile", folder)
        command = folder / ".venv/bin/huitoukan"
        command.parent.mkdir()
        command.write_text(COMMAND, encoding="utf-8")
        command.chmod(0o755)

    def stamp(self, name: str, age: int = 0) -> None:
        """Make a file, and give it and its folder a time so many seconds ago."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        then = path.stat().st_mtime - age
        for each in (path, *path.relative_to(self.folder).parents):
            os.utime(self.folder / each, (then, then))

    def make(self, *arguments: str, **environment: str) -> list[str]:
        """Run make; what it asked of the huitoukan command."""
        (self.folder / "calls").unlink(missing_ok=True)
        clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        subprocess.run(["make", *arguments], cwd=self.folder, env={**clean, **environment}, check=True)
        calls = self.folder / "calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_help_lists_every_target(clone):
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    shown = subprocess.run(["make"], cwd=clone.folder, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\w+) +\S", shown, re.MULTILINE) == targets
    assert {"run", "test", "install", "demo", "check", "help"} <= set(targets)
    assert sorted(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) == sorted(targets)


def test_run_builds_makes_the_database_and_serves(clone):
    assert clone.make("run") == ["init", "handbook build", "serve"]


def test_another_port_is_handed_on_where_it_is_asked_for(clone):
    assert clone.make("run", "PORT=8001")[-1] == "serve --port 8001"
    assert clone.make("demo", "PORT=8001") == ["demo --port 8001"]
    assert clone.make("run", PORT="5000")[-1] == "serve"


def test_a_second_start_builds_nothing(clone):
    clone.make("run")
    assert clone.make("run") == ["init", "serve"]


def test_the_demonstration_builds_what_it_needs_itself(clone):
    assert clone.make("demo") == ["demo"]


def test_a_changed_source_builds_the_handbook_anew(clone):
    clone.make("handbook")
    clone.stamp(STAMP, age=100)
    assert clone.make("handbook") == []
    clone.stamp("checklist/a/area.yml")
    assert clone.make("handbook") == ["handbook build"]


def test_a_deleted_source_builds_the_handbook_anew(clone):
    clone.make("handbook")
    clone.stamp(STAMP, age=100)
    (clone.folder / "checklist/a/extra.yml").unlink()
    assert clone.make("handbook") == ["handbook build"]


def test_another_campaign_builds_the_handbook_anew(clone):
    clone.make("handbook")
    assert clone.make("handbook", HUITOUKAN_CHECKLIST="elsewhere/b") == ["handbook build"]
    assert clone.make("handbook", HUITOUKAN_CHECKLIST="elsewhere/b") == []
    assert clone.make("handbook") == ["handbook build"]


def test_the_handbook_follows_the_campaign_in_the_home(clone):
    clone.make("handbook")
    clone.stamp("var/campaigns/a/area.yml", age=100)
    assert clone.make("handbook") == ["handbook build"]
    assert clone.make("handbook") == []
    clone.stamp("var/site/.built-from-var_campaigns", age=50)
    clone.stamp("var/campaigns/a/area.yml")
    assert clone.make("handbook") == ["handbook build"]


def test_new_figures_build_the_handbook_anew(clone):
    clone.make("handbook")
    clone.stamp(STAMP, age=100)
    clone.stamp("var/summary/published.json")
    assert clone.make("handbook") == ["handbook build"]


def test_each_data_folder_has_its_own_handbook(clone):
    clone.make("handbook")
    assert clone.make("handbook", HUITOUKAN_HOME="data") == ["handbook build"]
    assert clone.make("handbook") == []


def test_an_installed_environment_is_left_alone(clone):
    assert clone.make("install", "PYTHON=no-such-python") == []


def test_clean_keeps_the_records(clone):
    clone.make("run")
    clone.stamp("var/huitoukan.sqlite3")
    clone.make("clean")
    assert not (clone.folder / "var/site").exists()
    assert (clone.folder / "var/huitoukan.sqlite3").exists()
    assert not (clone.folder / ".venv").exists()
