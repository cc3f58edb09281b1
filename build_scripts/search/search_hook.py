"""The MkDocs hook of search: our index and worker behind Material's search box and result list."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from build_scripts.handbook.answer_cards import anchor
from build_scripts.handbook.site_build import KEY
from build_scripts.handbook.system_pages import asked_words
from build_scripts.offline.cache_manifest import PRIVATE_FOLDERS
from build_scripts.search import search_scripts
from build_scripts.search.corpus import corpus_of, with_search_words
from build_scripts.search.search_index import as_json, as_script, index_of
from build_scripts.search.sections import sections_of
from build_scripts.search.synonyms import synonyms_of

_SECTIONS = "search_sections"
"""Key in MkDocs' ``extra`` that collects the sections of each page."""
_BOX = "assets/search/box.js"
_STYLE = "assets/search/results.css"
_WORKERS = "assets/javascripts/workers/"
_MATERIALS_WORKER = re.compile(rf"{_WORKERS}(search\.[0-9a-f]+\.min\.js)")
_UNUSED = re.compile(r"assets/javascripts/lunr/|assets/.*\.map$")
"""Material's own search dictionaries, and source maps without sources."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Start a new index; add our script before Material's, and our style after it."""
    config.extra[_SECTIONS] = {}
    config.extra["polyfills"] = [*config.extra.get("polyfills", ()), _BOX]
    config.extra_css.append(_STYLE)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add our scripts, take away Material's."""
    for file in [each for each in files if _is_materials(each)]:
        files.remove(file)
    files.append(File.generated(config, _BOX, content=search_scripts.box()))
    files.append(File.generated(config, _STYLE, content=search_scripts.style()))
    files.append(
        File.generated(config, _WORKERS + search_scripts.worker_name(), content=search_scripts.worker())
    )
    return files


def _is_materials(file: File) -> bool:
    return bool(_UNUSED.match(file.src_uri) or _MATERIALS_WORKER.fullmatch(file.src_uri))


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Collect the page's sections, unless it is excluded from search; Material's own index stays empty."""
    search = page.meta.setdefault("search", {})
    private = config.extra.get(PRIVATE_FOLDERS, ())
    if not search.get("exclude") and not page.file.src_uri.startswith(private or ("\0",)):
        config.extra[_SECTIONS][page.url] = sections_of(html, page.title or "")
    search["exclude"] = True
    return html


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Replace Material's worker URL, whose hash changes with each release, by ours.

    Raises:
        PluginError: the page has no such URL: this release of Material has another layout.
    """
    renamed, count = _MATERIALS_WORKER.subn(_WORKERS + search_scripts.worker_name(), output)
    if not count:
        raise PluginError(f"{page.url}：页面里没有找到 Material 的搜索脚本，搜索没有接上。")
    return renamed


@event_priority(-100)  # after Material's plugin, which writes an index of its own
def on_post_build(config: MkDocsConfig) -> None:
    """Write the index, for HTTP and for ``file://``."""
    campaign = config.extra[KEY].campaign
    words = {section.finds: section.asked for section in campaign.search.sections}
    words |= {anchor(each): (each.question,) for policy in campaign.policies for each in policy.answers}
    words |= dict(asked_words())
    broad = {item.id for area in campaign.areas for item in area.key_checks}
    pages = with_search_words(corpus_of(config.extra[_SECTIONS]), words, broad)
    index = index_of(pages, synonyms_of(campaign))
    folder = Path(config.site_dir) / "search"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "search_index.json").write_text(as_json(index), encoding="utf-8")
    (folder / "search_index.js").write_text(as_script(index), encoding="utf-8")
