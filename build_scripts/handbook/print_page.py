"""The whole handbook as one printable page, with contents, running titles and page numbers.

The page numbers and the running titles are CSS for paged media (margin boxes and named pages), which browsers of
Chromium 131 or newer support; older ones print the same pages without them.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, title
from build_scripts.handbook.page_urls import PRINT
from build_scripts.handbook.site_navigation import page_title
from build_scripts.handbook.unit_pages import units_on_paper
from checklist.date_formats import full_day
from checklist.model import Campaign

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n\n", re.DOTALL)
_TITLE = re.compile(r"^# (.*) \{#top\}$", re.MULTILINE)
_HEADING = re.compile(r"^(#{2,5}) (.*) \{#([\w-]+)([^{}\n]*)\}$", re.MULTILINE)
_ANCHOR = re.compile(r' id="([\w-]+)" markdown="1"')
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BUTTON = re.compile(r'<a class="md-button[^>]*>.*?</a>')


def print_page(campaign: Campaign, pages: Mapping[str, str], stamp: str = "") -> str:
    """Assemble the printable page.

    Index pages and daily changing figures are left out; the units share a chapter of one short section each, as their
    pages repeat for each unit what the other chapters say.
    """
    left_out = _left_out(campaign)
    chapters = {path: markdown for path, markdown in pages.items() if path not in left_out}
    chapters |= {page_urls.UNITS: units_on_paper(campaign)}
    return page(
        f"<style>\n{_running_titles(chapters)}\n</style>",
        title(f"{campaign.notice.name}工作手册"),
        _how(),
        _cover(campaign, stamp),
        heading(2, plain("目录"), "contents"),
        block("contents", *_contents(chapters, pages)),
        *(_chapter(path, chapters, number) for number, path in enumerate(chapters, start=1)),
        hide=("navigation", "toc"),
        searched=False,
    )


def _left_out(campaign: Campaign) -> set[str]:
    lists = {
        page_urls.HOME,
        page_urls.AREAS,
        page_urls.POLICIES,
        page_urls.SUMMARY,
        page_urls.SUMMARY_DAYS,
        page_urls.UPDATES,
    }
    units = campaign.filing_units
    return (
        lists
        | {page_urls.unit_page(unit) for unit in units}
        | {page_urls.summary_page(unit) for unit in units}
    )


def _how() -> str:
    advice = (
        "按 Ctrl+P 打印或存成 PDF：纸张选 A4，去掉“页眉和页脚”（手册自己带页码），勾选“背景图形”。"
        "只要其中一个方面，打开那一页再打印；只要一条，点那一条的“打印本条”。"
    )
    return block("how no-print", plain(advice))


def _cover(campaign: Campaign, stamp: str) -> str:
    notice = campaign.notice
    return block(
        "cover",
        f"{plain(notice.number)}《{plain(notice.title)}》",
        f"{plain(notice.issuer)}　{full_day(notice.issued)}",
        f"内容版本 {stamp}" if stamp else "",
    )


def _contents(chapters: Mapping[str, str], pages: Mapping[str, str]) -> Iterator[str]:
    """Return the chapters, grouped by folder."""
    for folder, group in groupby(chapters, key=posixpath.dirname):
        lines = bullets(link(page_title(chapters[path]), f"#{slug(path)}") for path in group)
        yield f"**{plain(page_title(pages[f'{folder}/index.md']))}**" if folder else ""
        yield lines


def slug(path: str) -> str:
    """Return the anchor of a page's chapter: areas/01-income.md is at #areas-01-income."""
    return path.removesuffix(".md").removesuffix("/index").replace("/", "-")


def _chapter(path: str, chapters: Mapping[str, str], number: int) -> str:
    """Demote a page's headings one level, prefix its anchors, and rewrite its links to chapters."""
    here = slug(path)
    markdown = _BUTTON.sub("", _FRONT_MATTER.sub("", chapters[path]))
    markdown = _HEADING.sub(rf"#\1 \2 {{#{here}--\3\4}}", markdown)
    markdown = _TITLE.sub(rf"## \1 {{#{here}}}", markdown)
    markdown = _ANCHOR.sub(rf' id="{here}--\1" markdown="1"', markdown)
    markdown = _LINK.sub(lambda match: f"]({_target(path, match[1], chapters)})", markdown)
    return block(f"chapter chapter-{number}", markdown.strip())


def _target(here: str, address: str, chapters: Mapping[str, str]) -> str:
    """Resolve a page's link relative to the printed page, which lies at the root."""
    path, _, anchor = address.partition("#")
    there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path)) if path else here
    if there in chapters:
        return f"#{slug(there)}--{anchor}" if anchor and anchor != "top" else f"#{slug(there)}"
    folder, _, name = there.rpartition("/")
    if f"{folder}/index.md" == page_urls.UNITS:
        return f"#{slug(page_urls.UNITS)}--unit-{name.removesuffix('.md')}"
    return page_urls.to(PRINT, there, anchor)


def _running_titles(chapters: Mapping[str, str]) -> str:
    """Each chapter's title at the head of its pages, where browsers print such heads.

    Only there: Chromium 109 makes pages without end of named ones. What stands in a page's margin is printed from 131
    on, the version that came to know ``anchor-scope``.
    """
    return "\n".join(["@supports (anchor-scope: none) {", *_named_pages(chapters), "}"])


def _named_pages(chapters: Mapping[str, str]) -> Iterator[str]:
    for number, markdown in enumerate(chapters.values(), start=1):
        yield f".chapter-{number} {{ page: chapter-{number}; }}"
        yield f"@page chapter-{number} {{ @top-right {{ content: {css_text(page_title(markdown))}; }} }}"


def css_text(words: str) -> str:
    """Escape text as a CSS string that closes neither itself nor the style element."""
    return '"' + re.sub(r'["\\<>&\n]', lambda match: f"\\{ord(match[0]):x} ", words) + '"'
