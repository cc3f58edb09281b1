"""Builders of hostile files, and of other files named like workbooks."""

import io
import struct
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'

_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="户内" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def package(
    rows: str = "", before: str = "", dimension: str = "", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A packed workbook, with rows as XML, something before the sheet's root, and other or further parts."""
    said = f'<dimension ref="{dimension}"/>' if dimension else ""
    sheet = f'{_XML}{before}<worksheet xmlns="{_MAIN}">{said}<sheetData>{rows}</sheetData></worksheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (_PARTS | {"xl/worksheets/sheet1.xml": sheet} | dict(parts or {})).items():
            archive.writestr(name, content)
    return stream.getvalue()


def cell(address: str, value: str = "1") -> str:
    """A row that holds one cell."""
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{number}"><c r="{address}"><v>{value}</v></c></row>'


def with_claimed_size(data: bytes, name: str, size: int) -> bytes:
    """The same package, whose directory claims another unpacked size of one part."""
    at = data.index(b"PK\1\2")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\1\2", at + 4)
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def locked(data: bytes) -> bytes:
    """The same package, whose directory says that its first part is encrypted."""
    at = data.index(b"PK\1\2") + 8
    return data[:at] + struct.pack("<H", 1) + data[at + 2 :]


def stored(data: bytes) -> bytes:
    """The same package without compression."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w") as plain:
        for name in packed.namelist():
            plain.writestr(name, packed.read(name))
    return stream.getvalue()


def compound(*names: str) -> bytes:
    """A compound file (.xls, .doc) with nothing but a directory of these streams."""
    entries = b"".join(
        (name + "\0").encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<H", 2 * len(name) + 2)
        + b"\2".ljust(62, b"\0")
        for name in ("Root Entry", *names)
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries
