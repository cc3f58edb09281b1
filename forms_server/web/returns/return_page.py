"""A unit's current return: gaps, content, and signing by the principal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Unit
from checklist.visit_forms import visit_forms
from forms_server.access import Action, may_write
from forms_server.accounts.signing_in import check_password
from forms_server.desk import Desk
from forms_server.given_reasons import GivenReason
from forms_server.returns import frozen_returns, return_completeness, scans, signing
from forms_server.returns.annex_tables import annex_of
from forms_server.returns.changes_while_signing import ChangeMeanwhile, changes_since, position
from forms_server.returns.expected_returns import due_by_unit
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_completeness import Lack
from forms_server.returns.return_content import gather
from forms_server.returns.return_difference import ReturnDifference, compare
from forms_server.returns.return_document import Document, alike, digest, freeze
from forms_server.returns.signing import ChangedMeanwhile, Incomplete, NotSigned, Signature
from forms_server.visits.visit_progress import Reach, reach_of_township, unfinished
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk
from forms_server.web.returns.requested_return import blueprint, readable_unit, reasons_by_return

SHOWN_LACKS = 100


@dataclass(frozen=True)
class Now:
    """A unit's current return, compared with the signed ones."""

    unit: Unit
    document: Document
    lacks: list[Lack]
    returns: tuple[SignedReturn, ...]
    difference: ReturnDifference | None
    """Diff to the last return; None if there is none, or it was altered."""
    same: bool
    """Whether it is identical to the last return, timestamps included."""
    expected: bool
    has_scan: bool
    """Whether the last return has a scan."""
    position: int
    """Position in the audit at reading."""
    reasons: Mapping[str, Sequence[GivenReason]]
    """Why returns were sent back, by their id."""
    changed: Mapping[str, bool]
    """Result of ``frozen_returns.changed_after`` for the last return."""

    @cached_property
    def hash(self) -> str:
        """Hash of the content to sign, computed lazily: a return may hold thousands of records."""
        return digest(freeze(self.document))

    @property
    def blocking(self) -> list[Lack]:
        """Gaps that block signing."""
        return [lack for lack in self.lacks if lack.blocks]

    @property
    def ready(self) -> bool:
        """Whether it can be signed: complete, expected, and different from the last return."""
        return self.expected and not self.blocking and not self.same


def look(at: Desk, unit: Unit) -> Now:
    """Read the unit's current return."""
    document = gather(at.connection, at.campaign, unit)
    returns = tuple(frozen_returns.of_unit(at.connection, at.campaign, unit.code))
    last = frozen_returns.frozen(at.connection, returns[0].id) if returns else None
    visits = visit_forms(at.campaign)
    round_id = round_on(at.campaign, at.now.date())
    reach = reach_of_township(at.connection, at.campaign, round_id, unit.code) if visits else Reach(0, 0)
    return Now(
        unit=unit,
        document=document,
        lacks=[
            *return_completeness.find_lacks(document, at.campaign, at.now.date()),
            *return_completeness.unvisited_hint(
                document, reach.households, reach.visited, at.campaign.counter
            ),
            *return_completeness.visit_hints(unfinished(at.connection, at.campaign, unit.code), at.campaign),
        ],
        returns=returns,
        difference=compare(last, document) if last else None,
        same=last is not None and alike(last, document),
        expected=unit.code in due_by_unit(at.connection, at.campaign),
        has_scan=bool(returns and scans.of_return(at.connection, returns[0].id)),
        position=position(at.connection),
        reasons=reasons_by_return(at, returns),
        changed=frozen_returns.changed_after(at.connection, at.campaign, returns[:1]),
    )


@blueprint.get("/units/<unit_code>")
def unit(unit_code: str) -> str:
    """Show the unit's returns and current gaps."""
    owner = readable_unit(unit_code)
    with desk() as at:
        now = look(at, owner)
    return _page(now)


@blueprint.route("/units/<unit_code>/sign", methods=["GET", "POST"])
def sign(unit_code: str) -> Response | str | tuple[str, int]:
    """Show the principal the content to sign, with a password prompt."""
    owner = readable_unit(unit_code)
    if not may_write(g.account, Action.SIGN, unit_code):
        abort(403)
    if request.method == "POST":
        return _sign(owner)
    with desk() as at:
        now = look(at, owner)
    if not now.ready:
        return redirect(url_for("returns.unit", unit_code=unit_code), 303)
    return _sign_page(now, str(uuid4()))


def _sign(owner: Unit) -> Response | tuple[str, int]:
    """Sign: verify the password first, then check all else within the transaction."""
    signature = Signature(_signature_id(), owner.code, request.form.get("seen", ""))
    refusal = check_password(services(), g.account, request.form.get("password", ""))
    if refusal:
        with desk() as at:
            now = look(at, owner)
            meanwhile = _meanwhile(at, owner)
        if now.hash != signature.seen:  # the next password must never sign unseen content
            return _page(now, f"{refusal}{ChangedMeanwhile()}", meanwhile), 409
        return _sign_page(now, signature.id, refusal), 422
    try:
        with desk(writes=True) as at:
            done = signing.sign(at, signature)
    except NotSigned as error:
        with desk() as at:
            now = look(at, owner)
            meanwhile = _meanwhile(at, owner)
        status = 422 if isinstance(error, Incomplete) else 409
        return _page(now, str(error), meanwhile), status
    mark = "迟报" if done.late else "按时"
    flash(f"已签字报送：第 {done.number} 次，{mark}。请打印汇总表签字盖章，再上传扫描件。", "success")
    return redirect(url_for("returns.show", return_id=done.id), 303)


def _signature_id() -> str:
    try:
        return str(UUID(request.form.get("signature-id", "")))
    except ValueError:
        abort(400)


def _meanwhile(at: Desk, owner: Unit) -> Sequence[ChangeMeanwhile]:
    """List changes since the submitted page was shown."""
    row = request.form.get("position", "")
    return changes_since(at.connection, at.campaign, owner.code, int(row)) if _ROW.fullmatch(row) else ()


_ROW = re.compile(r"[0-9]{1,15}")


def _page(now: Now, refusal: str = "", meanwhile: Sequence[ChangeMeanwhile] = ()) -> str:
    return render_template(
        "returns/unit.html",
        owner=now.unit,
        current=now,
        lacks=now.blocking[:SHOWN_LACKS],
        hints=[lack for lack in now.lacks if not lack.blocks],
        annex=annex_of(now.document),
        changed=now.unit.code in now.changed,
        changed_by_others=now.changed.get(now.unit.code, False),
        may_sign=may_write(g.account, Action.SIGN, now.unit.code),
        may_report=may_write(g.account, Action.WRITE_REPORT, now.unit.code),
        may_receive=may_write(g.account, Action.RECEIVE, now.unit.code),
        refusal=refusal,
        meanwhile=meanwhile,
        now=services().clock.now(),
    )


def _sign_page(now: Now, signature_id: str, refusal: str = "") -> str:
    return render_template(
        "returns/sign.html",
        owner=now.unit,
        current=now,
        hints=[lack for lack in now.lacks if not lack.blocks],
        annex=annex_of(now.document),
        signature_id=signature_id,
        refusal=refusal,
        now=services().clock.now(),
    )
