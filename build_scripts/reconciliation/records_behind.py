"""Records behind differences, and checks of single records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from build_scripts.counting.count_query import Line, Records, has, literals
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference
from build_scripts.counting.regions import CountyScope, county_code
from build_scripts.reconciliation.lost_findings import lost_findings
from checklist.messages import say
from checklist.model import Campaign
from checklist.states import STATES_BY_KIND, State

_MOST = 1000
"""Maximum records listed for one check."""
_MOST_CODES = 5000

_STATES = {"issue": STATES_BY_KIND["issue"], "proposed_household": STATES_BY_KIND["household"]}

_PAIRS = "possible_double"
_ASKED = "SELECT first_id, second_id FROM possible_double"

Found = dict[tuple[str, str], tuple[str, ...]]
"""Unit and problem type to ids of records."""


def wrong_records(records: Records, campaign: Campaign, scope: CountyScope) -> Found:
    """Return records of an unknown unit, problem type or state."""
    own = _own(campaign, several=bool(scope.regions))
    units = [code for unit in scope.units[:_MOST_CODES] for code in (unit.code, f"{own}{unit.code}")]
    found: list[Line] = []
    for table, states in _STATES.items():
        wrong = " OR ".join(
            f"{column} IS NULL OR {column} NOT IN ({literals(known)})"
            for column, known in (
                ("unit_code", units),
                ("problem_type_id", list(campaign.problem_type_by_id)),
                ("state", states),
            )
        )
        found += _ids(records, table, f"campaign_id = {literals([campaign.id])} AND ({wrong})")
    return _grouped(found, own)


def _own(campaign: Campaign, *, several: bool) -> str:
    """Return the county prefix that exports add to the campaign's own units."""
    return "" if several else f"{county_code(campaign)}/"


def _ids(records: Records, table: str, where: str) -> Sequence[Line]:
    # Names of ours, and codes without signs.
    query = f"SELECT unit_code, problem_type_id, id FROM {table} WHERE {where} ORDER BY id LIMIT {_MOST}"  # noqa: S608
    return records.run(query)


def _grouped(lines: Sequence[Line], own: str) -> Found:
    grouped: dict[tuple[str, str], list[str]] = {}
    for unit, problem_type, identity in lines:
        key = (str(unit or "").removeprefix(own), str(problem_type or ""))
        grouped.setdefault(key, []).append(str(identity))
    return {key: tuple(ids) for key, ids in grouped.items()}


def without_people(records: Records, summary: Summary, campaign: Campaign) -> Iterator[Difference]:
    """Return differences for households without head count, which would silently understate totals."""
    where = f"{_counted(campaign)} AND people IS NULL"
    found = _ids(records, "proposed_household", where)
    yield from _differences("summary-no-people", found, summary, campaign)


def _counted(campaign: Campaign) -> str:
    return f"campaign_id = {literals([campaign.id])} AND (state <> '{State.WITHDRAWN}' OR state IS NULL)"


def _differences(
    message: str, found: Sequence[Line], summary: Summary, campaign: Campaign
) -> Iterator[Difference]:
    """Return a sentence for each unit and problem type of these records."""
    names = {table.unit_code: table.unit for table in summary.units}
    grouped = _grouped(found, _own(campaign, several=bool(summary.regions)))
    for (unit_code, problem_type_id), ids in sorted(grouped.items()):
        problem_type = campaign.problem_type_by_id.get(problem_type_id)
        sentence = say(
            message,
            unit=names.get(unit_code, unit_code),
            problem_type=problem_type.name if problem_type else problem_type_id,
            records=len(ids),
        )
        yield Difference(sentence, unit_code, problem_type_id, ids, kind="household")


def doubts(
    records: Records,
    summary: Summary,
    zeros: Set[tuple[str, str]],
    campaign: Campaign,
    pairs: Iterable[Difference] = (),
) -> tuple[Difference, ...]:
    """Return doubts for review: the figures agree, and the summary is published with this list.

    Args:
        records: of the database.
        summary: of these records.
        zeros: unit and problem type of the zero reports.
        campaign: of the records.
        pairs: possible duplicates that are told already, whose records are no namesakes besides.
    """
    told = {identity for pair in pairs for identity in pair.records}
    return (
        *_zero_but_found(records, summary, zeros, campaign),
        *_namesakes(records, summary, campaign, told),
        *lost_findings(records, campaign),
    )


def _zero_but_found(
    records: Records, summary: Summary, zeros: Set[tuple[str, str]], campaign: Campaign
) -> Iterator[Difference]:
    """Yield problem types with both 经排查无问题 and filed records."""
    rows = [
        row for row in summary.rows if row.reported == "yes" and (row.unit_code, row.problem_type_id) in zeros
    ]
    if not rows:
        return
    units, types = {row.unit_code for row in rows}, {row.problem_type_id for row in rows}
    own = _own(campaign, several=bool(summary.regions))
    codes = [code for unit in sorted(units) for code in (unit, f"{own}{unit}")]
    where = (
        f"{_counted(campaign)} AND unit_code IN ({literals(codes)})"
        f" AND problem_type_id IN ({literals(sorted(types))})"
    )
    found = _grouped([line for table in _STATES for line in _ids(records, table, where)], own)
    for row in rows:
        words = {"unit": row.unit, "problem_type": row.problem_type}
        figures: Mapping[str, int] = {"found": row.found, "households": row.proposed_households}
        sentence = say("summary-zero-but-found", **words, **figures)
        ids = found.get((row.unit_code, row.problem_type_id), ())
        yield Difference(sentence, row.unit_code, row.problem_type_id, ids, kind="zero")


def _namesakes(
    records: Records, summary: Summary, campaign: Campaign, told: Set[str]
) -> Iterator[Difference]:
    """Yield proposed households of one village with the same householder, unless they are or were asked about.

    The name itself is not read.
    """
    if not {"householder", "village_code"} <= records.columns["proposed_household"]:
        return
    counted = _counted(campaign)
    query = f"""
        SELECT proposed_household.unit_code, proposed_household.problem_type_id, proposed_household.id
        FROM proposed_household
        INNER JOIN (
            SELECT village_code, householder FROM proposed_household
            WHERE {counted} GROUP BY village_code, householder HAVING COUNT(*) > 1
        ) AS twice
        ON twice.village_code = proposed_household.village_code
            AND twice.householder = proposed_household.householder
        WHERE {counted}
        ORDER BY proposed_household.id LIMIT {_MOST}
    """  # noqa: S608 - names of ours, and codes without signs
    asked = {str(each) for pair in records.run(_ASKED) for each in pair} if has(records, _PAIRS) else set()
    found = [line for line in records.run(query) if str(line[2]) not in told | asked]
    yield from _differences("summary-namesakes", found, summary, campaign)
