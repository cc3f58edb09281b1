"""The inbox 待销号: what waits to be verified, and making the moves that it offers of many at once."""

from collections.abc import Sequence

from flask import Blueprint, abort, g, render_template, request, url_for

from checklist.model import Field, FieldType, RecordForm, Stage
from checklist.values.display import display
from checklist.values.judge import Context, Value, check_value
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.figures.unit_figures import open_requests
from forms_server.move import Move
from forms_server.photos.photo_store import SIDE_NAMES, photos_of_many
from forms_server.records import inbox as waiting
from forms_server.records.bulk_changes import Pick, each, moving, require_open_eyes
from forms_server.records.extensions import extensions_of_many
from forms_server.records.inbox import Inbox
from forms_server.records.keyset_paging import PAGE_SIZE, Position
from forms_server.records.opened_issues import ClosedShare, TooFewOpened, opened
from forms_server.records.record import Record
from forms_server.state_moves import MOVES
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.records.pagination_cursors import position, written
from forms_server.web.records.requested_record import words
from forms_server.web.records.ticked_records import pick

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
blueprint.context_processor(words)


@blueprint.get("/")
def index() -> str:
    """List what awaits the account's verification, oldest deadline first."""
    return _page()


@blueprint.post("/")
def judge() -> str | tuple[str, int]:
    """Make the move of each picked record independently, and show the outcomes."""
    used = services()
    move = _offered().get(request.form.get("move", "")) or abort(400)
    picks = _picks()
    if not picks:
        return _page(problem="请先勾选要办理的问题。"), 422
    answers, problem = _answers(move)
    if problem:
        return _page(problem=problem, picks=picks), 422
    try:
        with transaction(used.engine) as connection:
            desk = Desk(connection, used.campaign, g.account, used.clock.now())
            require_open_eyes(desk, move, picks)
            seen = opened(connection, g.account.id, {each.id: each.version for each in picks})
            outcomes = each(desk, picks, moving(move, answers))
    except TooFewOpened as error:
        return _page(problem=str(error), picks=picks), 422
    done = [outcome for outcome in outcomes if not outcome.refusal]
    return render_template(
        "inbox/outcomes.html",
        move=move,
        done=done,
        outcomes=outcomes,
        told=list(answers.values()),
        looked_at=ClosedShare(len(done), sum(outcome.pick.id in seen for outcome in done)),
    )


def _offered() -> dict[str, Move]:
    """Moves offered for the waiting records, by id."""
    return {move.id: move for move in MOVES.values() if move.inbox}


def _answers(move: Move) -> tuple[dict[str, Value], str]:
    """Validate the move's fields: values by field id, and the first error, if any."""
    used = services()
    context = Context(used.campaign, used.campaign.unit_by_code[g.account.unit_code], used.clock.today())
    checked = {
        field.id: check_value(field, request.form.get(field.id, ""), context) for field in move.asks.values()
    }
    problems = [problem.message for each in checked.values() for problem in each.problems]
    return {name: each.value for name, each in checked.items()}, next(iter(problems), "")


def _asked() -> list[tuple[Move, Field]]:
    """Fields of the moves, each with its move."""
    return [(move, field) for move in _offered().values() for field in move.asks.values()]


def _page(problem: str = "", picks: Sequence[Pick] = ()) -> str:
    used = services()
    inbox = _inbox()
    with used.engine.connect() as connection:
        page = waiting.page(connection, inbox, position(request.args, day=True))
        number = waiting.count(connection, inbox)
        evidence = photos_of_many(connection, page.records)
        moved = extensions_of_many(connection, page.records)
        seen = opened(connection, g.account.id, {each.id: each.version for each in page.records})
        requests = open_requests(connection, used.campaign, g.account, used.clock.today())
    return render_template(
        "inbox/index.html",
        page=page,
        number=number,
        requests=requests,
        evidence=evidence,
        moved=moved,
        seen=seen,
        sample=used.campaign.inspection.closing_sample if used.campaign.inspection else 0,
        sides=SIDE_NAMES,
        problem_words=_problem,
        inbox=inbox,
        lists=Offer(used.campaign, g.account),
        problem=problem,
        picked={pick.id for pick in picks},
        moves=_offered().values(),
        asked=_asked(),
        typed=request.form,
        told=_told,
        deadline=_deadline,
        address=lambda place: _address(inbox, place),
    )


def _inbox() -> Inbox:
    """The account's inbox with the query string's filters."""
    campaign, asked = services().campaign, request.args
    unit, problem_type = asked.get("unit", ""), asked.get("problem_type", "")
    return Inbox(
        campaign,
        g.account,
        unit if unit in campaign.unit_by_code else None,
        problem_type if problem_type in campaign.problem_type_by_id else None,
    )


def _picks() -> list[Pick]:
    """Parse the ticked records: form, id and version of each; 400 if malformed."""
    texts = dict.fromkeys(request.form.getlist("pick"))
    return [_pick(text) for text in texts] if len(texts) <= PAGE_SIZE else abort(400)


def _pick(text: str) -> Pick:
    form_id, _, rest = text.partition(":")
    form = services().campaign.form_by_id.get(form_id)
    return pick(form, rest) if isinstance(form, RecordForm) else abort(400)


def _told(record: Record) -> str:
    """Rectification as reported."""
    fields = [field for field in record.form.fields if field.stage is Stage.RECTIFIED]
    texts = [display(field, record.values.get(field.id), services().campaign) for field in fields]
    return "；".join(filter(None, texts))


def _problem(record: Record) -> str:
    """The problem in the words of who found it."""
    fields = [
        field
        for field in record.form.fields
        if field.type is FieldType.PARAGRAPH and field.stage is Stage.FOUND
    ]
    texts = [display(field, record.values.get(field.id), services().campaign) for field in fields[:1]]
    return "；".join(filter(None, texts))


def _deadline(record: Record) -> str:
    """The deadline in the words in which it was typed."""
    fields = [field for field in record.form.fields if field.type is FieldType.DEADLINE]
    texts = [display(field, record.values.get(field.id), services().campaign) for field in fields]
    return "；".join(filter(None, texts))


def _address(inbox: Inbox, place: Position) -> str:
    return url_for("inbox.index", unit=inbox.unit_code, problem_type=inbox.problem_type_id, **written(place))
