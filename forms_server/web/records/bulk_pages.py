"""Bulk actions on picked records of a ledger: confirmation page, then all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage
from checklist.problems import Problem
from forms_server.desk import Desk, NotFound
from forms_server.editable_states import NotNow
from forms_server.records import drafts, record_rows
from forms_server.records.bulk_changes import (
    MISSING,
    BulkOutcome,
    NotAll,
    Pick,
    all_or_none,
    require_open_eyes,
)
from forms_server.records.keyset_paging import PAGE_SIZE
from forms_server.records.opened_issues import TooFewOpened
from forms_server.records.record import Record
from forms_server.records.rectification_day import TooEarly
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records import ticked_records as ticked
from forms_server.web.records.bulk_actions import Deed, deeds, long_text, offered, shown
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.requested_record import (
    blueprint,
    context,
    desk,
    may,
    record_form,
    say_saved,
)
from forms_server.web.safe_redirects import safe_next

BACK = "back"
"""Name of the hidden input with the ledger page to return to."""

ON_PAGE = "on-page"
"""Name of the hidden inputs with all records of the page, so that unticked ones stay listed."""

NOTHING_TICKED = "请先勾选要办理的记录。"

CHANGED = "打开台账之后，这一条又被改过，现在的内容如上；核对后还要一起办的，请勾上。"


@dataclass(frozen=True)
class Row:
    """A record that was picked, as the page shows it."""

    pick: Pick
    record: Record | None
    refusal: str = ""
    again: bool = False
    """Whether it can be ticked again, now that its reader sees what it has become."""
    ticked: bool = True

    @property
    def value(self) -> str:
        """Value of its checkbox: id and shown version."""
        return f"{self.pick.id}.{self.record.version if self.record else 0}"


@blueprint.route("/<form_id>/together/<action>", methods=["GET", "POST"])
def together(form_id: str, action: str) -> Response | str | tuple[str, int]:
    """Show the picked records with the action's fields, or perform it."""
    form = record_form(form_id)
    deed = _deed(form, action)
    picks = _picks(form, ticked.NAME)
    if not picks and not request.form.getlist(ON_PAGE):
        flash(NOTHING_TICKED, "warning")
        return redirect(_back(form), 303)
    asked = form.model_copy(update={"fields": deed.fields(form)})
    fields = RecordFields(asked, frozenset(Stage), offer_of(asked))
    if request.method == "POST":
        return _do(form, deed, picks, fields)
    if deed.move:
        fields.show(deed.move.usual(services().clock.today()))
    return _page(form, deed, fields, _look(form, deed, picks))


def _deed(form: RecordForm, name: str) -> Deed:
    """Requested action; 404 if unknown, 403 if the role may never perform it."""
    deed = deeds().get(name) or abort(404)
    return deed if deed.id in {each.id for each in offered(form)} else abort(403)


def _picks(form: RecordForm, name: str) -> list[Pick]:
    """The records that were sent under this name; 400 for more than a page of the ledger has.

    Only the submitted form counts on POST, not the query string.
    """
    sent = request.form if request.method == "POST" else request.args
    texts = dict.fromkeys(sent.getlist(name))
    if len(texts) > PAGE_SIZE:
        abort(400)
    return [ticked.pick(form, text) for text in texts]


def _back(form: RecordForm) -> str:
    return safe_next(request.values.get(BACK), url_for("records.index", form_id=form.id))


def _do(
    form: RecordForm, deed: Deed, picks: Sequence[Pick], fields: RecordFields
) -> Response | tuple[str, int]:
    """Perform the action on all records; on errors change nothing and show them beside field or record."""
    fields.process(request.form)
    values = checked_record(fields, context(), {})
    if not picks:
        fields.refuse(Problem("", "nothing-ticked", NOTHING_TICKED))
    if deed.move is None and values is not None:
        values = {name: value for name, value in values.items() if value is not None}
        if not values:
            fields.refuse(Problem("", "nothing-asked", "请至少填一栏；空着的栏目照原样不动。"))
    if values is None or fields.problems:
        return _page(form, deed, fields, _look(form, deed, picks)), 422
    try:
        with desk(writes=True) as at:
            if deed.move:
                require_open_eyes(at, deed.move, picks)
            all_or_none(at, picks, deed.act(values))
            _discard_drafts(at, deed, picks)
    except TooEarly as error:
        fields.refuse(error.problem)
        return _page(form, deed, fields, _look(form, deed, picks)), 422
    except TooFewOpened as error:
        fields.refuse(Problem("", "too-few-opened", str(error)))
        return _page(form, deed, fields, _look(form, deed, picks)), 422
    except NotAll as error:
        refused = {outcome.pick.id: outcome for outcome in error.outcomes if outcome.refusal}
        return _page(form, deed, fields, _look(form, deed, picks, refused), undone=len(refused)), 409
    say_saved(deed.told(len(picks)), fields)
    return redirect(_back(form), 303)


def _discard_drafts(at: Desk, deed: Deed, picks: Sequence[Pick]) -> None:
    """Discard drafts of the same move; drafts of edits may hold more fields and are merged instead."""
    for pick in picks if deed.move else ():
        drafts.discard(at, deed.id, pick.id)


def _on_page(form: RecordForm, picks: Sequence[Pick]) -> list[tuple[Pick, bool]]:
    """Every record of the page and whether it is ticked, in the page's order; at first those that were ticked."""
    chosen = {pick.id for pick in picks}
    sent = {pick.id: pick for pick in (*_picks(form, ON_PAGE), *picks)}
    return [(pick, pick.id in chosen) for pick in sent.values()]


def _look(
    form: RecordForm, deed: Deed, picks: Sequence[Pick], refused: Mapping[str, BulkOutcome] | None = None
) -> list[Row]:
    """The records as they are now, with what stands in the way of each; 404 where none of them is there."""
    on_page = _on_page(form, picks)
    with desk() as at:
        found = [replace(_row(at, deed, pick), ticked=is_ticked) for pick, is_ticked in on_page]
    if not any(row.record for row in found):
        abort(404)
    told = refused or {}
    return [
        replace(row, refusal=told[row.pick.id].refusal) if row.pick.id in told and not row.refusal else row
        for row in found
    ]


def _row(at: Desk, deed: Deed, pick: Pick) -> Row:
    try:
        record = record_rows.get(at, pick.form, pick.id)
    except NotFound:
        return Row(pick, None, MISSING)
    if not deed.suits(record):
        return Row(pick, record, str(NotNow(record.state, deed.name(pick.form))))
    if not may(deed.action, record):
        return Row(pick, record, MISSING)
    if record.version != pick.version:
        return Row(pick, record, CHANGED, again=True)
    return Row(pick, record)


def _page(
    form: RecordForm, deed: Deed, fields: RecordFields, found: Sequence[Row], *, undone: int = 0
) -> str:
    """Confirmation page: eligible records are ticked, others are listed with the reason."""
    return render_template(
        "records/bulk.html",
        form=form,
        deed=deed,
        fields=fields,
        ready=[row for row in found if not row.refusal],
        others=[row for row in found if row.refusal],
        undone=undone,
        long=long_text(form),
        facts=shown(form),
        back=_back(form),
        on_page=ON_PAGE,
    )
