"""The shares of a survey: of all papers of a period, and of each township's, weighted to the roster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from build_scripts.counting.survey_rates import Paper, SurveyShare, paper_weights, survey_share
from checklist.model import Campaign, Register, SurveyRate
from forms_server.db.tables import household
from forms_server.registers import row_listing
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_listing import RowFilters, SeenRows, choice_fields

WHOLE = "whole"
"""In place of a township: all papers."""


@dataclass(frozen=True)
class RateOfPlace:
    """A share of a township's papers, or of all."""

    township_code: str | None
    """``WHOLE`` for all papers; None for those without a township."""
    share: SurveyShare

    @property
    def is_whole(self) -> bool:
        """Whether it is of all papers."""
        return self.township_code == WHOLE


def rates_of_places(
    connection: Connection, seen: SeenRows, period: str, rate: SurveyRate
) -> Sequence[RateOfPlace]:
    """A share of all papers of a period, and of each township with any, in the campaign's order."""
    register, survey = seen.register, seen.register.survey
    if survey is None:
        return []
    rows = [row for row in row_listing.all_rows(connection, seen, RowFilters(period)) if not row.ended]
    papers = [_paper(register, row) for row in rows]
    weights = paper_weights(survey, papers, _households(connection, seen.campaign))
    known = [unit.code for unit in seen.campaign.units.townships]
    found = {row.township_code for row in rows}
    codes: list[str | None] = [code for code in known if code in found]
    codes += sorted(found - set(known), key=str)
    lines = [RateOfPlace(WHOLE, survey_share(rate, papers, weights))]
    for code in codes:
        mine = [number for number, row in enumerate(rows) if row.township_code == code]
        share = survey_share(rate, [papers[each] for each in mine], [weights[each] for each in mine])
        lines.append(RateOfPlace(code, share))
    return lines


def _paper(register: Register, row: RegisterRow) -> Paper:
    answers = {
        field.id: str(row.values[field.id]) for field in choice_fields(register) if field.id in row.values
    }
    return Paper(row.township_code or "", row.village_code or "", answers)


def _households(connection: Connection, campaign: Campaign) -> Mapping[tuple[str, str], int]:
    """The roster's households by village and kind."""
    columns = household.c
    query = (
        select(columns.village_code, columns.household_type, func.count())
        .where(columns.campaign_id == campaign.id, columns.active, columns.listed)
        .group_by(columns.village_code, columns.household_type)
    )
    return {(village or "", kind or ""): number for village, kind, number in connection.execute(query)}
