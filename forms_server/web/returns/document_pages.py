"""Downloads of official documents as Word files: the office's, and a unit's own report."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import uuid4

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response

from build_scripts.counting.differences import Unreconciled
from build_scripts.documents.document_kinds import DocumentKind, named
from build_scripts.documents.letter_templates import LETTERS, PROGRESS
from checklist.loading.loader import TEMPLATES
from checklist.messages import say
from checklist.model import Campaign, Unit
from checklist.overdue import ISSUES_DUE
from forms_server.access import allowed
from forms_server.db.tables import issue, report_text
from forms_server.records import overdue_conditions
from forms_server.records.live_record_source import live_records
from forms_server.scope import may_read_return
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk
from forms_server.web.returns.requested_return import NotYetLookedAt, not_yet, require_looked_at

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
blueprint.register_error_handler(NotYetLookedAt, not_yet)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/")
def index() -> str:
    """List all documents for download."""
    with desk() as at:
        overdue = _overdue(at.connection, at.campaign)
        written = _written(at.connection, at.campaign)
    campaign = services().campaign
    return render_template(
        "documents.html",
        county={key: kind for key, kind in named(campaign).items() if not kind.of_unit},
        kinds=named(campaign),
        units=campaign.filing_units,
        overdue=overdue,
        written=written,
        letters={key: kind for key, kind in LETTERS.items() if key not in PROGRESS}
        if campaign.inspection
        else {},
        new_id=uuid4,
        own_templates=_own_templates(campaign),
        parts=len(campaign.report_form.parts) if campaign.report_form else 0,
    )


@blueprint.get("/<kind>.docx")
def of_county(kind: str) -> Response:
    """Download a document of the whole county."""
    found = named(services().campaign).get(kind)
    if found is None or found.of_unit:
        abort(404)
    return _document(kind, found, None)


@blueprint.get("/<kind>/<unit_code>.docx")
def of_unit(kind: str, unit_code: str) -> Response:
    """Download a unit's report (for accounts that may see its return) or the office's letters (for the office)."""
    campaign = services().campaign
    found, unit = named(campaign).get(kind), campaign.unit_by_code.get(unit_code)
    if found is None or not found.of_unit or unit not in campaign.filing_units:
        abort(404)
    if not may_read_return(g.account, unit_code) or (found.about_overdue and not _writes_documents()):
        abort(404)
    require_looked_at(unit_code)
    return _document(kind, found, unit)


@blueprint.get("/templates/<kind>.docx")
def template(kind: str) -> Response:
    """Download a document's template, for editing in Word."""
    # Lazy import: most workers never need Word's library.
    from build_scripts.documents.docx_writer import letter_template
    from build_scripts.documents.docx_writer import template as write

    campaign = services().campaign
    if kind in LETTERS and campaign.inspection:
        return _download(letter_template(kind, campaign), f"{LETTERS[kind].name}模板.docx")
    found = named(campaign).get(kind)
    if found is None:
        abort(404)
    return _download(write(kind, campaign), f"{found.name}模板.docx")


def _document(kind: str, found: DocumentKind, unit: Unit | None) -> Response:
    """Send the file; on failure, redirect back with the reason."""
    from build_scripts.documents.document_facts import facts_of, facts_of_report
    from build_scripts.documents.docx_writer import BrokenTemplate, document
    from build_scripts.documents.report_parts import NoReport

    used, draft = services(), "draft" in request.args
    try:
        with desk() as at:
            records, today = live_records(at.connection), at.now.date()
            if unit and not found.about_overdue:
                facts = facts_of_report(records, at.campaign, today, unit, draft=draft)
            else:
                facts = facts_of(records, at.campaign, today, unit, _since())
        if found.about_overdue and not facts.overdue:
            return _refused(say("document-no-overdue", unit=unit.name if unit else "", kind=found.name), unit)
        content = document(kind, replace(facts, now=at.now), used.config.checklist)
    except Unreconciled as error:
        return _refused(say("document-unreconciled", count=len(error.differences)), unit)
    except (BrokenTemplate, NoReport) as error:
        return _refused(str(error), unit)
    note_export(services(), g.account, f"{unit.code if unit else 'county'}/{kind}", "")
    owner = unit.name if unit else used.campaign.notice.county
    return _download(content, f"{owner}{found.name}{'（草稿）' if facts.draft else ''}.docx")


def _since() -> date | None:
    """The day of the circular before, as its field gives it; none where it is no day."""
    try:
        return date.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return None


def _own_templates(campaign: Campaign) -> list[str]:
    """Names of the documents for which the office keeps a template of its own."""
    folder = services().config.checklist / TEMPLATES
    known = {key: kind.name for key, kind in named(campaign).items()}
    known |= {key: kind.name for key, kind in LETTERS.items()}
    return [f"{name}（{key}.docx）" for key, name in known.items() if (folder / f"{key}.docx").is_file()]


def _writes_documents() -> bool:
    """Whether the account may download the office's documents, not only its own unit's."""
    return allowed(g.account.role, "documents.index", "GET")


def _refused(message: str, unit: Unit | None) -> Response:
    flash(message, "danger")
    if _writes_documents():
        return redirect(url_for("documents.index"), 303)
    return redirect(url_for("returns.unit", unit_code=unit.code if unit else g.account.unit_code), 303)


def _download(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=name)


def _overdue(connection: Connection, campaign: Campaign) -> Mapping[str, int]:
    """Count overdue issues by unit."""
    query = select(issue.c.unit_code, func.count()).where(
        issue.c.campaign_id == campaign.id,
        overdue_conditions.overdue(issue, ISSUES_DUE, services().clock.today()),
    )
    rows = connection.execute(query.group_by(issue.c.unit_code))
    return {row[0]: row[1] for row in rows}


def _written(connection: Connection, campaign: Campaign) -> Mapping[str, int]:
    """Count written parts of the report by unit."""
    query = select(report_text.c.unit_code, func.count()).where(
        report_text.c.campaign_id == campaign.id, func.trim(report_text.c.text) != ""
    )
    rows = connection.execute(query.group_by(report_text.c.unit_code))
    return {row[0]: row[1] for row in rows}
