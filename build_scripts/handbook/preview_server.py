"""A server on this machine alone, for whoever writes the YAML: the preview's answers, and files of the built site."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from build_scripts.handbook.preview import HandbookPreview

ADDRESS = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Answers from the preview where it has an answer, otherwise from the built site's folder."""

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
        """Nothing: each page asks once a second whether it is up to date."""


def server(preview: HandbookPreview, site: Path, port: int) -> ThreadingHTTPServer:
    """The server, listening; 0 takes any free port.

    Raises:
        OSError: the port is taken.
    """
    return ThreadingHTTPServer((ADDRESS, port), partial(_Handler, preview=preview, site=site))
