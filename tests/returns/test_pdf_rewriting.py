"""PDFs that come in: their pages are written anew, and nothing that runs, hides or sends is taken."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Stream

from forms_server.returns.pdf_rewriting import PdfLimits, UnusablePdf, rewrite_pdf
from tests.pdfs import opened, pdf_of


def refusal(data: bytes, limits: PdfLimits | None = None) -> str:
    with pytest.raises(UnusablePdf) as refused:
        rewrite_pdf(data, limits or PdfLimits())
    return refused.value.code


def test_the_pages_stay_as_they_were():
    written = opened(rewrite_pdf(pdf_of(pages=3)))
    assert len(written.pages) == 3
    for number, page in enumerate(written.pages):
        assert page.Contents.read_bytes() == b"q 595 0 0 842 0 0 cm /Im0 Do Q"
        assert page.Resources.XObject.Im0.read_bytes() == bytes([number, 2, 3]) * 4
        assert list(page.MediaBox) == [0, 0, 595, 842]


def test_the_same_file_is_written_the_same_way():
    first = rewrite_pdf(pdf_of())
    assert rewrite_pdf(pdf_of()) == first
    assert rewrite_pdf(first) == first


def test_who_made_it_is_left_out():
    for data in (rewrite_pdf(pdf_of()), rewrite_pdf(pdf_of(object_stream_mode=ObjectStreamMode.disable))):
        pdf = opened(data)
        streams = [each.read_bytes() for each in pdf.objects if isinstance(each, Stream)]
        assert b"author" not in b"".join([data, *streams])


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _opens_with_script(pdf):
    pdf.Root.OpenAction = script()


def _names_a_script(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", pdf.make_indirect(script())])))


def _launches_from_a_link(pdf):
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="cmd.exe")
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def _has_an_attachment(pdf):
    file = pdf.make_stream(b"MZ", Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=file))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["a.exe", pdf.make_indirect(spec)])))


def _acts_on_a_page(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI="http://evil.example"))


def _sends_a_form(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(A=Dictionary(S=Name.SubmitForm, F="http://e"))]))


def _has_a_form_of_xml(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def _chains_actions(pdf):
    go = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=Array([script()]))
    pdf.Root.OpenAction = go


def _plays_a_film(pdf):
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.RichMedia, RichMediaContent=Dictionary())])


ACTIVE = [
    _opens_with_script, _names_a_script, _launches_from_a_link, _has_an_attachment, _acts_on_a_page, _sends_a_form,
    _has_a_form_of_xml, _chains_actions, _plays_a_film,
]  # fmt: skip


@pytest.mark.parametrize("packed", [ObjectStreamMode.disable, ObjectStreamMode.generate])
@pytest.mark.parametrize("change", ACTIVE)
def test_what_runs_hides_or_sends_something_is_refused(change, packed):
    assert refusal(pdf_of(change, object_stream_mode=packed)) == "active"


def test_names_that_are_spelled_in_another_way_are_known():
    data = pdf_of(_opens_with_script, object_stream_mode=ObjectStreamMode.disable)
    assert refusal(data.replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/#4aS")) == "active"


def test_an_object_that_no_page_refers_to_is_looked_at():
    data = pdf_of(object_stream_mode=ObjectStreamMode.disable)
    hidden = b"99 0 obj\n<</S /Launch /F (cmd.exe)>>\nendobj\n"
    at = data.index(b"xref\n")
    assert refusal(data[:at] + hidden + data[at:].replace(b"startxref", b"startxref\n0\n%")) == "active"


def test_where_a_file_opens_is_no_danger_and_not_kept():
    def opens_at_the_top(pdf):
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.FitH, 842])

    assert set(opened(rewrite_pdf(pdf_of(opens_at_the_top))).Root.keys()) == {"/Type", "/Pages"}


def test_a_seal_is_drawn_into_its_page_and_links_go():
    def stamped(pdf):
        seal = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=[10, 10, 19, 19], F=4, AP=Dictionary(N=seal)
        )
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="http://e")
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp), pdf.make_indirect(link)])

    pdf = opened(rewrite_pdf(pdf_of(stamped)))
    page = pdf.pages[0]
    assert "/Annots" not in page
    assert any(each.read_bytes() == b"0 0 9 9 re f" for each in page.Resources.XObject.values())


@pytest.mark.parametrize("passwords", [{"user": "a", "owner": "b"}, {"user": "", "owner": "b"}])
def test_an_encrypted_file_is_refused(passwords):
    assert refusal(pdf_of(encryption=Encryption(**passwords))) == "locked"


@pytest.mark.parametrize("tail", [b"PK\x03\x04 x PK\x05\x06" + bytes(18), b"<html>", b"\xff\xd8\xff"])
def test_another_file_at_its_end_is_refused(tail):
    assert refusal(pdf_of() + tail) == "two-in-one"


def test_another_file_inside_is_not_written_again():
    data = pdf_of(object_stream_mode=ObjectStreamMode.disable)
    at = data.index(b"\n") + 1
    page = b"%<html><script>alert(1)</script></html>\n"
    assert b"<script>" not in rewrite_pdf(data[:at] + page + data[at:])


def test_too_many_pages_and_files_that_unpack_to_gigabytes_are_refused():
    assert refusal(pdf_of(pages=3), PdfLimits(pages=2)) == "too-many-pages"

    def explodes(pdf):
        bomb = zlib.compress(bytes(50_000_000))
        packed = pdf.make_stream(bomb, Type=Name.ObjStm, N=1, First=4)
        packed.write(bomb, filter=Name.FlateDecode)
        pdf.Root.Bomb = packed

    assert len(rewrite_pdf(pdf_of(explodes))) < 10_000


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"]
)
def test_a_file_without_pages_is_refused(data):
    assert refusal(data) == "broken"


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_cut_or_flipped_file_is_written_anew_or_refused_with_a_reason(data):
    whole = bytearray(pdf_of())
    for _ in range(data.draw(st.integers(0, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(UnusablePdf):
        assert len(opened(rewrite_pdf(bytes(whole))).pages) >= 1
