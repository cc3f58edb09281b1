"""Figures that everybody may read hide small counts; others are neither searched nor kept offline."""

import re

import pytest

from build_scripts.handbook import site_build
from build_scripts.handbook.page_urls import SUMMARY
from build_scripts.handbook.small_counts import HIDDEN, without_small_counts
from build_scripts.offline.cache_manifest import digests
from build_scripts.settings import FigureReaders, Settings


def test_counts_from_one_to_four_are_hidden_in_pages_of_figures_only():
    table = '<tr><th>3</th><td>0</td><td>1</td><td class="heat">4</td><td>5</td><td>14</td><td>—</td></tr>'
    hidden = without_small_counts({SUMMARY: table, "areas/index.md": table})
    shown = re.findall(r"<td[^>]*>(.*?)</td>", hidden[SUMMARY])
    assert shown == ["0", HIDDEN, HIDDEN, "5", "14", "—"]
    assert hidden["areas/index.md"] == table


@pytest.mark.parametrize("readers", FigureReaders)
def test_the_setting_decides_what_is_built(tmp_path, readers, monkeypatch):
    made = site_build.Handbook(None, "", "", "", {SUMMARY: "<td>2</td>"}, {}, [])  # type: ignore[arg-type]
    monkeypatch.setattr(site_build, "handbook_of", lambda *_: made)
    monkeypatch.setattr(site_build, "load_campaign", lambda _: None)
    settings = Settings(tmp_path, tmp_path, "sqlite://", summary_pages=readers)
    built = site_build.handbook_at(settings)
    is_public = readers is FigureReaders.PUBLIC
    assert (HIDDEN in built.pages[SUMMARY], built.private) == (is_public, () if is_public else ("summary/",))


def test_private_folders_are_not_kept_offline(tmp_path):
    for name in ("index.html", "summary/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert set(digests(tmp_path)) == {"index.html", "summary/index.html"}
    assert set(digests(tmp_path, ("summary/",))) == {"index.html"}
