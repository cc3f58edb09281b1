"""Pictures as phones and people with bad intentions send them."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def jpeg(color: str = "red", size: tuple[int, int] = (400, 300), **more: Any) -> bytes:
    """A JPEG of one colour; another colour or size is another picture."""
    encoded = io.BytesIO()
    Image.new("RGB", size, color).save(encoded, "JPEG", **more)
    return encoded.getvalue()


def phone_photo() -> bytes:
    """Taken with the phone on its side (shown upright by orientation 6), with place, camera and a comment in it."""
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste("blue", (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhoneMaker"
    exif[0x8825] = {1: "N", 2: (34.0, 11.0, 0.0), 3: "E", 4: (116.0, 56.0, 0.0)}
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", exif=exif, comment=b"secret comment")
    return encoded.getvalue()


def other(kind: str, mode: str = "RGB") -> bytes:
    """The same in another format."""
    encoded = io.BytesIO()
    Image.new(mode, (50, 40)).save(encoded, kind)
    return encoded.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb(side: int) -> bytes:
    """A PNG that decodes to ``side`` x ``side`` pixels from a thousandth of their bytes."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def lying_bomb(claimed: int) -> bytes:
    """A PNG whose head claims a size that its content does not have."""
    head = struct.pack(">IIBBBBB", claimed, claimed, 16, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"x"))
        + _chunk(b"IEND", b"")
    )


def with_zip() -> bytes:
    """A picture that unzips."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("evil.html", "<p>")
    return jpeg() + packed.getvalue()


def with_film() -> bytes:
    """A picture with a film behind it, as phones make them."""
    return jpeg("green") + b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
