"""A local server for authors of YAML: the live preview, and files of the built site."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from build_scripts.handbook.preview import HandbookPreview

ADDRESS = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Request handler: the preview's response if it has one, otherwise the built site's file."""

    def __init__(self, *arguments: object, preview: HandbookPreview, site: Path) -> None:
        self._preview = preview
        super().__init__(*arguments, directory=str(site))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        answer = self._preview.answer(unquote(urlsplit(self.path).path).lstrip("/"))
        if answer is None:
            super().do_GET()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: each page polls once a second."""


def server(preview: HandbookPreview, site: Path, port: int) -> ThreadingHTTPServer:
    """Return a listening server; port 0 takes any free one.

    Raises:
        OSError: the port is taken.
    """
    return ThreadingHTTPServer((ADDRESS, port), partial(_Handler, preview=preview, site=site))
