"""PDF files for tests."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf


def pdf_of(change: Callable[[Pdf], None] = lambda _: None, pages: int = 1, **saving: Any) -> bytes:
    """A PDF of pages with a picture each, changed and saved so."""
    made = Pdf.new()
    for number in range(pages):
        picture = made.make_stream(
            bytes([number % 256, 2, 3]) * 4,
            Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
            Metadata=made.make_stream(b"<x>the author</x>"),
        )  # fmt: skip
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=picture))
        page.obj.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    made.docinfo["/Author"] = "the author"
    change(made)
    data = BytesIO()
    made.save(data, **{"deterministic_id": "encryption" not in saving, **saving})
    return data.getvalue()


def opened(data: bytes) -> Pdf:
    """Read one."""
    return pikepdf.open(BytesIO(data))
