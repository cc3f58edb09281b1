"""A phone that visited the handbook once, and what it shows when the network is gone or the handbook has changed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.offline.cache_manifest import SERVICE_WORKER, digests, first_files, service_worker
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from tests.builders import small_campaign
from tests.search.driving import Reader, served

CHECKLIST = PROJECT / "checklist" / "2022-huitoukan"

KEPT = """async () => {
  const cache = await caches.open("handbook")
  return (await cache.keys()).map(request => new URL(request.url).pathname.slice(1))
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("offline")
    build(handbook_of(small_campaign()), out)
    return out


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "site")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        yield context


def test_after_one_visit_what_is_needed_works_without_network_and_the_rest_once_it_was_asked_for(
    site: Path, phone: BrowserContext
) -> None:
    pages = [name for name in digests(site) if name.endswith(".html")]
    first = [name for name in first_files(pages) if name != "404.html"]
    rest = sorted(set(pages) - set(first) - {"404.html"})
    with served(site) as root:
        reader = Reader(phone.new_page(), root)
        reader.page.goto(root)
        reader.page.wait_for_function("navigator.serviceWorker.controller")
        kept = set(reader.page.evaluate(KEPT))
        assert kept == set(first_files(digests(site)))
        phone.set_offline(True)
        all_open(reader.page, root, first)
        reader.page.goto(root + rest[0])
        expect(reader.page.locator("h1")).to_contain_text("没有网络，这一页还没有存到这台设备")
        phone.set_offline(False)
        reader.page.goto(f"{root}index.html")
        reader.page.get_by_role("button", name="整本存到这台设备").click()
        expect(reader.page.locator("[data-keep-all]")).to_have_count(0)
    # The server is gone.
    phone.set_offline(True)
    all_open(reader.page, root, pages)
    reader.open("areas/index.html")
    reader.type("收入")
    assert reader.enter()


def all_open(page: Page, root: str, names: list[str]) -> None:
    """Open pages without network."""
    for name in names:
        response = page.goto(f"{root}{name}?h=x", wait_until="domcontentloaded")
        assert response is not None
        assert response.ok, name
        assert response.from_service_worker


def test_figures_are_those_of_the_network_while_there_is_one(site: Path, phone: BrowserContext) -> None:
    (site / "summary").mkdir(exist_ok=True)
    figures = site / "summary" / "now.html"
    page_of = '<!doctype html><meta charset="utf-8"><h1>{}</h1>'
    figures.write_text(page_of.format("截至9时：1"), encoding="utf-8")
    # Old enough for the browser to take it for fresh without asking.
    long_ago = figures.stat().st_mtime - 10 * 24 * 3600
    os.utime(figures, (long_ago, long_ago))
    (site / SERVICE_WORKER).write_text(service_worker(digests(site)), encoding="utf-8")
    with served(site) as root:
        page = phone.new_page()
        page.goto(root)
        page.wait_for_function("navigator.serviceWorker.controller")
        page.goto(f"{root}summary/now.html")
        figures.write_text(page_of.format("截至10时：2"), encoding="utf-8")
        page.goto(f"{root}summary/now.html")
        expect(page.locator("h1")).to_have_text("截至10时：2")
    phone.set_offline(True)
    page.goto(f"{root}summary/now.html")
    expect(page.locator("h1")).to_have_text("截至10时：2")


def test_a_reader_of_an_old_version_is_told_of_the_new_one(site: Path, phone: BrowserContext) -> None:
    with served(site) as root:
        page = phone.new_page()
        page.goto(root)
        page.wait_for_function("navigator.serviceWorker.controller")
        page.reload()
        (site / "areas" / "index.html").write_text("改了", encoding="utf-8")
        (site / SERVICE_WORKER).write_text(service_worker(digests(site)), encoding="utf-8")
        page.evaluate("navigator.serviceWorker.ready.then(registration => registration.update())")
        expect(page.locator(".kept-here", has_text="手册已更新")).to_be_visible()


def test_the_first_visit_to_the_shipped_handbook_is_small(tmp_path: Path) -> None:
    build(handbook_of(load_campaign(CHECKLIST)), tmp_path)
    first = first_files(digests(tmp_path))
    assert sum((tmp_path / name).stat().st_size for name in first) <= 2_500_000
    assert {"index.html", "search/search_index.json", "glossary.html"} <= set(first)


def test_a_changed_page_replaces_the_one_that_was_kept_and_nothing_else_is_fetched(
    site: Path, phone: BrowserContext
) -> None:
    with served(site) as root:
        page = phone.new_page()
        page.goto(root)
        page.wait_for_function("navigator.serviceWorker.controller")
        before = set(page.evaluate(KEPT))
        (site / "notice.html").write_text(
            '<!doctype html><meta charset="utf-8"><title>改了</title>', encoding="utf-8"
        )
        (site / SERVICE_WORKER).write_text(service_worker(digests(site)), encoding="utf-8")
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url.removeprefix(root)))
        page.evaluate("""async () => {
          const changed = new Promise(resolve => (navigator.serviceWorker.oncontrollerchange = resolve))
          await (await navigator.serviceWorker.ready).update()
          await changed
        }""")
        assert sorted(asked) == ["notice.html", SERVICE_WORKER]
    page.goto(f"{root}notice.html")
    assert page.title() == "改了"
    assert set(page.evaluate(KEPT)) == before


def test_a_folder_asks_for_no_service_worker(site: Path, phone: BrowserContext) -> None:
    faults: list[str] = []
    page = phone.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"file://{quote(str(site))}/index.html")
    assert not faults


def test_the_manifest_names_what_a_server_shows_and_changes_with_any_content(site: Path) -> None:
    files = digests(site)
    assert {"index.html", "search/search_index.json", "assets/offline.js"} <= set(files)
    assert not {"search/search_index.js", SERVICE_WORKER} & set(files)
    assert service_worker(files) == service_worker(digests(site))
    (site / "index.html").write_text("改了", encoding="utf-8")
    assert [name for name, digest in digests(site).items() if files[name] != digest] == ["index.html"]
