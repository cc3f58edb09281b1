"""The wheel works without the source tree: from an empty folder it makes a home, builds the handbook and serves."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("checklist", "build_scripts", "forms_server")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the source, so that nothing is built in the project."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in PACKAGES:
        shutil.copytree(PROJECT / name, source / name)
    for path in PROJECT.iterdir():
        if path.suffix in {".toml", ".in"} or path.name in {"LICENSE", "README.md"}:
            shutil.copy(path, source)
    pip(folder, "wheel", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (made,) = folder.glob("*.whl")
    return made


def pip(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_it_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    held = zipfile.ZipFile(wheel).namelist()
    assert {name for name in held if ".dist-info/" not in name} == set(listed)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content; the libraries are those of the tests."""
    site = tmp_path_factory.mktemp("installed")
    pip(site, "install", "--target", str(site), str(wheel))
    return site


def environment(installed: Path) -> Mapping[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("HUITOUKAN_")}
    return {**others, "PYTHONPATH": str(installed), "PYTHONUNBUFFERED": "1"}


def test_it_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        command = [sys.executable, str(installed / "bin" / "huitoukan"), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(installed), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "一次性密码" in run("init")
    assert "没有问题" in run("check")
    assert "手册已生成" in run("handbook", "build")
    run("template", "annex-1-1", "--out", "annex.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["annex.xlsx", "var"]
    assert (tmp_path / "var" / "campaigns" / "2022-huitoukan" / "campaign.yml").is_file()
    assert run("--version").strip() == f"huitoukan {version()}"
    command = [sys.executable, str(installed / "bin" / "huitoukan"), "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(installed), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            said = server.stdout.readline()
            address = re.search(r"http://[\d.:]+", said)
            assert address, said
            assert f"版本 {version()}" in said
            for path in ("/sign-in", "/handbook/index.html", "/static/palette.css", "/readyz"):
                with urlopen(address[0] + path) as answer:  # noqa: S310 - the address is ours
                    assert answer.status == 200
        finally:
            server.terminate()


def version() -> str:
    found = re.search(
        r'^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found
    return found[1]


def test_the_changelog_tells_of_the_version() -> None:
    headings = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1].startswith(f"{version()} — ")
