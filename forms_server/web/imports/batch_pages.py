"""Pages of past imports: what each did, its file, and the undo."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, send_file, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from checklist.messages import say
from forms_server.db.engine import transaction
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import household
from forms_server.desk import NotAllowed, NotFound
from forms_server.imports import batch_undo
from forms_server.imports.batch_content import content_of, kept_file, records_of
from forms_server.imports.batch_undo import BatchDesk, NotUndoable, UndoneBefore
from forms_server.imports.import_batches import EFFECT_NAMES, LEDGER, ROSTER, Batch, rows_by_id
from forms_server.imports.undo_obstacles import BuiltOn, built_on
from forms_server.records.record import Record
from forms_server.web.current_services import services
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import words

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
blueprint.context_processor(words)

SHOWN_BATCHES, SHOWN_ROWS = 200, 100
"""How many a page shows."""


@contextmanager
def _desk(*, writes: bool = False) -> Iterator[BatchDesk]:
    used = services()
    opened = transaction(used.engine) if writes else used.engine.connect()
    with opened as connection:
        try:
            yield BatchDesk(connection, used.campaign, g.account, used.clock.now())
        except NotFound:
            abort(404)


@blueprint.get("/")
def index() -> str:
    """Imports of the account's unit, or of all, newest first."""
    with _desk() as at:
        found = batch_undo.visible(at, limit=SHOWN_BATCHES + 1)
    return render_template(
        "imports/index.html", batches=found[:SHOWN_BATCHES], more=len(found) > SHOWN_BATCHES, **_words()
    )


@blueprint.get("/<uuid:batch_id>")
def show(batch_id: UUID) -> str:
    """What one import did."""
    with _desk() as at:
        batch = batch_undo.get(at, str(batch_id))
        content = content_of(at.connection, at.campaign, batch, SHOWN_ROWS)
        may_undo = batch_undo.may_undo(g.account, batch)
        return _page("imports/show.html", batch, content=content, may_undo=may_undo)


@blueprint.get("/<uuid:batch_id>/file")
def file(batch_id: UUID) -> Response:
    """The file as it was sent."""
    with _desk() as at:
        batch = batch_undo.get(at, str(batch_id))
        data = kept_file(at.connection, batch)
    if data is None:
        abort(404)
    # As a download of no known type: the file is a stranger's, and its name may say anything.
    return send_file(
        BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=batch.file_name
    )


@blueprint.get("/<uuid:batch_id>/undo")
def undo_page(batch_id: UUID) -> str:
    """What an undo would do, to be confirmed, or what keeps it from being done."""
    with _desk() as at:
        batch = batch_undo.get(at, str(batch_id))
        if not batch_undo.may_undo(g.account, batch):
            abort(403)
        blocks = [] if batch.undone_at else built_on(at.connection, at.campaign, batch)
        return _undo_page(at.connection, batch, blocks)


@blueprint.post("/<uuid:batch_id>/undo")
def undo(batch_id: UUID) -> Response | tuple[str, int]:
    """Bring back what was before the import."""
    try:
        with _desk(writes=True) as at:
            batch = batch_undo.undo(at, str(batch_id))
    except NotAllowed:
        abort(403)
    except UndoneBefore:
        flash("这一次导入已经撤回过了。", "warning")
        return redirect(url_for("imports.show", batch_id=batch_id), 303)
    except NotUndoable as error:
        with _desk() as at:
            batch = batch_undo.get(at, str(batch_id))
            return _undo_page(at.connection, batch, error.found), 409
    flash(f"已撤回“{batch.file_name}”的导入，恢复到导入以前。同一份文件可以再导入。", "success")
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


def _page(template: str, batch: Batch, **more: Any) -> str:
    return render_template(template, batch=batch, shown_rows=SHOWN_ROWS, **_words(), **more)


def _undo_page(connection: Connection, batch: Batch, blocks: Sequence[BuiltOn]) -> str:
    campaign = services().campaign
    records: dict[str, Record] = {}
    for table in TABLES.values():
        ids = [each.subject_id for each in blocks[:SHOWN_ROWS] if each.subject == table.name]
        records |= {each.id: each for each in records_of(connection, campaign, table, ids)}
    ids = [each.subject_id for each in blocks[:SHOWN_ROWS] if each.subject == household.name]
    rows = rows_by_id(connection, household, ids)
    households = {
        identity: f"{campaign.village_by_code[row['village_code']].name} {row['householder']}"
        for identity, row in rows.items()
    }
    refusal = say("undo-refused", count=len(blocks))
    return _page(
        "imports/undo.html", batch, blocks=blocks, refusal=refusal, records=records, households=households
    )


def _words() -> dict[str, Any]:
    campaign = services().campaign
    return {
        "kind_names": {LEDGER: "台账", ROSTER: campaign.roster.name},
        "counter_of": {LEDGER: "条", ROSTER: campaign.counter},
        "effect_names": EFFECT_NAMES,
        "unit_name": lambda code: unit_name(campaign, code),
    }
