"""Annex 2 out of a return's document, in the campaign's order, for tables on pages and paper."""

from dataclasses import dataclass
from typing import Any

from build_scripts.counting.summary_lines import FIGURES as COLUMNS
from build_scripts.counting.summary_lines import together
from forms_server.returns.return_document import FIGURES, Document, Line


@dataclass(frozen=True)
class Annex:
    """The lines and the total, with the keys of ``SummaryRow``."""

    rows: tuple[Line, ...]
    total: dict[str, Any]


def annex_of(document: Document) -> Annex:
    """The table as it was, or would be, signed."""
    rows = tuple(sorted(document[FIGURES], key=lambda line: int(line["position"])))
    figures = {column: sum(row[column] for row in rows) for column in COLUMNS}
    return Annex(rows, figures | {"reported": together(row["reported"] for row in rows)})
