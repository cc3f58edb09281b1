"""Shared helpers of the return pages: look-up with access control, refusals, template words."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Unit
from forms_server.db.tables import signed_return
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import STATE_NAMES
from forms_server.given_reasons import GivenReason, reasons_of
from forms_server.inspection.spot_list import count_waiting
from forms_server.returns import frozen_returns
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_standing import STAGE_NAMES, TIMELINESS_NAMES
from forms_server.returns.signing import NotJudged
from forms_server.scope import may_read_return
from forms_server.web.current_services import services
from forms_server.web.records.record_words import full_value, unit_name
from forms_server.web.records.requested_record import desk
from forms_server.web.returns.return_words import address, describe, in_groups, meanwhile_words, state_words

blueprint = Blueprint("returns", __name__, url_prefix="/returns")


def readable_unit(unit_code: str) -> Unit:
    """Look up a filing unit whose return the account may see; 404 otherwise."""
    unit = services().campaign.unit_by_code.get(unit_code)
    if (
        unit is None
        or unit not in services().campaign.filing_units
        or not may_read_return(g.account, unit_code)
    ):
        abort(404)
    require_looked_at(unit_code)
    return unit


def readable_return(at: Desk, return_id: UUID) -> SignedReturn:
    """Look up a signed return that the account may see; 404 otherwise."""
    found = frozen_returns.find(at.connection, at.campaign, str(return_id))
    if found is None or not may_read_return(g.account, found.unit_code):
        abort(404)
    require_looked_at(found.unit_code)
    return found


_FILES = frozenset({"returns.content", "returns.scan", "documents.of_unit"})
"""A file's name stands on no page with words."""


class NotYetLookedAt(Exception):
    """An inspector has still to look at households of the unit, blind to what its return says of them."""


def require_looked_at(unit_code: str) -> None:
    """Raise NotYetLookedAt where an inspector has still to look at households of the unit."""
    if not g.account.reads_assigned_units:
        return
    with desk() as at:
        count = count_waiting(at, unit_code)
    if count:
        counter = services().campaign.counter
        raise NotYetLookedAt(
            f"{unit_name(services().campaign, unit_code)}名单上还有 {count} {counter}没有看："
            "报送里有单位自查它们的结果，看完、表都保存了再打开。"
        )


@blueprint.errorhandler(NotYetLookedAt)
def not_yet(error: NotYetLookedAt) -> tuple[str, int]:
    """Show why a team does not read the return yet."""
    page = render_template("error.html", title="看完户再看报送", text=str(error), reference="")
    return page, 403 if request.endpoint in _FILES else 200


@blueprint.errorhandler(NotJudged)
def not_judged(error: NotJudged) -> Response:
    """Redirect a refused action of the office to the list of returns, with the reason."""
    flash(str(error), "danger")
    return redirect(url_for("returns.index"), 303)


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer 403: no permission, or no return expected of the unit."""
    return render_template("error.html", title="无权操作", text=str(error), reference=""), 403


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Template context of all return pages."""
    campaign = services().campaign
    return {
        "stage_names": STAGE_NAMES,
        "timeliness_names": TIMELINESS_NAMES,
        "state_names": STATE_NAMES,
        "state_words": state_words,
        "unit_name": lambda code: unit_name(campaign, code),
        "describe": lambda change: describe(change, campaign),
        "address_of": address,
        "in_groups": in_groups,
        "meanwhile_words": lambda each, document: meanwhile_words(each, document, campaign),
        "shown_value": lambda field, value: full_value(field, value, campaign),
    }


def reasons_by_return(at: Desk, returns: Sequence[SignedReturn]) -> Mapping[str, Sequence[GivenReason]]:
    """Why these returns were sent back, every time, by their id."""
    found: dict[str, list[GivenReason]] = {}
    for each in reasons_of(at.connection, signed_return.name, [one.id for one in returns]):
        found.setdefault(each.subject.id, []).append(each)
    return found
