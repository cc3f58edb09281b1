"""What the browser is to keep: every file of the site with a digest of its content."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

SERVICE_WORKER = "service-worker.js"
"""At the site's root: a service worker looks after the folder it lies in."""

_FOR_FOLDERS = frozenset({"search/search_index.js"})
"""Read only where the site was opened from a folder."""

_BROWSER = Path(__file__).parent / "browser"


def digests(site: Path) -> dict[str, str]:
    """Each file's address below the site's root to the beginning of its SHA-256, in alphabetical order."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {
        address: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for address, path in sorted(files.items())
        if address not in _FOR_FOLDERS and address != SERVICE_WORKER and not address.startswith(".")
    }


def service_worker(files: Mapping[str, str]) -> str:
    """The service worker that keeps these files: any change of the site makes another script of it."""
    script = (_BROWSER / "service-worker.js").read_text(encoding="utf-8")
    return f"const FILES = {json.dumps(files, ensure_ascii=False, indent=0)}\n\n{script}"


def registration() -> str:
    """The script that pages run to start it."""
    return (_BROWSER / "register.js").read_text(encoding="utf-8")
