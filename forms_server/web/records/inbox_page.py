"""The inbox 待销号: what waits to be verified, and verifying or sending back many at once."""

from collections.abc import Sequence

from flask import Blueprint, abort, g, render_template, request, url_for

from checklist.model import FieldType, RecordForm, Stage
from checklist.values.display import display
from checklist.values.judge import Context, check_value
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.lifecycle import MOVE_NAMES, Move
from forms_server.records import inbox as waiting
from forms_server.records.asked_of_moves import SENDING_BACK
from forms_server.records.bulk_changes import Pick
from forms_server.records.inbox import Inbox
from forms_server.records.keyset_paging import PAGE_SIZE, Position
from forms_server.records.record import Record
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.records.page_positions import position, written
from forms_server.web.records.requested_record import words
from forms_server.web.records.ticked_records import pick

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
blueprint.context_processor(words)

JUDGEMENTS = {move.value: move for move in (Move.VERIFY, Move.SEND_BACK)}


@blueprint.get("/")
def index() -> str:
    """What waits for the account, the oldest deadline first."""
    return _page()


@blueprint.post("/")
def judge() -> str | tuple[str, int]:
    """Verify or send back what was picked, each for itself, and tell what became of it."""
    used = services()
    name = JUDGEMENTS.get(request.form.get("move", "")) or abort(400)
    picks, reason = _picks(), request.form.get("reason", "")
    if not picks:
        return _page(problem="请先勾选要办理的问题。", reason=reason), 422
    if name is Move.SEND_BACK:
        context = Context(used.campaign, used.campaign.unit_by_code[g.account.unit_code], used.clock.today())
        checked = check_value(SENDING_BACK, reason, context)
        if checked.problems:
            return _page(problem=checked.problems[0].message, picks=picks, reason=reason), 422
        reason = str(checked.value)
    with transaction(used.engine) as connection:
        desk = Desk(connection, used.campaign, g.account, used.clock.now())
        outcomes = waiting.judge(desk, name, picks, reason)
    done = [outcome for outcome in outcomes if not outcome.refusal]
    return render_template(
        "inbox/outcomes.html", move=MOVE_NAMES[name], done=done, outcomes=outcomes, reason=reason
    )


def _page(problem: str = "", picks: Sequence[Pick] = (), reason: str = "") -> str:
    used = services()
    inbox = _inbox()
    with used.engine.connect() as connection:
        page = waiting.page(connection, inbox, position(request.args, day=True))
        number = waiting.count(connection, inbox)
    return render_template(
        "inbox/index.html",
        page=page,
        number=number,
        inbox=inbox,
        lists=Offer(used.campaign, g.account),
        problem=problem,
        picked={pick.id for pick in picks},
        reason=reason,
        reason_field=SENDING_BACK,
        told=_told,
        deadline=_deadline,
        address=lambda place: _address(inbox, place),
    )


def _inbox() -> Inbox:
    """The account's inbox, narrowed as the address says."""
    campaign, asked = services().campaign, request.args
    unit, problem_type = asked.get("unit", ""), asked.get("problem_type", "")
    return Inbox(
        campaign,
        g.account,
        unit if unit in campaign.unit_by_code else None,
        problem_type if problem_type in campaign.problem_type_by_id else None,
    )


def _picks() -> list[Pick]:
    """The records that were ticked: form, id and version of each; 400 where that is not what a page can send."""
    texts = dict.fromkeys(request.form.getlist("pick"))
    return [_pick(text) for text in texts] if len(texts) <= PAGE_SIZE else abort(400)


def _pick(text: str) -> Pick:
    form_id, _, rest = text.partition(":")
    form = services().campaign.form_by_id.get(form_id)
    return pick(form, rest) if isinstance(form, RecordForm) else abort(400)


def _told(record: Record) -> str:
    """What was reported when it was rectified."""
    fields = [field for field in record.form.fields if field.stage is Stage.RECTIFIED]
    texts = [display(field, record.values.get(field.id), services().campaign) for field in fields]
    return "；".join(filter(None, texts))


def _deadline(record: Record) -> str:
    """The deadline in the words in which it was typed."""
    fields = [field for field in record.form.fields if field.type is FieldType.DEADLINE]
    texts = [display(field, record.values.get(field.id), services().campaign) for field in fields]
    return "；".join(filter(None, texts))


def _address(inbox: Inbox, place: Position) -> str:
    return url_for("inbox.index", unit=inbox.unit_code, problem_type=inbox.problem_type_id, **written(place))
