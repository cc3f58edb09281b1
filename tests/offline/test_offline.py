"""A phone that visited the handbook once, and what it shows when the network is gone or the handbook has changed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext

from build_scripts.handbook.site_build import build, handbook_of
from build_scripts.offline.cache_manifest import SERVICE_WORKER, digests, service_worker
from tests.builders import small_campaign
from tests.search.driving import Reader, served

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


def test_after_one_visit_every_page_and_the_search_work_without_network(
    site: Path, phone: BrowserContext
) -> None:
    with served(site) as root:
        reader = Reader(phone.new_page(), root)
        reader.page.goto(root)
        reader.page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        reader.page.wait_for_function("navigator.serviceWorker.controller")
    # The server is gone.
    phone.set_offline(True)
    for address in digests(site):
        if address.endswith(".html"):
            response = reader.page.goto(f"{root}{address}?h=x", wait_until="domcontentloaded")
            assert response is not None
            assert response.ok
            assert response.from_service_worker
    reader.open("areas/index.html")
    reader.type("收入")
    assert reader.enter()


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
