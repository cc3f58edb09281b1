"""The parts of a unit's report: sentences with the ledgers' figures (``forms/report.yml``), then own text."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from build_scripts.documents.document_kinds import KINDS
from build_scripts.documents.template_words import DocumentFacts, Words
from checklist.chinese_numerals import UP_TO_99, write_numeral
from checklist.messages import say
from checklist.model import ReportForm
from checklist.model.forms import ReportPart

_HEADED = re.compile(f"（[{UP_TO_99}]+）")
_LONGEST_HEADING = 40

DRAFT = "（草稿，未签字）"
"""Stands behind the title of a report that is not what a principal signed."""


class NoReport(Exception):
    """The campaign has no report; the message is a sentence for users."""


Fill = Callable[[str, Words], str]
"""Renders a sentence's placeholders."""


def report_words(facts: DocumentFacts, words: Words, fill: Fill) -> dict[str, Any]:
    """Return the report template's additional words.

    Args:
        facts: with the unit and its report text.
        words: of every template, for the sentences in the campaign's YAML.
        fill: renders a sentence's placeholders.

    Raises:
        NoReport: the campaign requires none.
    """
    form = next((form for form in facts.campaign.forms if isinstance(form, ReportForm)), None)
    if form is None:
        raise NoReport(
            say("document-no-report", campaign=facts.campaign.notice.name, kind=KINDS["report"].name)
        )
    unit = words["单位"]
    return {
        "标题": form.title.format(unit=unit) + (DRAFT if facts.draft else ""),
        "署名": words["单位全称"],
        "各部分": [
            {
                "序": write_numeral(number),
                "题": part.title,
                "段落": [ReportLine(text) for text in _paragraphs(facts, part, words, fill)],
            }
            for number, part in enumerate(form.parts, 1)
        ],
        "签批": [line.label for line in form.filing_lines if line.id == "principal"],
    }


class ReportLine(str):
    """A paragraph; one that is headed （一） is a heading of the second level (GB/T 9704: 楷体)."""

    __slots__ = ()

    @property
    def is_heading(self) -> bool:
        """Whether it is such a heading."""
        return _HEADED.match(self) is not None and len(self) <= _LONGEST_HEADING


def _paragraphs(facts: DocumentFacts, part: ReportPart, words: Words, fill: Fill) -> Iterator[str]:
    filled = (fill(sentence, words).strip() for sentence in part.sentences)
    yield from filter(None, filled)
    written = [
        line.strip() for text in facts.texts.get(part.id, ()) for line in text.splitlines() if line.strip()
    ]
    yield from written
    if not written and part.help:
        yield f"（由单位填写：{part.help}）"
