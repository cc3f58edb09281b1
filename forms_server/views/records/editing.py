"""Editing a record, from the version that the person saw."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Stage
from checklist.problems import Problem
from forms_server.access import Action
from forms_server.lifecycle import NotNow, may_edit
from forms_server.records import store
from forms_server.records.record import Conflict, NotAllowed, Record, SameName
from forms_server.views.records.common import (
    DIFFERENT,
    base_version,
    blueprint,
    changed_by,
    context,
    desk,
    may,
    offer,
    record_form,
    say_saved,
    stored,
)
from forms_server.webforms.fields import RecordFields

LATER = frozenset(Stage) - {Stage.FOUND}
"""Stages that an edit page may not have asked for: the record was reported rectified since it was opened."""


@blueprint.route("/<form_id>/<uuid:record_id>/edit", methods=["GET", "POST"])
def edit(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Show a record's fields to be changed, and change them."""
    form = record_form(form_id)
    with desk() as at:
        current = stored(at, form, record_id)
    if not may(Action.EDIT, current):
        raise NotAllowed("您的账号不能修改这一条。")
    if not may_edit(current.state):
        raise NotNow(current.state, "修改")
    fields = RecordFields(form, current.editable_stages, offer())
    if request.method == "POST":
        return _save(current, fields)
    fields.show(current.values)
    return _page(current, fields, current.version)


def _save(current: Record, fields: RecordFields) -> Response | tuple[str, int]:
    """Save what was typed; what is wrong, or what somebody else saved meanwhile, is shown beside it."""
    fields.process(request.form, data=fields.texts(current.values, LATER))
    base = base_version()
    values = fields.check(context())
    if values is None:
        return _page(current, fields, base), 422
    kept = values | fields.untouched(current.values)
    try:
        with desk(writes=True) as at:
            fresh = stored(at, current.form, UUID(current.id))
            record = store.edit(at, fresh, base, kept, different=DIFFERENT in request.form)
    except SameName as error:
        return _page(current, fields, base, others=error.others), 409
    except NotAllowed as error:
        fields.refuse(Problem("", "not-allowed", str(error)))
        return _page(current, fields, base), 403
    except Conflict as error:
        return _page(error.current, fields, error.current.version, conflict=True), 409
    say_saved("已保存修改。", fields)
    return redirect(url_for("records.show", form_id=record.form.id, record_id=record.id), 303)


def _page(
    current: Record,
    fields: RecordFields,
    base: int,
    *,
    conflict: bool = False,
    others: tuple[Record, ...] = (),
) -> str:
    return render_template(
        "records/edit.html",
        form=current.form,
        current=current,
        fields=fields,
        base=base,
        conflict=conflict,
        changed_by=changed_by(current) if conflict else "",
        others=others,
    )
