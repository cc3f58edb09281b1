"""The cache manifest: every file of the site with a digest of its content; ``service-worker.js`` drops old ones."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

SERVICE_WORKER = "service-worker.js"
"""At the site's root: a service worker's scope is its folder."""

PRIVATE_FOLDERS = "private_folders"
"""Key in MkDocs' ``extra`` of the folders that not everybody may read; no browser keeps them."""

_FOR_FOLDERS = frozenset({"search/search_index.js"})
"""Used only on ``file://``."""

FIGURES = ("summary/",)
"""Beginnings of addresses of pages with figures: old ones are shown only where there is no network."""

LATER = (
    *FIGURES,
    "assets/system/",
    "units/",
    "policies/",
    "registers/",
    "phases/",
    "print.html",
    "downloads/",
)
"""Beginnings of addresses that are kept once they were visited, or asked for."""

_BROWSER = Path(__file__).parent / "browser"


def digests(site: Path, private: tuple[str, ...] = ()) -> dict[str, str]:
    """Map each file's path to a prefix of its SHA-256, sorted; without those in private folders."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {
        address: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for address, path in sorted(files.items())
        if address not in _FOR_FOLDERS
        and address != SERVICE_WORKER
        and not address.startswith((".", *private))
    }


def service_worker(files: Mapping[str, str], megabytes: int = 0) -> str:
    """Return the service worker that caches these files; any change of the site changes the script.

    Args:
        files: paths with digests.
        megabytes: size of all of them, for those who are asked whether to keep all.
    """
    script = (_BROWSER / "service-worker.js").read_text(encoding="utf-8")
    known = {"FILES": files, "LATER": LATER, "FIGURES": FIGURES, "MEGABYTES": megabytes}
    written = [
        f"const {name} = {json.dumps(value, ensure_ascii=False, indent=0)}" for name, value in known.items()
    ]
    return "\n".join([*written, "", script])


def megabytes(site: Path, files: Iterable[str]) -> int:
    """Size of these files, rounded up."""
    return -(-sum((site / name).stat().st_size for name in files) // 1_000_000)


def first_files(files: Iterable[str]) -> list[str]:
    """Those of the files that the first visit fetches."""
    return [name for name in files if not name.startswith(LATER)]


def registration() -> str:
    """Return the script that registers it."""
    return (_BROWSER / "register.js").read_text(encoding="utf-8")
