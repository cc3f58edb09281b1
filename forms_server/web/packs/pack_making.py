"""A field pack as JSON: the server's own blank pages, and what the browser fills into them.

No page is written a second time for work without network: the browser takes the ``main`` of these, sets the fields
that are named here, and posts to the same addresses as online.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import uuid4

from flask import url_for
from sqlalchemy import RowMapping

from checklist.date_formats import full_day
from checklist.model import RecordForm
from checklist.reading.names import short_village
from checklist.visit_forms import Groups, items_of, missing_once
from forms_server.desk import Desk
from forms_server.inspection.general_findings import general_forms
from forms_server.inspection.spot_list import SpotHousehold
from forms_server.inspection.spot_visits import Place
from forms_server.packs.pack_content import PackedDraw, PackedWork
from forms_server.packs.packed_registers import PackedRegister
from forms_server.records.record import Record
from forms_server.state_moves import REPORT
from forms_server.visits import visit_store
from forms_server.visits.household_search import ListedHousehold
from forms_server.visits.visit import Progress, Visit
from forms_server.web.inspection.general_finding_page import blank_general
from forms_server.web.inspection.spot_check_page import blank_check
from forms_server.web.inspection.spot_list_page import why_words
from forms_server.web.inspection.spot_visit_page import household_types, sheet_of
from forms_server.web.packs.register_packing import registers_as_json
from forms_server.web.records.filing_pages import blank_filing, household_texts
from forms_server.web.records.move_pages import blank_move
from forms_server.web.records.record_words import record_title, short_value, unit_name
from forms_server.web.visits.requested_visit import is_live, issues_of, title_of
from forms_server.web.visits.visit_sheet_page import blank_sheet, fingerprints_of, registered_issue
from forms_server.web.visits.visit_start_page import blank_head, known_of

_NOBODY = "00000000-0000-4000-8000-000000000000"
"""Stands in blank pages where the browser sets an id."""

Json = dict[str, Any]


def work_as_json(desk: Desk, work: PackedWork, registers: Sequence[PackedRegister]) -> Json:
    """A reporter's pack: all that its page lists, with blank pages; ``sheets`` by key."""
    forms = [form for form in desk.campaign.record_forms if form.subject == "household"]
    sheets: dict[str, str] = {}
    visited = work.form
    households = (
        [_household(desk, visited, each, sheets, forms) for each in work.households] if visited else []
    )
    return {
        "kind": "work",
        "households": households,
        "sheets": sheets,
        "forms": [
            {
                "id": form.id,
                "name": form.name,
                "subject": form.subject,
                "action": url_for("records.new", form_id=form.id),
                "html": blank_filing(form),
            }
            for form in desk.campaign.record_forms
        ],
        "own_work": [_own_work(desk, form, sheets) for form in work.own_forms],
        "own_visits": [_own_visit(desk, each, sheets) for each in work.own_visits],
        "issues": [_issue(desk, each) for each in work.issues],
        "registers": registers_as_json(desk, registers, _NOBODY),
    }


def draw_as_json(desk: Desk, drawn: PackedDraw) -> Json:
    """An inspector's pack: drawn ``households`` with ``sheets`` by key, and told ``issues`` to look at."""
    sheets: dict[str, str] = {}
    forms = desk.campaign.form_by_id
    return {
        "kind": "draw",
        "households": [
            _drawn(desk, code, house, sheets, drawn.later.get(house.id, 0))
            for code, house in drawn.households
        ],
        "sheets": sheets,
        "forms": [
            {
                "id": f"general-{code}",
                "name": f"{unit_name(desk.campaign, code)}的{general.name}",
                "subject": general.subject,
                "action": url_for("inspection.find_general", unit_code=code),
                "html": blank_general(code),
            }
            for code in drawn.units
            for general in general_forms(desk.campaign)
        ],
        "issues": [
            {
                "id": each.id,
                "title": each.title,
                "village": _village(desk, each.village_code),
                "action": url_for("inspection.save_check", form_id=each.form_id, record_id=each.id),
                "html": blank_check(desk, cast(RecordForm, forms[each.form_id]), each.id),
            }
            for each in drawn.issues
        ],
    }


def _household(
    desk: Desk, form: RecordForm, listed: ListedHousehold, sheets: dict[str, str], forms: list[RecordForm]
) -> Json:
    household = listed.household
    known = known_of(form, household)
    visit = visit_store.get(desk, listed.visit_id) if listed.visit_id else None
    type_id = visit.values.get("household_type") if visit else household.values.get("household_type")
    own = visit is None or visit.unit_code == desk.account.unit_code
    visit_id = visit.id if visit else str(uuid4())
    missing = [field.label for field in missing_once(form, visit.values if visit else known)]
    return {
        "id": household.id,
        "name": household.householder,
        "village": _village(desk, household.village_code),
        "lead": _lead(desk, form, household.values),
        "sheet": _sheet(desk, form, type_id, sheets),
        "visit": visit_id,
        "action": url_for("visits.save", visit_id=visit_id),
        "stored": _stored(desk, visit) if visit else None,
        "missing": missing if own else [],
        "fields": {each.id: household_texts(each, household) for each in forms},
    }


