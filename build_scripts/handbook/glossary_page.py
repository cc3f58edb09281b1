"""The glossary by the first letter of pinyin, with an anchor for each term."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pypinyin import lazy_pinyin

from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, prose, title
from build_scripts.handbook.policy_pages import CONFIDENCES
from checklist.model import Campaign, Term


def glossary_page(campaign: Campaign) -> str:
    """Render the page."""
    terms = campaign.glossary.terms
    contents = _letters(terms) if terms else ("还没有收录名词。",)
    return page(title("名词解释"), *contents, hide=("navigation",))


def _letters(terms: tuple[Term, ...]) -> Iterator[str]:
    ordered = sorted(terms, key=lambda term: (spelling(term.term), term.term))
    anchors = _anchors(ordered)
    groups = [
        (letter, list(group)) for letter, group in groupby(ordered, key=lambda term: _letter(term.term))
    ]
    yield block("letters no-print", " ".join(link(letter, f"#{_place(letter)}") for letter, _ in groups))
    for letter, group in groups:
        yield heading(2, plain(letter), _place(letter))
        for term in group:
            yield block("term", heading(3, plain(term.term), anchors[term.term]), *_term(term))


def _place(letter: str) -> str:
    return f"letter-{letter.lower() if letter != '#' else 'other'}"


def _term(term: Term) -> Iterator[str]:
    yield prose(term.explanation)
    lines = []
    if term.aliases:
        lines.append(f"**也叫**：{plain('、'.join(term.aliases))}")
    if term.related:
        lines.append(f"**相关**：{plain('、'.join(term.related))}")
    if term.confidence != "verified":
        lines.append(f'<span class="badge badge--{term.confidence}">{CONFIDENCES[term.confidence]}</span>')
    if lines:
        yield block("facts", bullets(lines))


def spelling(term: str) -> str:
    """Return a term's pinyin slug: lower case, syllables joined by hyphens, only letters and digits."""
    syllables = ("".join(letter for letter in part if letter.isalnum()) for part in lazy_pinyin(term))
    return "-".join(syllable.lower() for syllable in syllables if syllable.isascii() and syllable)


def _letter(term: str) -> str:
    first = spelling(term)[:1].upper()
    return first if first.isalpha() else "#"


def _anchors(ordered: list[Term]) -> dict[str, str]:
    """Map terms to anchors; homophones are numbered."""
    seen: Counter[str] = Counter()
    anchors = {}
    for term in ordered:
        name = spelling(term.term)
        seen[name] += 1
        anchors[term.term] = f"term-{name}-{seen[name]}" if seen[name] > 1 else f"term-{name}"
    return anchors
