"""Sandboxed subprocess that looks through all objects of a PDF and writes its pages anew."""

import io
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from build_scripts.sandbox.inside_child import ChildRefusal, put

if TYPE_CHECKING:
    from pikepdf import Pdf

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/XFA"})
"""What a reader program would run or unpack (ISO 32000-2, 7.11.4, 12.6.3, 12.6.4.17, 13.7)."""
_ACTIVE_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "RichMediaExecute", "Movie",
        "Sound",
    )
)  # fmt: skip
"""Actions that run, send or open something (ISO 32000-2, table 201); a link to an address is only taken out."""
_PAGE_KEYS = frozenset(
    f"/{name}"
    for name in (
        "Type", "Parent", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Contents", "Rotate",
        "Group", "UserUnit",
    )
)  # fmt: skip
_NOTES = ("/Metadata", "/PieceInfo")
"""By whom and with what a page or picture was made."""


def work(source: IO[bytes], limits: Mapping[str, int]) -> None:
    """Return the pages as a new PDF.

    Raises:
        ChildRefusal: with a key of ``pdf_rewriting.SENTENCES``.
    """
    # Under the limits, as the file is.
    from pikepdf import PasswordError

    try:
        put({}, _rewritten(source.read(), limits))
    except (ChildRefusal, MemoryError):
        raise
    except PasswordError:
        raise ChildRefusal("locked") from None
    except Exception:  # a reader of hostile bytes may raise anything
        raise ChildRefusal("broken") from None


def _rewritten(data: bytes, limits: Mapping[str, int]) -> bytes:
    from pikepdf import Name, ObjectStreamMode, open

    with open(io.BytesIO(data), suppress_warnings=True) as pdf:
        if pdf.is_encrypted:
            raise ChildRefusal("locked")
        if len(pdf.objects) > limits["objects"] or len(pdf.pages) > limits["pages"]:
            raise ChildRefusal("too-many-pages")
        if not len(pdf.pages):
            raise ChildRefusal("broken")
        for each in _dictionaries(pdf):
            if _ACTIVE_KEYS & set(each.keys()) or str(each.get("/S")) in _ACTIVE_ACTIONS:
                raise ChildRefusal("active")
            for name in _NOTES:
                if name in each:
                    del each[name]
        _flatten(pdf)
        pdf.Root.Type = Name.Catalog
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    with open(written) as again:  # what was repaired while it was read must be whole now
        if not len(again.pages):
            raise ChildRefusal("broken")
    return written.getvalue()


def _dictionaries(pdf: "Pdf") -> Iterator[Any]:
    """All dictionaries, whether a page refers to them or not; those of streams, too."""
    from pikepdf import Array, Dictionary, Stream

    for top in pdf.objects:
        waiting: list[Any] = [top]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Stream | Dictionary):
                yield each
                parts = list(each.values()) if isinstance(each, Dictionary) else [*each.stream_dict.values()]
            elif isinstance(each, Array):
                parts = list(each)
            else:
                continue
            waiting += (part for part in parts if not getattr(part, "is_indirect", False))


def _flatten(pdf: "Pdf") -> None:
    """Draw stamps, seals and filled fields into their pages, and leave nothing beside the pages."""
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        for name in set(page.obj.keys()) - _PAGE_KEYS:
            del page.obj[name]
    for name in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
        del pdf.Root[name]
    for name in set(pdf.trailer.keys()) & {"/Info", "/ID"}:
        del pdf.trailer[name]
