"""The MkDocs hook of the handbook: serves pages from memory, so that no generated file lies in the repository."""

import os

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from build_scripts.handbook.site_build import KEY, Handbook, handbook_at
from build_scripts.handbook.site_files import SCRIPT
from build_scripts.handbook.stylesheet import STYLE, style
from build_scripts.offline.cache_manifest import PRIVATE_FOLDERS
from build_scripts.settings import Settings


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
    """Give the theme's search dialog an accessible name; choose the newer kernel of browsers that have two."""
    named = output.replace(' role="dialog">', ' role="dialog" aria-label="搜索">', 1)
    return named.replace("<head>", '<head><meta name="renderer" content="webkit">', 1)


def on_post_template(_output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Suppress the theme's extra pages by emptying them: MkDocs writes no file for an empty one.

    A site map would carry the build date, and the 404 page is the server's.
    """
    return ""
