"""Validation of the placeholders in the report's sentences of a campaign's YAML."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from jinja2 import TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from build_scripts.counting.county_summary import Summary
from build_scripts.counting.summary_lines import AnnexTable, SummaryRow
from build_scripts.documents.template_words import DocumentFacts, words_of
from checklist.loading.loader import PARTS
from checklist.loading.strictyaml import Document, parse
from checklist.model import Campaign
from checklist.problems import Problem, nearest


def known_words(campaign: Campaign) -> frozenset[str]:
    """Return all valid placeholders."""
    nothing = SummaryRow("", "", "", "", 0, 0, 0, 0, 0, "no")
    return frozenset(
        words_of(DocumentFacts(campaign, Summary((), AnnexTable("", "", (), nothing)), date(2000, 1, 1)))
    )


def sentence_problems(campaign: Campaign, folder: Path) -> Iterator[Problem]:
    """Return the problems of the sentences, with their place in the report's file."""
    report = campaign.report_form
    if report is None:
        return
    file = f"{PARTS['forms'].name}{report.id}.yml"
    document = parse((folder / file).read_bytes(), file)
    known = known_words(campaign)
    for number, part in enumerate(report.parts):
        for index, sentence in enumerate(part.sentences):
            yield from _problems(sentence, known, document, ("parts", number, "sentences", index))


def _problems(
    sentence: str, known: frozenset[str], document: Document, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    try:
        used = meta.find_undeclared_variables(SandboxedEnvironment().parse(sentence))
    except TemplateError:
        yield document.problem("sentence-broken", path)
        return
    for word in sorted(used - known):
        yield document.problem(
            "sentence-word", path, word=word, known=sorted(known), near=nearest(word, known)
        )
