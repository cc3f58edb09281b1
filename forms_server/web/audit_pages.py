"""The audit for its readers: a page, and a file for Excel. They read no records."""

import json
from datetime import date

from flask import Blueprint, g, make_response, render_template, request
from werkzeug.wrappers import Response

from build_scripts.csv_text import csv_for_excel
from checklist.date_formats import full_moment
from forms_server.audit_listing import AuditFilter, ListedAudit, all_rows, audit_page
from forms_server.audit_words import ACTION_WORDS, SUBJECT_WORDS
from forms_server.sight_log import note_export
from forms_server.web.current_services import services

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

_HEADER = (
    "序号",
    "时间（北京时间，UTC+8）",
    "账号",
    "姓名",
    "单位",
    "做了什么",
    "对什么",
    "编号",
    "说明",
    "从哪里",
)


@blueprint.get("/")
def index() -> str:
    """List the audit's rows by the query string's filters."""
    asked = _asked()
    with services().engine.connect() as connection:
        rows, more = audit_page(connection, asked)
    return render_template(
        "audit.html",
        rows=rows,
        more=rows[-1].id if more else None,
        asked=asked,
        kept={name: value for name, value in request.args.items() if name != "before"},
        subjects=SUBJECT_WORDS,
        actions=ACTION_WORDS,
        unit_name=_unit_name,
        told=_told,
    )


@blueprint.get("/audit.csv")
def export() -> Response:
    """All rows that are asked for, as CSV for Excel."""
    with services().engine.connect() as connection:
        content = csv_for_excel(_HEADER, (_cells(row) for row in all_rows(connection, _asked())))
    note_export(services(), g.account, "audit", "")
    response = make_response(content)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=audit.csv"
    return response


def _asked() -> AuditFilter:
    """The filters of the address; what makes no sense there is left out."""
    given = request.args
    before = given.get("before", "")
    return AuditFilter(
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        by=given.get("by", "").strip(),
        subject=given.get("subject", "") if given.get("subject") in SUBJECT_WORDS else "",
        action=given.get("action", "") if given.get("action") in ACTION_WORDS else "",
        subject_id=given.get("id", "").strip()[:200],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unit_name(code: str | None) -> str:
    unit = services().campaign.unit_by_code.get(code or "")
    return unit.name if unit else code or ""


def _told(row: ListedAudit) -> str:
    """What else the row says: ids of fields, states; empty where nothing."""
    return json.dumps(dict(row.change), ensure_ascii=False) if row.change else ""


def _cells(row: ListedAudit) -> tuple[object, ...]:
    return (
        row.id,
        full_moment(row.at),
        row.by,
        row.person,
        _unit_name(row.unit_code),
        ACTION_WORDS.get(row.action, row.action),
        SUBJECT_WORDS.get(row.subject, row.subject),
        row.subject_id,
        _told(row),
        row.address,
    )
