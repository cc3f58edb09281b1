"""Annex 2 of a return's document, for pages and print."""

from build_scripts.counting.annex_shape import combined
from build_scripts.counting.summary_lines import HEADER, AnnexTable, SummaryRow
from forms_server.returns.return_document import FIGURES, Document


def annex_of(document: Document) -> AnnexTable:
    """Build the table as signed, in the campaign's order at that time."""
    unit = document["unit"]["code"], document["unit"]["name"]
    ordered = sorted(document[FIGURES], key=lambda line: int(line["position"]))
    lines = tuple(SummaryRow(**{name: line[name] for name in HEADER}) for line in ordered)
    return AnnexTable(*unit, lines, combined(lines, unit, ("", "")))
