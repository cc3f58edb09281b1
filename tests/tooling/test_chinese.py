"""Help and usage errors are in Chinese, including click's own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from build_scripts.click_chinese import WORDS
from forms_server.cli import main


def _sentences_of_click() -> Iterator[str]:
    """Everything that this version of click would have translated."""
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"_", "ngettext"}
            ):
                for each in node.args:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value


SENTENCES = frozenset(_sentences_of_click())
ENGLISH = {
    part.strip()
    for sentence in SENTENCES
    for part in re.split(r"\{.*?\}|%\(\w+\)s|\W{2,}", sentence)
    if len(part.strip()) >= 5
}
"""The longer pieces of what click says."""


def _every_call(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from _every_call(below, *path, name)


def _english(shown: str) -> list[str]:
    return sorted(part for part in ENGLISH if part in shown)


@pytest.mark.parametrize("path", sorted(_every_call(main)), ids=" ".join)
def test_the_help_of_every_command_is_chinese(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"]).output
    assert shown.startswith("用法: ")
    assert _english(re.sub(r"--[a-z-]+", "", shown)) == []  # an option's name is no sentence
    assert not re.search(r"(TEXT|INTEGER|RANGE|PATH|FILE|DIRECTORY|DATETIME)  |OPTIONS|ARGS", shown)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("abacus", "错误：没有“abacus”这个命令。"),
        ("serve --prt 1", "错误：没有“--prt”这个选项。 是不是 '--port'？"),
        ("serve --p 1", "错误：没有“--p”这个选项。"),
        ("serve --port", "错误：选项 --port 后面要写内容。"),
        ("serve --port abc", "错误：'--port' 写得不对：“abc”不是整数。"),
        ("serve --port 70000", "错误：'--port' 写得不对：70000 超出了范围 0<=x<=65535。"),
        ("init now", "错误：多写了“now”。"),
        ("init now then", "错误：多写了“now then”。"),
        ("user", "用法: "),
        ("user reset", "错误：少写了 'NAME'."),
        ("user reset --password-stdin=1 x", "错误：选项 --password-stdin 后面不写内容。"),
        ("ledger export", "错误：少写了选项 '--out'."),
        ("restore nowhere.zip", "错误：'FILE' 写得不对：没有“nowhere.zip”，请核对文件名和位置。"),
        ("restore .", "错误：'FILE' 写得不对：“.”是文件夹，应当是文件。"),
        ("summary --out pyproject.toml", "错误：'--out' 写得不对：“pyproject.toml”是文件，应当是文件夹。"),
        (
            "summary --engine abacus",
            "错误：'--engine' 写得不对：“abacus”不在可选的里面：'auto', 'database', ",
        ),
        ("summary --since 昨天", "错误：'--since' 写得不对：“昨天”不是日期，要写成 2022-08-20 这样。"),
    ],
)
def test_a_wrong_call_is_reported_in_chinese(call: str, said: str) -> None:
    done = CliRunner().invoke(main, call.split())
    assert done.exit_code == 2
    assert said in done.stderr
    assert _english(done.stderr) == []


def test_click_still_says_what_is_translated() -> None:
    # Words that click takes from a table, not from a call of its own.
    assert set(WORDS) - SENTENCES == {"required"}
