"""``handbook serve``: a saved change is on the page, and a mistake stands there with its file, line and column."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from build_scripts.handbook.preview import STAMP, HandbookPreview, PreviewResponse
from build_scripts.handbook.preview_server import server
from build_scripts.handbook.yaml_error_page import error_page
from build_scripts.settings import PROJECT, Settings
from checklist.problems import Problem

CLAUSE = "疏散通道是否堆放杂物"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign to edit; each test leaves it as it was."""
    copy = tmp_path_factory.mktemp("edited") / "2023-autumn-fire"
    shutil.copytree(PROJECT / "tests" / "campaigns" / "2023-autumn-fire", copy)
    return copy


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("preview")


@pytest.fixture(scope="module")
def preview(folder: Path, site: Path, tmp_path_factory: pytest.TempPathFactory) -> HandbookPreview:
    home = tmp_path_factory.mktemp("home")
    return HandbookPreview(Settings(folder, home, ""), site, tmp_path_factory.mktemp("templates"))


@pytest.fixture
def area(folder: Path) -> Iterator[Path]:
    path = folder / "areas" / "01-escape.yml"
    before = path.read_text(encoding="utf-8")
    yield path
    path.write_text(before, encoding="utf-8")


@pytest.fixture(scope="module")
def root(preview: HandbookPreview, site: Path) -> Iterator[str]:
    with server(preview, site, 0) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
        thread.join()


def html(answer: PreviewResponse | None) -> str:
    assert answer is not None
    return answer.body.decode()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_change_is_on_the_page_that_is_asked_for_next(preview: HandbookPreview, area: Path) -> None:
    assert CLAUSE in html(preview.answer("areas/01-escape.html"))
    replace(area, CLAUSE, "通道里有没有电动车")
    changed = html(preview.answer("areas/01-escape.html"))
    assert "通道里有没有电动车" in changed
    assert CLAUSE not in changed
    assert "通道里有没有电动车" in html(preview.answer("areas/"))


def test_a_page_is_the_built_one_but_for_the_reloading(preview: HandbookPreview, site: Path) -> None:
    page = html(preview.answer("glossary.html"))
    built = (site / "glossary.html").read_text(encoding="utf-8")
    article = str(BeautifulSoup(built, "html.parser").article)
    assert str(BeautifulSoup(page, "html.parser").article) == article
    assert "location.reload()" in page
    assert "location.reload()" not in built


def test_a_mistake_is_shown_with_its_place_in_place_of_every_page(
    preview: HandbookPreview, area: Path
) -> None:
    replace(area, "number: 1", "numbr: 1")
    for path in ("", "glossary.html"):
        answer = preview.answer(path)
        assert answer
        assert answer.status == 500
        page = answer.body.decode()
        assert "areas/01-escape.yml:2:1" in page
        assert "numbr: 1\n^" in page
        assert "这里可以写 number" in page
        assert "location.reload()" in page


def test_its_stamp_changes_with_the_files_and_only_with_them(preview: HandbookPreview, area: Path) -> None:
    first = preview.answer(STAMP)
    assert preview.answer(STAMP) == first
    replace(area, CLAUSE, f"{CLAUSE}或电动车")
    assert preview.answer(STAMP) != first


def test_over_http_it_serves_pages_files_and_what_the_theme_brings(root: str) -> None:
    with urlopen(f"{root}areas/01-escape.html") as answer:  # noqa: S310
        assert CLAUSE in answer.read().decode()
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("downloads/hazards.xlsx", "assets/handbook.css", "search/search_index.json"):
        with urlopen(root + path) as answer:  # noqa: S310
            assert answer.read()
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{root}areas/nowhere.html")  # noqa: S310


def test_in_a_browser_the_page_follows_the_file(root: str, area: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{root}areas/01-escape.html")
    replace(area, CLAUSE, "通道里有没有电动车")
    page.get_by_role("article").get_by_text("主要看 通道里有没有电动车").wait_for()
    replace(area, "number: 1", "number: 一")
    page.get_by_text("areas/01-escape.yml:2:9").wait_for()
    replace(area, "number: 一", "number: 1")
    page.get_by_role("article").get_by_text("主要看 通道里有没有电动车").wait_for()
    page.close()


@pytest.mark.parametrize("place", ["areas/01-escape.yml:900:1", "none.yml:1:1", "areas/:1:1"])
def test_a_place_that_is_no_line_has_no_excerpt(place: str, folder: Path) -> None:
    page = error_page([Problem(place, "code", "<b>不行</b>")], folder)
    assert "<pre" not in page
    assert "&lt;b&gt;不行" in page
