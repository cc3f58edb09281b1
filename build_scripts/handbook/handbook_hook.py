"""The MkDocs hook of the handbook: serves pages from memory, so that no generated file lies in the repository."""

import html
import os

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from build_scripts.handbook import page_urls
from build_scripts.handbook.site_build import KEY, Handbook, handbook_at
from build_scripts.handbook.site_files import SCRIPT
from build_scripts.handbook.stylesheet import STYLE, style
from build_scripts.offline.cache_manifest import PRIVATE_FOLDERS
from build_scripts.settings import Settings

_OPTIONS = '<form class="md-header__option"'
"""The first of the header's options, which the link to the server precedes."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Name the site and lay out its navigation, for the handbook handed in or that of the environment."""
    handbook: Handbook = config.extra.get(KEY) or handbook_at(Settings.from_environment(os.environ))
    config.extra[KEY] = handbook
    config.extra[PRIVATE_FOLDERS] = handbook.private
    config.site_name = handbook.name
    config.copyright = handbook.issuer
    config.site_description = handbook.about
    config.nav = handbook.navigation
    config.extra_css.append(STYLE)
    script = ExtraScriptValue(SCRIPT)
    script.defer = True
    config.extra_javascript.append(script)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages, the files that they link to, and the stylesheet."""
    handbook: Handbook = config.extra[KEY]
    contents: dict[str, str | bytes] = {**handbook.pages, **handbook.files, STYLE: style()}
    for path, content in contents.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Link the server; name the theme's search dialog; choose the newer kernel of browsers that have two."""
    named = output.replace(' role="dialog">', ' role="dialog" aria-label="搜索">', 1)
    named = named.replace(_OPTIONS, _to_server(page.file.src_uri, config.extra[KEY].address) + _OPTIONS, 1)
    return named.replace("<head>", '<head><meta name="renderer" content="webkit">', 1)


def _to_server(here: str, address: str) -> str:
    """Return the link to the server, and where it leads from a folder: its address, or how to get at it."""
    from_folder = address or page_urls.to(here, page_urls.SYSTEM).replace(".md", ".html")
    return (
        f'<a class="md-header__button to-system" href="{page_urls.server_home(here)}" '
        f'data-from-folder="{html.escape(from_folder)}">填报系统</a>'
    )


def on_post_template(_output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Suppress the theme's extra pages by emptying them: MkDocs writes no file for an empty one.

    A site map would carry the build date, and the 404 page is the server's.
    """
    return ""
