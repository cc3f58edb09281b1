"""A file is known by its content: whatever is no workbook is refused, with how to save it."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.intake.file_type_detection import FileKind, kind_of
from build_scripts.intake.refusal import Unreadable
from tests.ledgers.books import workbook
from tests.ledgers.hostile import compound, locked, package


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


# what it is, its bytes, the code of the refusal
OTHERS: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "upload-empty"),
    ("csv under another name", "序号,村,户主姓名\n1,上坝村,张某某\n".encode(), "upload-text"),
    ("csv as WPS saves it", "序号,村,户主姓名\n1,上坝村,张某某\n".encode("gb18030"), "upload-text"),
    ("csv whose characters were lost", b"??,?,????\n1,\x93??\x94,???\n", "upload-text"),
    ("csv in UTF-16", "序号,村\n".encode("utf-16"), "upload-text"),
    ("a web page that a system calls .xls", b"<html><table><tr><td>1</td></tr></table></html>", "upload-web-page"),
    ("a spreadsheet in one XML file", b'<?xml version="1.0"?><Workbook/>', "upload-web-page"),
    ("a scan", b"%PDF-1.7 ...", "upload-picture"),
    ("a photo", b"\xff\xd8\xff\xe0....", "upload-picture"),
    ("a rar", b"Rar!\x1a\x07\x00", "upload-archive"),
    ("a zip of workbooks", archive(a__b="x"), "upload-archive"),
    ("a text document", package(parts={"word/document.xml": "<w/>"}), "upload-document"),
    ("an old text document", compound("WordDocument", "1Table"), "upload-document"),
    ("macros", package(parts={"xl/vbaProject.bin": b"\0"}), "upload-macros"),
    ("macros of an old workbook", compound("Workbook", "_VBA_PROJECT_CUR"), "upload-macros"),
    ("a binary workbook", package(parts={"xl/workbook.bin": b"\0"}), "upload-binary"),
    ("a workbook with a locked part", locked(package()), "upload-encrypted"),
    ("two parts of one name", package(parts={"xl/a.xml": "<a/>", "xl/b.xml": "<a/>"}).replace(b"xl/b.xml", b"xl/a.xml"), "upload-broken"),
    ("an open document", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "upload-open-document"),
    ("a locked workbook", compound("EncryptedPackage", "EncryptionInfo"), "upload-encrypted"),
    ("another compound file, such as .et of old", compound("ETStream"), "upload-unknown"),
    ("anything", bytes(range(256)), "upload-unknown"),
    ("half a workbook", package()[:700], "upload-broken"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [pair[1:] for pair in OTHERS], ids=[pair[0] for pair in OTHERS])
def test_whatever_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        kind_of(data)
    assert refusal.value.problem.code == code


def test_workbooks_are_known_by_what_they_hold() -> None:
    assert kind_of(workbook({"户内": "序号|村"})) is FileKind.XLSX
    assert kind_of(compound("Workbook")) is FileKind.XLS


def test_the_refusal_says_how_to_save_it() -> None:
    with pytest.raises(Unreadable) as refusal:
        kind_of("序号,村\n".encode())
    assert str(refusal.value) == (
        "这是文本文件（.csv 一类），只是名字像表格；请用 WPS 或者 Excel 打开，另存为“Excel 工作簿（.xlsx）”后再传。"
    )


def answer(data: bytes) -> str:
    """The kind of a workbook, or the sentence that refuses it."""
    try:
        return kind_of(data)
    except Unreadable as refusal:
        return str(refusal)


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"])
)
def test_any_bytes_are_a_workbook_or_refused(data: bytes, start: bytes) -> None:
    said = answer(start + data)
    assert said in set(FileKind) or said.endswith("。")
