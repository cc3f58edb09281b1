"""The MkDocs hook of offline use: writes the service worker, and adds its registration script to pages."""

from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from build_scripts.offline.cache_manifest import (
    PRIVATE_FOLDERS,
    SERVICE_WORKER,
    digests,
    megabytes,
    registration,
    service_worker,
)

_REGISTRATION = "assets/offline.js"


class _Run:
    """What MkDocs is doing."""

    serving = False


def on_startup(command: str, dirty: bool) -> None:
    """Note whether this is a live preview, which must not be cached."""
    _Run.serving = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Load the script on every page."""
    if not _Run.serving:
        config.extra_javascript.append(ExtraScriptValue(_REGISTRATION))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the script."""
    files.append(File.generated(config, _REGISTRATION, content=registration()))
    return files


@event_priority(-200)  # after all other files, the search index included
def on_post_build(config: MkDocsConfig) -> None:
    """Write the service worker."""
    site = Path(config.site_dir)
    files = digests(site, config.extra.get(PRIVATE_FOLDERS, ()))
    script = service_worker(files, megabytes(site, files))
    (site / SERVICE_WORKER).write_text(script, encoding="utf-8")
