"""What the filer of new records is told besides: zero reports that they contradict, a decision left to the office."""

from collections.abc import Iterable

from sqlalchemy import bindparam, literal, select, union_all

from checklist.messages import say
from checklist.model import Campaign
from forms_server.db.driver_statements import run
from forms_server.db.tables import possible_double, village_zero_report, zero_report
from forms_server.desk import Desk
from forms_server.records.record import Record

_UNIT, _VILLAGE, _OFFICE = range(3)

_FOUND = union_all(
    select(literal(_UNIT).label("kind")).where(
        zero_report.c.campaign_id == bindparam("campaign"),
        zero_report.c.unit_code == bindparam("unit"),
        zero_report.c.problem_type_id == bindparam("type"),
    ),
    select(literal(_VILLAGE)).where(
        village_zero_report.c.campaign_id == bindparam("campaign"),
        village_zero_report.c.unit_code == bindparam("unit"),
        village_zero_report.c.village_code == bindparam("village"),
        village_zero_report.c.problem_type_id == bindparam("type"),
    ),
    select(literal(_OFFICE)).where(
        possible_double.c.second_id == bindparam("record"), possible_double.c.state == "open"
    ),
)
"""Three look-ups by key in one statement, since it runs for every record that is filed."""


def filing_warnings(desk: Desk, records: Iterable[Record]) -> list[str]:
    """A sentence for each zero report that is contradicted by these, and one if the office has to decide on some."""
    found = set()
    for record in records:
        # Only an issue contradicts a zero report; nothing equals a type that is NULL.
        type_id = record.problem_type_id if record.form.kind == "issue" else None
        place = {"unit": record.unit_code, "village": record.village_code, "type": type_id}
        asked = {"campaign": desk.campaign.id, "record": record.id, **place}
        for (kind,) in run(desk.connection, _FOUND, asked):
            village = record.village_code if kind == _VILLAGE else None
            found.add((kind, village or "", type_id or "") if kind != _OFFICE else (kind, "", ""))
    return [_sentence(desk.campaign, *each) for each in sorted(found)]


def _sentence(campaign: Campaign, kind: int, village_code: str, type_id: str) -> str:
    if kind == _OFFICE:
        return say("left-to-office")
    known = campaign.problem_type_by_id.get(type_id)
    name = known.name if known else type_id
    if kind == _UNIT:
        return say("zero-contradicted", problem_type=name)
    village = campaign.village_by_code[village_code].name
    return say("zero-contradicted-village", village=village, problem_type=name)
