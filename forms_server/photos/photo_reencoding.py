"""Re-encodes uploaded pictures in a sandbox (``decoding_child``: size, EXIF), or explains why they are refused."""

import re
from dataclasses import dataclass

from build_scripts.sandbox.child_limits import MEGABYTE
from build_scripts.sandbox.child_process import ChildFailed, Death, sandboxed
from forms_server.photos.photo_limits import LIMITS, MOST_BYTES, PhotoLimits

_DECODER = "forms_server.photos.decoding_child"

_SIGNATURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
_HEIC = re.compile(rb"....ftyp(?:heic|heix|hevc|mif1|msf1|avif)", re.DOTALL)
_MARKUP = re.compile(rb"<(?:script|html|svg|\?php|!doctype|iframe)", re.IGNORECASE)
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 22 + 65_535
_PDF, _PDF_WITHIN = b"%PDF-", 1024

SENTENCES = {
    "empty": "是空文件，请重新选择照片",
    "too-large": f"超过 {MOST_BYTES // MEGABYTE} MB，请压缩后再传，或在手机相机里选小一些的尺寸",
    "not-a-photo": "不是照片，请选 JPG、PNG 或 WebP 格式的照片",
    "heic": "是 HEIC 格式，打不开：请在手机设置“相机—格式”中选“兼容性最佳”后重拍，或转成 JPG 再传",
    "two-in-one": "里面夹带了别的文件，不能上传；请用手机重新拍一张，或截图后再传",
    "too-many-pixels": "尺寸过大，打不开：请压缩后再传",
    "broken": "已损坏，打不开：请重新拍一张，或换一张",
}
"""What follows the name of a file that is refused."""


class UnusablePhoto(Exception):
    """The photograph is refused; ``code`` is a key of ``SENTENCES``."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


@dataclass(frozen=True)
class Picture:
    """A stored photograph: two JPEGs, the second a thumbnail."""

    width: int
    height: int
    large: bytes
    small: bytes


def make_picture(data: bytes, limits: PhotoLimits = LIMITS) -> Picture:
    """Decode and re-encode a file in a sandboxed subprocess.

    Raises:
        UnusablePhoto: it is no photograph, or not one that can be kept.
    """
    look_at(data)
    try:
        with sandboxed(_DECODER, [data], limits) as frames:
            (about, large), (_, small) = frames
        return Picture(int(about["width"]), int(about["height"]), large, small)
    except ChildFailed as failure:
        raise UnusablePhoto(_code_of(failure)) from None
    except (ValueError, KeyError, TypeError):  # a compromised child can send any frames
        raise UnusablePhoto("broken") from None


def _code_of(failure: ChildFailed) -> str:
    """Map a failure to a key of ``SENTENCES``."""
    if failure.death is Death.REFUSED:
        return failure.code
    return "too-many-pixels" if failure.death is Death.OUT_OF_MEMORY else "broken"


def look_at(data: bytes) -> None:
    """Check size and magic bytes.

    Polyglot files are refused: re-encoding would drop the other half, but they are never accidental. Motion photos, as
    phones make them, are accepted.

    Raises:
        UnusablePhoto: too large, no picture, or a picture and something else at once.
    """
    if not data:
        raise UnusablePhoto("empty")
    if len(data) > MOST_BYTES:
        raise UnusablePhoto("too-large")
    if _HEIC.match(data):
        raise UnusablePhoto("heic")
    if not _SIGNATURES.match(data):
        raise UnusablePhoto("not-a-photo")
    if _ZIP_END in data[-_ZIP_END_WITHIN:] or _PDF in data[:_PDF_WITHIN] or _MARKUP.search(data):
        raise UnusablePhoto("two-in-one")
