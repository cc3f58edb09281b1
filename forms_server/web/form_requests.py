"""Strict parsing of submitted forms: invalid UTF-8 never passes as text."""

from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.formparser import FormDataParser


class _Parser(FormDataParser):
    """Reads bytes that are no UTF-8, such as lone surrogates, as U+FFFD, which the judge of values refuses.

    Werkzeug does so for multipart forms only; in others it keeps ``%ED%A0%80`` literally.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Read a form; the arguments are Werkzeug's."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        sent = stream.read().decode(errors="replace")
        return stream, self.cls(parse_qsl(sent, keep_blank_values=True, errors="replace")), self.cls()


class FormRequest(Request):
    """A request whose form is read so."""

    form_data_parser_class = _Parser
