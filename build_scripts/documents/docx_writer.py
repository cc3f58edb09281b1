"""Writer of ``.docx`` files from templates, the office's own or the built-in ones."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from build_scripts.documents.document_kinds import KINDS, named
from build_scripts.documents.document_templates import LAYOUTS
from build_scripts.documents.gbt9704 import official_document
from build_scripts.documents.letter_templates import LETTERS
from build_scripts.documents.report_parts import report_words
from build_scripts.documents.signature_page import keep_signature_with_text
from build_scripts.documents.template_check import NOT_WORD, where_wrong
from build_scripts.documents.template_words import DocumentFacts, Words, words_of
from build_scripts.documents.title_breaks import break_titles
from checklist.loading.loader import TEMPLATES
from checklist.messages import say
from checklist.model import Campaign

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


class BrokenTemplate(Exception):
    """A template that can't be filled; the message is a sentence for users."""


def template(kind: str, campaign: Campaign) -> bytes:
    """Return the template of a kind as a Word file, to be edited and put into the campaign's folder."""
    buffer = BytesIO()
    official_document(LAYOUTS[kind](campaign), _name(kind, campaign)).save(buffer)
    return _steady(buffer.getvalue())


def document(kind: str, facts: DocumentFacts, checklist: Path) -> bytes:
    """Return a document as a Word file, byte-identical for the same facts.

    Args:
        kind: a key of ``KINDS``.
        facts: its data.
        checklist: the campaign's folder, whose own template takes precedence.

    Raises:
        BrokenTemplate: the office's template has unknown placeholders, or is no Word file.
    """
    sheet = _Sheet(kind, _name(kind, facts.campaign), template(kind, facts.campaign), facts.today)
    return _filled(sheet, checklist, lambda: _words(kind, facts))


def letter_template(kind: str, campaign: Campaign) -> bytes:
    """Return the template of a letter as a Word file."""
    buffer = BytesIO()
    official_document(LETTERS[kind].layout(campaign), LETTERS[kind].name).save(buffer)
    return _steady(buffer.getvalue())


def letter(kind: str, campaign: Campaign, words: Words, day: date, checklist: Path) -> bytes:
    """Return a letter as a Word file, byte-identical for the same words.

    Args:
        kind: a key of ``LETTERS``.
        campaign: whose labels its template has.
        words: all placeholders of the template.
        day: on which it was written down.
        checklist: the campaign's folder, whose own template takes precedence.

    Raises:
        BrokenTemplate: the office's template has unknown placeholders, or is no Word file.
    """
    sheet = _Sheet(kind, LETTERS[kind].name, letter_template(kind, campaign), day)
    return _filled(sheet, checklist, lambda: dict(words))


class _Sheet(NamedTuple):
    """What is filled: the kind with its name, the built-in template, and the date of the file."""

    kind: str
    name: str
    template: bytes
    day: date


def _filled(sheet: _Sheet, checklist: Path, words: Callable[[], dict[str, Any]]) -> bytes:
    own = checklist / TEMPLATES / f"{sheet.kind}.docx"
    try:
        filled = DocxTemplate(BytesIO(own.read_bytes() if own.is_file() else sheet.template))
        filled.render(words(), _environment(autoescape=True), autoescape=True)
        break_titles(filled.docx)
        keep_signature_with_text(filled.docx)
        filled.docx.core_properties.title = sheet.name
        written = datetime.combine(sheet.day, time())
        filled.docx.core_properties.created = filled.docx.core_properties.modified = written
        buffer = BytesIO()
        filled.save(buffer)
    except (TemplateError, ValueError, KeyError, zipfile.BadZipFile) as error:
        detail = _place(own, words, str(error)) if own.is_file() else str(error)
        raise BrokenTemplate(say("document-template-broken", file=own.name, detail=detail)) from error
    return _steady(buffer.getvalue())


def _place(own: Path, words: Callable[[], dict[str, Any]], detail: str) -> str:
    """Return which paragraph of the office's template is wrong; what was raised where that can't be told."""
    try:
        return where_wrong(own.read_bytes(), words(), detail).rstrip("。")
    except NOT_WORD:
        return detail


def _name(kind: str, campaign: Campaign) -> str:
    """Return the document's name; also for the report of a campaign without one, whose template can be had."""
    return named(campaign).get(kind, KINDS[kind]).name


def _words(kind: str, facts: DocumentFacts) -> dict[str, Any]:
    words = words_of(facts)
    return words | (report_words(facts, words, _fill) if kind == "report" else {})


def _environment(*, autoescape: bool) -> SandboxedEnvironment:
    """Create a sandboxed template environment: templates are untrusted, and only read values."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=autoescape)


def _fill(sentence: str, words: Words) -> str:
    return _environment(autoescape=False).from_string(sentence).render(words)


def _steady(content: bytes) -> bytes:
    """Normalise the timestamps of a zip's entries, for reproducible output."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(
                zipfile.ZipInfo(entry.filename, _FIRST_DAY_OF_ZIP), old.read(entry), zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()
