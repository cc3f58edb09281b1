"""Sandboxed subprocess that decodes one picture and encodes it anew, without EXIF and GPS position.

A few kilobytes can decode to gigabytes (decompression bombs), and image decoders have had vulnerabilities. Returns a
large and a small JPEG, each with its size.
"""

import io
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from build_scripts.sandbox.inside_child import ChildRefusal, put

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ["JPEG", "PNG", "WEBP"]
"""Formats of phone cameras and chat programs; each further one adds a decoder to the attack surface."""


def work(source: IO[bytes], limits: Mapping[str, int]) -> None:
    """Decode and return the picture, large and small.

    Raises:
        ChildRefusal: with a key of ``photo_reencoding.SENTENCES``.
    """
    try:
        picture = _decode(source.read(), limits)
        small = picture.copy()
        small.thumbnail((limits["small"], limits["small"]))
        for each in (picture, small):
            put({"width": each.width, "height": each.height}, _encode(each, limits["quality"]))
    except (ChildRefusal, MemoryError):
        raise
    except Exception:  # a decoder of hostile bytes may raise anything
        raise ChildRefusal("broken") from None


def _decode(data: bytes, limits: Mapping[str, int]) -> "Image":
    """Decode, rotate upright, shrink, flatten on white, and drop all metadata."""
    # Under the limits, as the picture is.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # a limit of our own comes before anything is decoded
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > limits["pixels"]:
            raise ChildRefusal("too-many-pixels")
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
