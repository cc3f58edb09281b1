"""The self-inspection report (自查报告): editing of its parts, with the unit's figures alongside."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.counting.annex_shape import table_of
from checklist.model import Field, FieldType, RecordForm, ReportForm, Stage
from forms_server.access import Action, may_write
from forms_server.records.merging import Whose, compare, fingerprints
from forms_server.returns import report_text, return_figures
from forms_server.returns.report_text import WrittenPart
from forms_server.scope import may_read_return
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import SEEN, context, desk, offer

blueprint = Blueprint("report", __name__, url_prefix="/report")


@blueprint.get("/")
def index() -> str:
    """Show the report for editing."""
    fields, stored = _fields(), _stored()
    fields.process(data=_texts(stored))
    return _page(fields, stored)


@blueprint.post("/")
def save() -> Response | tuple[str, int]:
    """Save changed parts under optimistic locking: concurrent changes are never overwritten unseen."""
    if not may_write(g.account, Action.WRITE_REPORT, g.account.unit_code):
        abort(403)
    fields = _fields()
    fields.process(request.form)
    values = fields.check(context())
    if values is None:
        return _page(fields, _stored(), seen=request.form.get(SEEN, "")), 422
    mine = {part_id: str(value or "") for part_id, value in values.items()}
    with desk(writes=True) as at:
        stored = report_text.parts(at.connection, at.campaign, g.account.unit_code)
        whose = compare(request.form.get(SEEN, ""), mine, _texts(stored), mine)
        both = {part_id for part_id, side in whose.items() if side is Whose.BOTH}
        if not both:
            own = {part_id: mine[part_id] for part_id, side in whose.items() if side is Whose.MINE}
            changed = report_text.save(at, g.account.unit_code, own)
    if both:
        return _page(fields, stored, theirs=both), 409
    flash(f"已保存{_form().name}。" if changed else "内容没有改动。", "success")
    return redirect(url_for("report.index"), 303)


def _form() -> ReportForm:
    """Return the campaign's report form; 404 if it has none, or for village accounts."""
    form = services().campaign.report_form
    if form is None or not may_read_return(g.account, g.account.unit_code):
        abort(404)
    return form


def _fields() -> RecordFields:
    """Build a field for each part, validated like any other text."""
    asked = tuple(
        Field.model_construct(
            id=part.id, label=part.title, type=FieldType.PARAGRAPH, max_length=part.max_length, help=part.help
        )
        for part in _form().parts
    )
    form = RecordForm.model_construct(id=_form().id, name=_form().name, fields=asked)
    return RecordFields(form, frozenset(Stage), offer())


def _stored() -> dict[str, WrittenPart]:
    with desk() as at:
        return report_text.parts(at.connection, at.campaign, g.account.unit_code)


def _texts(stored: dict[str, WrittenPart]) -> dict[str, str]:
    return {part_id: part.text for part_id, part in stored.items()}


def _page(
    fields: RecordFields,
    stored: dict[str, WrittenPart],
    *,
    seen: str | None = None,
    theirs: set[str] | None = None,
) -> str:
    """Render the page; on conflicts with the others' text beside the typed one."""
    used = services()
    unit = used.campaign.unit_by_code[g.account.unit_code]
    with desk() as at:
        rows = return_figures.unit_rows(at.connection, at.campaign, unit)
    return render_template(
        "report/index.html",
        form=_form(),
        fields=fields,
        stored=stored,
        seen=fingerprints(_texts(stored), stored) if seen is None else seen,
        theirs=theirs or set(),
        annex=table_of((unit.code, unit.name), rows, used.campaign),
        may_write=may_write(g.account, Action.WRITE_REPORT, g.account.unit_code),
    )
