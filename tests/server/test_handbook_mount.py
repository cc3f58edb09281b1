import base64
import hashlib

import pytest

from build_scripts.settings import FigureReaders
from tests.builders import EAST, OFFICE
from tests.server.pages import text_of

SCRIPT = "document.title='x'"


@pytest.fixture
def site(app):
    """A built site of two pages; it has no language, so it is not ours to check."""
    site = app.extensions["huitoukan"].config.site
    (site / "areas").mkdir(parents=True)
    page = (
        '<!doctype html><html lang="zh-CN"><head><title>手册</title>'
        f'<script src="a.js"></script><script>{SCRIPT}</script></head><body><h1>手册</h1></body></html>'
    )
    (site / "index.html").write_text(page, encoding="utf-8")
    (site / "areas" / "index.html").write_text(page.replace("手册", "领域"), encoding="utf-8")
    (site / "style.css").write_text("a{}", encoding="utf-8")
    (site.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return site


@pytest.fixture
def plain(app):
    """A client that does not check pages: the handbook has scripts of its own."""
    from flask.testing import FlaskClient

    return FlaskClient(app, app.response_class)


def get(client, address):
    return client.get(address, buffered=True, follow_redirects=True)


def test_the_handbook_is_open_to_visitors(site, plain):
    assert "手册" in text_of(get(plain, "/handbook/"))
    assert "领域" in text_of(get(plain, "/handbook/areas/"))
    assert get(plain, "/handbook/style.css").mimetype == "text/css"


def test_a_page_runs_its_own_scripts_and_no_others(site, plain):
    policy = get(plain, "/handbook/").headers["Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy


def test_a_page_that_was_built_again_runs_its_new_scripts(site, plain):
    before = get(plain, "/handbook/").headers["Content-Security-Policy"]
    page = site / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace(SCRIPT, SCRIPT + ";"), encoding="utf-8")
    assert get(plain, "/handbook/").headers["Content-Security-Policy"] != before


def test_a_page_that_did_not_change_is_not_sent_again(site, plain):
    tag = get(plain, "/handbook/").headers["ETag"]
    assert plain.get("/handbook/", headers={"If-None-Match": tag}, buffered=True).status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "areas/../../secret.txt",
        "/etc/passwd",
        "areas/%2fetc/passwd",
        "a\x00b",
        "..\\secret.txt",
    ],
)
def test_nothing_beside_the_site_is_served(site, plain, address):
    response = get(plain, f"/handbook/{address}")
    assert response.status_code in {400, 404}
    assert "secret" not in response.text.replace(address, "")


def test_a_missing_page_leads_to_the_handbook(site, client):
    response = client.get("/handbook/nothing.html")
    assert response.status_code == 404
    assert "手册中没有这一页" in text_of(response)


def test_before_it_is_built_the_page_says_how(client):
    response = client.get("/handbook/")
    assert response.status_code == 404
    assert "huitoukan handbook build" in text_of(response)


@pytest.fixture
def figures(site):
    """The same with a page of figures."""
    (site / "summary").mkdir()
    page = (site / "index.html").read_text(encoding="utf-8").replace("手册", "数字")
    (site / "summary" / "index.html").write_text(page, encoding="utf-8")


def reader(app, plain, signed_in, role):
    """A client that does not check pages, of this role; None stands for a visitor."""
    if role:
        unit = OFFICE if role in {"office", "inspector", "admin"} else EAST
        plain.set_cookie("huitoukan", signed_in(unit, role).get_cookie("huitoukan").value)
    return plain


ROLES = (None, "reporter", "inspector", "office", "admin")


@pytest.mark.parametrize(
    ("readers", "who"),
    [
        ("public", set(ROLES)),
        ("signed-in", {"reporter", "inspector", "office", "admin"}),
        ("office", {"inspector", "office"}),
    ],
)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("figures")
def test_figures_are_for_those_whom_the_setting_names(app, plain, signed_in, readers, who, role):
    object.__setattr__(app.extensions["huitoukan"].config, "summary_pages", FigureReaders(readers))
    client = reader(app, plain, signed_in, role)
    for address in (
        "/handbook/summary/",
        "/handbook/areas/../summary/index.html",
        "/handbook/summary//index.html",
    ):
        answer = client.get(address, buffered=True)
        assert (answer.status_code == 200 and "数字" in text_of(answer)) == (role in who), address
    assert "领域" in text_of(client.get("/handbook/areas/", buffered=True))
    if role is None and readers != "public":
        assert client.get("/handbook/summary/").location == "/sign-in?next=/handbook/summary/"
