"""What is taken for a scan: told from the bytes, not from the name."""

from io import BytesIO

import pytest
from PIL import Image

from forms_server.returns.scans import KINDS, MOST_BYTES, BadScan, media_type

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, "white").save(data, kind)
    return data.getvalue()


FILES = {"application/pdf": PDF, "image/jpeg": picture("JPEG"), "image/png": picture("PNG")}


def test_a_file_of_each_kind_is_known():
    assert set(FILES) == set(KINDS)


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_is_detected_from_its_bytes(kind):
    assert media_type(FILES[kind]) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        picture("GIF"),
        FILES["image/png"][:40],
        FILES["image/jpeg"][:20],
        PDF[:20],
        b"\n" + PDF,
    ],
)
def test_anything_else_is_refused_with_a_sentence(data):
    with pytest.raises(BadScan, match="PDF、JPEG 或 PNG"):
        media_type(data)


def test_nothing_and_too_much_are_refused():
    with pytest.raises(BadScan, match="还没有选文件"):
        media_type(b"")
    with pytest.raises(BadScan, match="超过了 10 MB"):
        media_type(PDF + b" " * MOST_BYTES)


def test_a_picture_that_would_unpack_to_gigabytes_is_refused():
    huge = picture("PNG", (1, 1)).replace(
        b"\x00\x00\x00\x01\x00\x00\x00\x01", b"\x00\x00\xff\xff\x00\x00\xff\xff"
    )
    with pytest.raises(BadScan):
        media_type(huge)