def _stored(desk: Desk, visit: Visit) -> Json:
    """What was answered, with the fragments of registered issues by item."""
    issues = issues_of(desk, visit)
    items = {item.id: item for item in visit.items}
    return {
        "version": visit.version,
        "seen": fingerprints_of(visit),
        "finished": visit.state is Progress.FINISHED,
        "answers": {item_id: said.answer.value for item_id, said in visit.answers.items()},
        "issues": {
            item_id: registered_issue(visit, items[item_id], record)
            for item_id, record in issues.items()
            if item_id in items and is_live(record)
        },
    }


def _sheet(desk: Desk, form: RecordForm, type_id: str | None, sheets: dict[str, str]) -> str:
    key = f"{form.id} {type_id or ''}"
    if key not in sheets:
        unit = desk.campaign.unit_by_code[desk.account.unit_code]
        sheets[key] = blank_sheet(_blank_visit(desk, form, items_of(desk.campaign, form, unit, type_id)))
    return key


def _own_work(desk: Desk, form: RecordForm, sheets: dict[str, str]) -> Json:
    return {
        "id": form.id,
        "name": form.sheet_name,
        "lead": unit_name(desk.campaign, desk.account.unit_code),
        "action": url_for("visits.new", form_id=form.id),
        "html": blank_head(form, _NOBODY),
        "sheet": _sheet(desk, form, None, sheets),
        "fill": url_for("visits.save", visit_id=_NOBODY),
    }


def _own_visit(desk: Desk, visit: Visit, sheets: dict[str, str]) -> Json:
    by = visit.visited_by or unit_name(desk.campaign, visit.unit_code)
    return {
        "name": title_of(visit.form, dict(visit.values)),
        "lead": " · ".join([visit.form.sheet_name, by, full_day(visit.visited_on)]),
        "sheet": _sheet(desk, visit.form, None, sheets),
        "visit": visit.id,
        "action": url_for("visits.save", visit_id=visit.id),
        "stored": _stored(desk, visit),
        "missing": [],
        "fields": {},
    }


def _blank_visit(desk: Desk, form: RecordForm, groups: Groups) -> Visit:
    return Visit(
        id=_NOBODY,
        form=form,
        unit_code=desk.account.unit_code,
        village_code=None,
        household_id=None,
        values={},
        visited_on=desk.now.date(),
        visited_by=desk.account.shown_name,
        round=None,
        state=Progress.OPEN,
        version=1,
        created_by=desk.account.id,
        created_at=desk.now,
        changed_at=desk.now,
        groups=groups,
        answers={},
    )


def _issue(desk: Desk, record: Record) -> Json:
    return {
        "id": record.id,
        "title": record_title(record, desk.campaign),
        "village": _village(desk, record.village_code),
        "household": record.household_id,
        "action": url_for(REPORT.endpoint, form_id=record.form.id, record_id=record.id),
        "html": blank_move(REPORT, record),
    }


def _drawn(desk: Desk, unit_code: str, house: SpotHousehold, sheets: dict[str, str], later: int) -> Json:
    form = desk.campaign.household_form
    key = f"spot {unit_code} {house.household_type or ''}"
    if form and key not in sheets:
        unit = desk.campaign.unit_by_code[unit_code]
        groups = items_of(desk.campaign, form, unit, house.household_type)
        row = {"id": _NOBODY, "householder": "", "village_code": "", "household_type": None, "people": None}
        sheets[key] = sheet_of(Place(cast(RowMapping, row), unit_code, _NOBODY, groups), {}, "")
    type_name = household_types().get(house.household_type or "", "")
    people = f"{house.people} 人" if house.people else ""
    village = _village(desk, house.village_code)
    words = [unit_name(desk.campaign, unit_code), village, type_name, people, why_words(house.why)]
    if later:
        words.append(f"表发送以后，再从名单上核实 {later} 个报了已整改的问题")
    return {
        "id": house.id,
        "name": house.householder,
        "village": village,
        "lead": " · ".join(filter(None, words)),
        "sheet": key,
        "visit": str(uuid4()),
        "action": url_for("inspection.save_sheet", household_id=house.id),
        "stored": None,
        "missing": [],
        "fields": {},
    }


def _lead(desk: Desk, form: RecordForm, values: Mapping[str, Any]) -> str:
    shown = [
        short_value(form.field(name), values[name], desk.campaign) + (" 人" if name == "people" else "")
        for name in ("village", "household_type", "people")
        if form.has(name) and values.get(name) is not None
    ]
    return " · ".join(shown)


def _village(desk: Desk, code: str | None) -> str:
    village = desk.campaign.village_by_code.get(code or "")
    return short_village(village.name, desk.campaign.reading.names) if village else ""


def ids_by_unit(work: PackedWork) -> list[tuple[str, str | None]]:
    """Whose names are read, for the audit."""
    return [(each.household.id, each.household.township_code) for each in work.households]


def ids_drawn(drawn: PackedDraw) -> list[tuple[str, str | None]]:
    """As ``ids_by_unit``."""
    return [(house.id, code) for code, house in drawn.households]
