"""Validation of the report's sentence templates: unknown placeholders are reported with their position."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from build_scripts.check_command import check
from build_scripts.documents.sentence_check import known_words, sentence_problems
from build_scripts.settings import PROJECT
from checklist.authoring.guide import guide
from checklist.loading.loader import load_campaign

SHIPPED = PROJECT / "checklist" / "2022-huitoukan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name))


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "forms" / "report.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("{{ 问题总数 }}", "sentence-word"),
        ("{{ 共排查问题数 }", "sentence-broken"),
        ("{% if 县 %}", "sentence-broken"),
    ],
)
def test_a_sentence_that_can_not_be_filled_is_reported_at_its_place(
    folder: Path, new: str, code: str
) -> None:
    edit(folder, "{{ 共排查问题数 }}", new)
    found = list(sentence_problems(load_campaign(folder), folder))
    assert [problem.code for problem in found] == [code]
    lines = (folder / "forms" / "report.yml").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if new in line)
    assert found[0].place == f"forms/report.yml:{number}:9"


def test_check_tells_it(folder: Path) -> None:
    edit(folder, "{{ 共排查问题数 }}", "{{ 排查问题数 }}")
    result = CliRunner().invoke(check, ["--checklist", str(folder)])
    assert result.exit_code == 1
    assert "没有这个词" in result.stdout
    assert "是不是 共排查问题数" in result.stdout


def test_check_names_what_is_still_to_be_written(folder: Path) -> None:
    (folder / "glossary.yml").write_text(
        "terms:\n  - term: 甲\n    explanation: （照新通知写）\n", encoding="utf-8"
    )
    (folder / "reading.yml").unlink()
    result = CliRunner().invoke(check, ["--checklist", str(folder)])
    assert result.exit_code == 0, result.output
    assert "glossary.yml:3: 还是“（照新通知写）”" in result.stdout
    assert "没有 reading.yml" in result.stdout


def test_the_guide_has_every_word() -> None:
    told = guide()
    assert [word for word in known_words(load_campaign(SHIPPED)) if f"`{word}`" not in told] == []
