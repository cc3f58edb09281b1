"""Signed returns: content, diff to the previous one, printable annex 2, and the frozen content as a download."""

from io import BytesIO
from uuid import UUID

from flask import abort, g, make_response, render_template, send_file
from werkzeug.wrappers import Response

from checklist.model import RecordForm
from checklist.states import is_counted
from forms_server.access import Action, may_write
from forms_server.accounts.account_events import AccountEvent, reset_before
from forms_server.audit_witness import of_signature
from forms_server.db.record_columns import TABLES, to_values
from forms_server.desk import Desk
from forms_server.personal_data.erasure import hash_as_signed
from forms_server.returns import frozen_returns, scans
from forms_server.returns.annex_tables import annex_of
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_difference import ReturnDifference, compare
from forms_server.returns.return_document import Document, Line, freeze
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.returns.requested_return import blueprint, readable_return, reasons_by_return

SHOWN_RECORDS = 200


@blueprint.get("/<uuid:return_id>")
def show(return_id: UUID) -> str:
    """Show a signed return; a tampered one shows a warning instead of its content."""
    return page(return_id)


def page(return_id: UUID, refusal: str = "", reason: str = "", fault: str = "") -> str:
    """Render a signed return with the errors of a submission; ``fault`` belongs to the reason's field."""
    with desk() as at:
        current = readable_return(at, return_id)
        document = frozen_returns.frozen(at.connection, current.id)
        difference = _to_the_one_before(at, current, document)
        newest = frozen_returns.of_unit(at.connection, at.campaign, current.unit_code)[0]
        changed = frozen_returns.changed_after(at.connection, at.campaign, [newest])
        reasons = reasons_by_return(at, [current]).get(current.id, ())
        papers = scans.of_return(at.connection, current.id)
        reset = _reset_before(at, current)
        as_signed = hash_as_signed(at.connection, current.id)
    note_read("signed_return", [(current.id, current.unit_code)])
    return render_template(
        "returns/show.html",
        current=current,
        document=document,
        annex=annex_of(document) if document else None,
        difference=difference,
        ledgers=_ledgers(document) if document else (),
        newest=newest,
        stale=newest.id == current.id and current.unit_code in changed,
        stale_by_others=changed.get(current.unit_code, False),
        reasons=reasons,
        papers=papers,
        reset=reset,
        as_signed=as_signed,
        may_add=may_write(g.account, Action.ADD_SCAN, current.unit_code),
        may_judge=may_write(g.account, Action.RECEIVE, current.unit_code) and newest.id == current.id,
        refusal=refusal,
        reason=reason,
        fault=fault,
    )


@blueprint.get("/<uuid:return_id>/paper")
def paper(return_id: UUID) -> str:
    """Printable annex 2 as signed, on A4, with its hash, to be signed by hand and sealed."""
    current, document = _genuine(return_id)
    with desk() as at:
        reset, witness = _reset_before(at, current), of_signature(at.connection, current.id)
    return render_template(
        "returns/paper.html",
        current=current,
        unit_on_paper=document["unit"]["name"],
        annex=annex_of(document),
        form=_summary(),
        reset=reset,
        witness=witness,
    )


def _reset_before(at: Desk, current: SignedReturn) -> AccountEvent | None:
    """Who reset the signer's password or second factor shortly before the signature."""
    within = services().config.policy.reset_mark
    return reset_before(at.connection, current.signed_by, current.signed_at, within)


@blueprint.get("/<uuid:return_id>/content.json")
def content(return_id: UUID) -> Response:
    """Download the bytes whose hash is printed on the paper, for verification."""
    current, document = _genuine(return_id)
    data = freeze(document).encode()
    name = f"{document['unit']['name']}第{current.number}次报送存档.json"
    note_export(services(), g.account, current.id, "")
    return send_file(BytesIO(data), mimetype="application/json", as_attachment=True, download_name=name)


def _summary() -> object:
    return services().campaign.summary_table


def _genuine(return_id: UUID) -> tuple[SignedReturn, Document]:
    """Return it if genuine; otherwise answer with its page, which refuses printing."""
    with desk() as at:
        current = readable_return(at, return_id)
        document = frozen_returns.frozen(at.connection, current.id)
    return (current, document) if document else abort(make_response(page(return_id), 409))


def _to_the_one_before(at: Desk, current: SignedReturn, document: Document | None) -> ReturnDifference | None:
    """Diff to the previous return; None for the first one, or if either was altered."""
    returns = frozen_returns.of_unit(at.connection, at.campaign, current.unit_code)
    earlier = next((each for each in returns if each.number == current.number - 1), None)
    before = frozen_returns.frozen(at.connection, earlier.id) if earlier else None
    return compare(before, document) if before and document else None


def _ledgers(document: Document) -> list[tuple[RecordForm, int, list[Line]]]:
    """Count records by form, with the first ones as signed, in the ledger's order."""
    ledgers: list[tuple[RecordForm, int, list[Line]]] = []
    for form in services().campaign.record_forms:
        rows = [row for row in document[TABLES[form.kind].name] if row["form_id"] == form.id]
        counted = sorted(
            (row for row in rows if is_counted(row["state"])),
            key=lambda row: (row["created_at"], row["id"]),
        )
        shown: list[Line] = [{**row, "values": to_values(form, row)} for row in counted[:SHOWN_RECORDS]]
        ledgers.append((form, len(counted), shown))
    return ledgers
