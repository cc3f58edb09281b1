"""Decodes one picture in a process of its own, which may die of it: ``python -m forms_server.photos.photo_child``.

A few kilobytes can decode to gigabytes, and libraries that decode pictures have had holes. So this process limits its
own memory and time, knows nothing but the bytes on its standard input, and writes to its standard output one line of
JSON and then the JPEGs whose lengths stand in it; or a line with ``refused`` and a reason.
"""

import io
import json
import sys
from typing import TYPE_CHECKING, Any

from build_scripts.intake.reading_child import set_limits

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ["JPEG", "PNG", "WEBP"]
"""What phones' cameras and chat programs make; each more would be another decoder to trust."""


class TooManyPixels(Exception):
    """More than may be decoded."""


def main() -> None:
    """Reads the limits from the first argument and the picture from standard input."""
    limits: dict[str, int] = json.loads(sys.argv[1])
    set_limits(limits)
    about, parts = _answer(sys.stdin.buffer.read(), limits)
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + b"".join(parts))


def _answer(data: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        picture = _decode(data, limits)
        small = picture.copy()
        small.thumbnail((limits["small"], limits["small"]))
        parts = [_encode(each, limits["quality"]) for each in (picture, small)]
    except (TooManyPixels, MemoryError):
        return {"refused": "too-many-pixels"}, []
    except Exception:  # a decoder of hostile bytes may raise anything
        return {"refused": "broken"}, []
    return {"width": picture.width, "height": picture.height, "lengths": [len(part) for part in parts]}, parts


def _decode(data: bytes, limits: dict[str, int]) -> "Image":
    """The picture upright, made small, on white, with nothing of what came with it."""
    # Under the limits, as the picture is.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # a limit of our own comes before anything is decoded
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > limits["pixels"]:
            raise TooManyPixels
        opened.draft(
            "RGB", _within(opened.size, limits["longest"])
        )  # JPEG: decoded at a fraction of its size
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((limits["longest"], limits["longest"]))
    # A new picture has no EXIF, no comment, no profile: where and by whom it was taken stays with its owner.
    clean = Image.new("RGB", upright.size, "white")
    layers = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    clean.paste(layers, mask=layers if layers.mode == "RGBA" else None)
    return clean


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _encode(picture: "Image", quality: int) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=quality, optimize=True, progressive=True)
    return encoded.getvalue()


if __name__ == "__main__":
    main()
