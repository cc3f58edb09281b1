"""MkDocs' side: the finished site gets a service worker, and its pages the script that starts it."""

from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from build_scripts.offline.site_manifest import SERVICE_WORKER, digests, registration, service_worker

_REGISTRATION = "assets/offline.js"


class _Run:
    """What MkDocs is doing."""

    serving = False


def on_startup(command: str, dirty: bool) -> None:
    """Note whether somebody is editing: they must see each change, not what their browser kept."""
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


@event_priority(-200)  # when all that the site holds has been written, the search index too
def on_post_build(config: MkDocsConfig) -> None:
    """Write the service worker."""
    site = Path(config.site_dir)
    (site / SERVICE_WORKER).write_text(service_worker(digests(site)), encoding="utf-8")
