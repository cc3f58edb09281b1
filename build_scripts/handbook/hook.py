"""MkDocs' side of the handbook: it takes the pages from memory, so that no generated file lies in the repository."""

import os

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from build_scripts.handbook.publishing import KEY, Handbook, handbook_at
from build_scripts.settings import Settings


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Names the site and lays out its navigation, from the campaign of the environment unless one was handed in."""
    handbook: Handbook = config.extra.get(KEY) or handbook_at(Settings.from_environment(os.environ))
    config.extra[KEY] = handbook
    config.site_name = handbook.name
    config.copyright = handbook.issuer
    config.nav = handbook.navigation
    # A site map needs the site's address and would carry the day of the build; a page for 404 is the server's.
    config.theme.static_templates.clear()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages."""
    for path, markdown in config.extra[KEY].pages.items():
        files.append(File.generated(config, path, content=markdown))
    return files
