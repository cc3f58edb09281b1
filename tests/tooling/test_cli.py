"""The one command: every part of it is found, and none drags in the libraries of another."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from forms_server.cli import main

HEAVY = ("alembic", "docx", "duckdb", "flask", "mkdocs", "pandas", "pyspark", "sqlalchemy", "xlsxwriter")


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_command_has_its_name_and_its_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.help
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_the_help_lists_every_command_with_what_it_does() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    for name in main.list_commands(click.Context(main)):
        assert f"\n  {name} " in shown.output


def test_it_tells_the_version_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    shown = CliRunner().invoke(main, ["--version"])
    assert shown.exit_code == 0
    assert shown.output == f"huitoukan {project['version']}\n"


def test_a_command_that_there_is_not_is_a_wrong_call() -> None:
    assert CliRunner().invoke(main, ["abacus"]).exit_code == 2


def test_the_command_starts_without_the_libraries_of_its_parts() -> None:
    code = f"import forms_server.cli, sys, json; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
