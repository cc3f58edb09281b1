"""The live preview of a campaign folder: responses always reflect the current files."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from build_scripts.counting.final_or_interim import FILE
from build_scripts.counting.summary_lines import NotASummary
from build_scripts.handbook import site_build
from build_scripts.handbook.page_rendering import Renderer
from build_scripts.handbook.site_build import Handbook, handbook_at
from build_scripts.handbook.yaml_error_page import error_page
from build_scripts.settings import Settings
from checklist.loading.loader import InvalidCampaign
from checklist.problems import Problem

STAMP = "preview-stamp"
"""The path that pages poll for changes."""

_RELOAD = """<script>
(stamp => setInterval(async () => {
  const answer = await fetch("/%s").catch(() => null)
  if (answer && (await answer.text()) !== stamp) location.reload()
}, 700))("%s")
</script>
"""

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class PreviewResponse:
    """A response: status and body."""

    status: int
    body: bytes
    kind: str = "text/html; charset=utf-8"


class HandbookPreview:
    """The site of a changing campaign folder.

    The first request builds the whole site, for search and assets. After a change the folder is reloaded and only
    requested pages are rendered; the search index is not rebuilt.

    Args:
        settings: where the campaign and the compiled figures lie.
        site: output folder of the built site.
        templates: cache folder for compiled templates.
    """

    def __init__(self, settings: Settings, site: Path, templates: Path) -> None:
        self._settings = settings
        self._site, self._templates = site, templates
        self._lock = Lock()
        self._seen: Stamp | None = None
        self._problems: list[Problem] = []
        self._built = False
        self._now: Handbook | None = None
        self._renderer: Renderer | None = None

    def answer(self, path: str) -> PreviewResponse | None:
        """Return the response for a path below the root; None if the built site's file is current."""
        with self._lock:
            self._refresh()
            if path == STAMP:
                return PreviewResponse(200, self._mark().encode(), "text/plain")
            if path.endswith("/") or not path:
                path += "index.html"
            if not path.endswith(".html"):
                return self._file(path)
            if self._problems:
                return self._page(500, error_page(self._problems, self._settings.checklist))
            html = self._rendered(path)
            return None if html is None else self._page(200, html)

    def _refresh(self) -> None:
        """Reload the folder if it has changed."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen, self._renderer = stamp, None
        try:
            self._now, self._problems = handbook_at(self._settings), []
        except InvalidCampaign as invalid:
            self._problems = invalid.problems
        except NotASummary as error:
            self._problems = [Problem("summary/summary.csv:1:1", "summary", str(error))]
        if self._now and not self._built and not self._problems:
            site_build.build(self._now, self._site)
            self._built = True

    def _stamp(self) -> Stamp:
        """Name, time and size of every file that the handbook is made of."""
        figures = self._settings.home / "summary"
        files = [*sorted(self._settings.checklist.rglob("*")), figures / FILE, *sorted(figures.glob("*.csv"))]
        states = ((str(path), path.stat()) for path in files if path.is_file())
        return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)

    def _mark(self) -> str:
        return f"{hash(self._seen):x}"

    def _rendered(self, path: str) -> str | None:
        """Render a page from the current files; None if there is no such page."""
        assert self._now
        if self._renderer is None:
            self._renderer = Renderer(self._now, self._site, self._templates)
        return self._renderer.page(path)

    def _file(self, path: str) -> PreviewResponse | None:
        """Return a generated file, such as a blank workbook."""
        content = self._now.files.get(path) if self._now and not self._problems else None
        kind = "text/javascript" if path.endswith(".js") else "application/octet-stream"
        return PreviewResponse(200, content, kind) if content is not None else None

    def _page(self, status: int, html: str) -> PreviewResponse:
        body, end, rest = html.rpartition("</body>")
        return PreviewResponse(status, f"{body}{_RELOAD % (STAMP, self._mark())}{end}{rest}".encode())
