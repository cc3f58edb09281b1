"""Writes uploaded PDFs anew in a sandbox (``pdf_child``): pages only; or says why one is refused.

By qpdf, through pikepdf: it resolves what a search in the bytes misses (object streams, filters, escaped names,
repaired cross-references), and writes only what the pages refer to.
"""

from dataclasses import dataclass

from build_scripts.sandbox.child_limits import MEGABYTE, ChildLimits
from build_scripts.sandbox.child_process import ChildFailed, Death, sandboxed

_CHILD = "forms_server.returns.pdf_child"
_END = b"%%EOF"
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 22 + 65_535

SENTENCES = {
    "active": "里有会自动运行的内容或者附件，不能上传；请重新扫描，或者用“打印成 PDF”另存一份",
    "locked": "加了密码，办公室打不开；请去掉密码再上传",
    "two-in-one": "里夹带了别的文件，不能上传；请重新扫描，或者用“打印成 PDF”另存一份",
    "too-many-pages": "页数太多（最多 300 页），或者太复杂；请分成几个文件上传",
    "broken": "不完整，打不开；请重新扫描，或者用“打印成 PDF”另存一份",
}
"""What follows 这个 PDF."""


class UnusablePdf(Exception):
    """The PDF is refused; ``code`` is a key of ``SENTENCES``."""

    def __init__(self, code: str) -> None:
        super().__init__(f"这个 PDF {SENTENCES[code]}。")
        self.code = code


@dataclass(frozen=True)
class PdfLimits(ChildLimits):
    """Limits on one PDF and on the process that reads it."""

    pages: int = 300
    objects: int = 200_000
    seconds: int = 20
    patience: int = 3
    output: int = 30 * MEGABYTE


LIMITS = PdfLimits()


def rewrite_pdf(data: bytes, limits: PdfLimits = LIMITS) -> bytes:
    """The pages of a PDF as a new file: the same for the same input.

    Raises:
        UnusablePdf: it runs, hides or sends something, is encrypted, is another file too, or cannot be read.
    """
    if data.rpartition(_END)[2].strip(b"\r\n\t \0") or _ZIP_END in data[-_ZIP_END_WITHIN:]:
        raise UnusablePdf("two-in-one")
    try:
        with sandboxed(_CHILD, [data], limits) as frames:
            ((_, pages),) = frames
        return pages
    except ChildFailed as failure:
        raise UnusablePdf(_code_of(failure)) from None
    except ValueError:  # a compromised child can send any frames
        raise UnusablePdf("broken") from None


def _code_of(failure: ChildFailed) -> str:
    if failure.death is Death.REFUSED and failure.code in SENTENCES:
        return failure.code
    too_much = {Death.OUT_OF_MEMORY, Death.TOO_LONG, Death.TOO_MUCH}
    return "too-many-pages" if failure.death in too_much else "broken"
