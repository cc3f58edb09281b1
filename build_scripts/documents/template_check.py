"""What is wrong with the office's own Word templates, by file and paragraph."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from jinja2 import TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from build_scripts.documents.sentence_check import known_words
from checklist.loading.loader import TEMPLATES
from checklist.messages import say
from checklist.model import Campaign
from checklist.problems import Problem, nearest

_MARK = re.compile(r"\{%-?\s*(?:(?:p|tr|tc|r)\s)?\s*(?P<tag>.*?)-?%\}|\{\{(?:r\s)?(?P<value>.*?)\}\}")
_LOOP = re.compile(r"for\s+(?P<targets>[\w\s,]+?)\s+in\s+(?P<of>.*)", re.DOTALL)
_ASKED = re.compile(r"(?:el)?if\s+(?P<of>.*)", re.DOTALL)
_SET = re.compile(r"set\s+(?P<targets>\w+)\s*=\s*(?P<of>.*)", re.DOTALL)
_ENDS = frozenset({"endfor", "endif", "else", "endset"})
_LONGEST = 40

NOT_WORD = (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError)
"""What reading a file raises that is no Word file."""


@dataclass(frozen=True)
class WrongWord:
    """A placeholder that no document fills in, or one that can't be read: then ``word`` is empty."""

    paragraph: int
    """From 1, of those that are not empty, tables' cells included."""
    text: str
    word: str

    def sentence(self, known: Iterable[str]) -> str:
        """What is wrong, with the word that may be meant."""
        shown = self.text if len(self.text) <= _LONGEST else f"{self.text[:_LONGEST]}…"
        place = {"paragraph": self.paragraph, "text": shown}
        if not self.word:
            return say("template-unreadable", **place)
        return say("template-word", word=self.word, near=nearest(self.word, frozenset(known)), **place)


def wrong_words(content: bytes, known: Iterable[str]) -> list[WrongWord]:
    """Return the placeholders of a Word file that are not known.

    Raises:
        one of NOT_WORD: it is no Word file.
    """
    texts = [text for text in _paragraphs(content) if text.strip()]
    marks = [(number, text, match) for number, text in enumerate(texts, 1) for match in _MARK.finditer(text)]
    targets = {name for _, _, match in marks for name in _targets(match["tag"] or "")}
    allowed = {*known, *targets, "loop"}
    found = [
        WrongWord(number, text, word) for number, text, match in marks for word in _unknown(match, allowed)
    ]
    return list(dict.fromkeys(found))


def template_problems(campaign: Campaign, folder: Path) -> Iterator[Problem]:
    """Return the problems of a campaign's own templates."""
    known = known_by_kind(campaign)
    for path in sorted((folder / TEMPLATES).glob("*.docx")):
        file = f"{TEMPLATES}/{path.name}"
        if path.stem not in known:
            names = [f"{kind}.docx" for kind in known]
            yield Problem(f"{file}:1:1", "template-kind", say("template-kind", known=names))
            continue
        words = known[path.stem]
        try:
            for wrong in wrong_words(path.read_bytes(), words):
                code = "template-word" if wrong.word else "template-unreadable"
                yield Problem(f"{file}:{wrong.paragraph}:1", code, wrong.sentence(words))
        except NOT_WORD:
            yield Problem(f"{file}:1:1", "template-no-word", say("template-no-word"))


def known_by_kind(campaign: Campaign) -> Mapping[str, frozenset[str]]:
    """The placeholders of each document and letter of a campaign: known words, and those of its built-in template."""
    # Lazy import: the writer asks this module where a template is wrong.
    from build_scripts.documents.built_in_templates import built_in_templates

    common = known_words(campaign)
    return {kind: common | _used(content) for kind, _, content in built_in_templates(campaign)}


def _used(content: bytes) -> frozenset[str]:
    return frozenset(wrong.word for wrong in wrong_words(content, ()))


def where_wrong(content: bytes, known: Iterable[str], detail: str) -> str:
    """Return where a template can't be filled in: unknown words, or the paragraph with what ``detail`` quotes.

    Raises:
        one of NOT_WORD: it is no Word file.
    """
    words = frozenset(known)
    if found := wrong_words(content, words):
        return "".join(each.sentence(words) for each in found)
    quoted = re.findall(r"'([^']+)'", detail)
    texts = [text for text in _paragraphs(content) if text.strip()]
    for number, text in enumerate(texts, 1):
        if any(_MARK.search(text) and name in text for name in quoted):
            return f"第 {number} 段（{text[:_LONGEST]}）：{detail}"
    return detail


def _paragraphs(content: bytes) -> Iterator[str]:
    """Yield the texts of all paragraphs in order, those of tables, too."""
    body = Document(BytesIO(content)).element.body
    for paragraph in body.iter(qn("w:p")):
        yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def _targets(tag: str) -> list[str]:
    found = _LOOP.match(tag.strip()) or _SET.match(tag.strip())
    return re.findall(r"\w+", found["targets"]) if found else []


def _unknown(match: re.Match[str], allowed: set[str]) -> list[str]:
    """Return a mark's unknown names; an empty one if it can't be read."""
    expression = match["value"] if match["tag"] is None else _expression(match["tag"].strip())
    if expression is None:
        return [""]
    try:
        parsed = SandboxedEnvironment().parse(f"{{{{ {expression} }}}}")
    except TemplateError:
        return [""]
    return sorted(meta.find_undeclared_variables(parsed) - allowed)


def _expression(tag: str) -> str | None:
    """What a tag asks or loops over; empty words for the end of one, None for another tag."""
    if tag in _ENDS:
        return "''"
    found = _LOOP.match(tag) or _ASKED.match(tag) or _SET.match(tag)
    return found["of"] if found else None
