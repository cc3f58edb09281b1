"""Photographs are re-encoded in a sandboxed subprocess, or refused with a message."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forms_server.photos.photo_limits import LIMITS, MOST_BYTES, PhotoLimits
from forms_server.photos.photo_reencoding import SENTENCES, UnusablePhoto, look_at, make_picture
from tests.server import pictures


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_phones_photo_stands_upright_without_where_and_by_whom():
    picture = make_picture(pictures.phone_photo())
    for encoded, size in ((picture.large, (300, 400)), (picture.small, (240, 320))):
        opened = _open(encoded)
        assert (opened.format, opened.size) == ("JPEG", size)
        assert not dict(opened.getexif())
        assert not {"exif", "comment", "icc_profile"} & set(opened.info)
        assert b"Secret" not in encoded
        top, bottom = (
            opened.convert("RGB").getpixel((10, 10)),
            opened.convert("RGB").getpixel((10, size[1] - 10)),
        )
        assert top[2] > 200 > top[0]  # the blue half is above
        assert bottom[0] > 200
    assert (picture.width, picture.height) == (300, 400)


@pytest.mark.parametrize(
    ("size", "kept"), [((4000, 3000), (1600, 1200)), ((90, 1700), (85, 1600)), ((8, 5), (8, 5))]
)
def test_the_longer_side_is_bounded(size: tuple[int, int], kept: tuple[int, int]):
    picture = make_picture(pictures.jpeg(size=size))
    assert (picture.width, picture.height) == _open(picture.large).size == kept


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16"), ("PNG", "1"),
     ("WEBP", "RGBA"), ("JPEG", "L"), ("JPEG", "CMYK")],
)  # fmt: skip
def test_what_cameras_and_chat_programs_make_is_understood(kind: str, mode: str):
    assert _open(make_picture(pictures.other(kind, mode)).large).mode == "RGB"


def test_what_shines_through_stands_on_white():
    assert _open(make_picture(pictures.other("PNG", "RGBA")).large).getpixel((5, 5)) == (255, 255, 255)


def test_a_film_behind_a_picture_is_left_out():
    assert b"ftypmp42" not in make_picture(pictures.with_film()).large


def test_the_same_file_gives_the_same_picture():
    assert make_picture(pictures.phone_photo()) == make_picture(pictures.phone_photo())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (pictures.jpeg() + bytes(MOST_BYTES), "too-large"),
        (b"%PDF-1.7\n" + pictures.jpeg(), "not-a-photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-photo"),
        (b"GIF89a" + bytes(50), "not-a-photo"),
        (pictures.other("BMP"), "not-a-photo"),
        (pictures.other("TIFF"), "not-a-photo"),
        ("这不是照片".encode(), "not-a-photo"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "heic"),
        (pictures.with_zip(), "two-in-one"),
        (pictures.jpeg(comment=b"<ScRiPt>alert(1)</script>"), "two-in-one"),
        (pictures.jpeg() + b"<?php system($_GET[0]);", "two-in-one"),
        (pictures.jpeg(comment=b"%PDF-1.4 x"), "two-in-one"),
        (pictures.jpeg()[:-200], "broken"),
        (b"\xff\xd8\xff" + bytes(500), "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "broken"),
        (b"RIFF\x00\x00\x00\x00WEBP" + bytes(90), "broken"),
        (pictures.lying_bomb(10_000), "broken"),
        (pictures.lying_bomb(60_000), "too-many-pixels"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(data: bytes, code: str):
    with pytest.raises(UnusablePhoto) as refused:
        make_picture(data)
    assert (refused.value.code, str(refused.value)) == (code, SENTENCES[code])


@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (PhotoLimits(pixels=2_000_000), {"too-many-pixels"}),
        (PhotoLimits(memory=160 * 1024 * 1024), {"too-many-pixels", "broken"}),
        (PhotoLimits(seconds=1, longest=8000, small=7900), {"broken"}),
    ],
)
def test_a_bomb_harms_only_the_process_that_opens_it(limits: PhotoLimits, codes: set[str]):
    with pytest.raises(UnusablePhoto) as refused:
        make_picture(pictures.bomb(8_000), limits)
    assert refused.value.code in codes


def test_limits_let_any_phones_photo_in():
    assert LIMITS.pixels > 108_000_000


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP"])
)
def test_looking_at_any_bytes_ends_in_a_refusal_or_in_nothing(data: bytes, head: bytes):
    with suppress(UnusablePhoto):
        look_at(head + data)
