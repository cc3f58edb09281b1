"""The files of mails, zip files and folders: each is yielded or refused in words, none is passed over."""

import base64
import io
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

import pytest

from build_scripts.intake import mail_attachments
from build_scripts.intake.mail_attachments import attachments_in, attachments_of, attachments_of_all
from build_scripts.intake.refusal import Unreadable
from tests.ledgers.books import workbook


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return stream.getvalue()


def _mail_with(name: str, data: bytes = b"d") -> EmailMessage:
    mail = EmailMessage()
    mail.set_content("见附件")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def test_zips_within_zips_mails_and_what_systems_leave_beside_them():
    inner = packed([("东河镇.xlsx", b"a"), ("__MACOSX/._东河镇.xlsx", b"b"), ("~$东河镇.xlsx", b"c")])
    mail = EmailMessage()
    mail.set_content("见附件")
    mail.add_attachment(b"d", maintype="application", subtype="octet-stream", filename="西岭镇 附件2.xlsx")
    outer = packed([("周一.zip", inner), ("县直/水利局.xls", b"e"), ("m.eml", bytes(mail))])
    found = {each.name: each.data for each in attachments_of("上午.zip", outer)}
    assert found == {"周一/东河镇.xlsx": b"a", "县直/水利局.xls": b"e", "m/西岭镇 附件2.xlsx": b"d"}


def test_a_workbook_is_a_file_though_it_is_a_zip():
    data = workbook({"户内": "序号|镇|村"})
    assert [(each.name, each.data) for each in attachments_of("a.xlsx", data)] == [("a.xlsx", data)]


def test_names_that_windows_packed_are_read():
    # Of the same length in ASCII, since zipfile would write UTF-8 and say so.
    name = "东河镇台账.xlsx".encode("gbk")
    data = packed([("n" * len(name), b"a")]).replace(b"n" * len(name), name)
    assert [each.name for each in attachments_of("a.zip", data)] == ["东河镇台账.xlsx"]


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(mail_attachments, "MOST_FILES", 2)
    with pytest.raises(Unreadable, match="超过"):
        list(attachments_of("a.zip", packed([(f"{number}.xlsx", b"a") for number in range(3)])))
    monkeypatch.setattr(mail_attachments, "MOST_BYTES", 10)
    bomb = packed([("a.xlsx", b"\0" * 1000)])
    (refused,) = attachments_of("a.zip", bomb)
    assert (refused.data, bool(refused.refusal)) == (b"", True)
    (tmp_path / "a.xlsx").write_bytes(b"a" * 11)
    with pytest.raises(Unreadable, match="超过"):
        list(attachments_in(tmp_path))
    with pytest.raises(Unreadable, match="超过"):
        list(attachments_of_all([("a.xlsx", b"a" * 6), ("b.xlsx", b"b" * 6)]))


def test_a_mail_is_never_passed_over_in_silence():
    bare, forwarded, file = EmailMessage(), EmailMessage(), EmailMessage()
    bare.set_content("超大附件：https://example.invalid/file")
    file.set_content(b"d", maintype="application", subtype="vnd.ms-excel", filename="东河镇.xls")
    forwarded.set_content("转发")
    forwarded.add_attachment(_mail_with("西岭镇.xlsx"))
    found = {
        each.name: each.data or each.refusal
        for each in attachments_of(
            "a.zip",
            packed(
                [(f"{name}.eml", bytes(m)) for name, m in zip("空转件", (bare, forwarded, file), strict=True)]
            ),
        )
    }
    assert "没有附件" in str(found.pop("空.eml"))
    assert found == {"转/转发的邮件/西岭镇.xlsx": b"d", "件/东河镇.xls": b"d"}


def test_names_of_attachments_are_read_as_mail_programs_in_chinese_write_them():
    encoded = base64.b64encode("东河镇台账.xlsx".encode("gb18030")).decode()
    head = f'Content-Type: application/octet-stream; name="=?GB18030?B?{encoded}?="\n'
    body = f'Content-Disposition: attachment; filename="=?GB18030?B?{encoded}?="\n'
    mail = f"Content-Type: multipart/mixed; boundary=x\n\n--x\n{head}{body}\na\n--x--\n".encode()
    assert [each.name for each in attachments_of("m.eml", mail)] == ["m/东河镇台账.xlsx"]


def test_mails_that_no_program_writes_are_refused_or_read():
    deep = b"a"
    for _ in range(30):
        deep = bytes(_mail_with("m.eml", deep))
    assert [each.name for each in attachments_of("m.eml", deep)] == ["m/m/m/m/m.eml"]
    for broken in (
        b"Content-Type: multipart/mixed; boundary=\n\n",
        b"\xff" * 99,
        b"Content-Type: message/rfc822\n\n",
    ):
        assert [each.refusal for each in attachments_of("m.eml", broken)] != [""]
    data = packed([("a.xlsx", b"a" * 99)])
    at = data.index(b"PK\x01\x02") + 10
    for method in (b"\x0e\x00", b"\x0c\x00"):
        (refused,) = attachments_of("a.zip", data[:8] + method + data[10:at] + method + data[at + 2 :])
        assert refused.refusal
