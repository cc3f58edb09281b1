"""Visit sheet: all items with inline errors; complete items are saved (partial save)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.messages import say
from checklist.model import Item
from checklist.problems import Problem
from checklist.values.judge import check_value
from checklist.values.judge_results import Checked
from checklist.values.responsible_units import with_picked
from checklist.visit_forms import missing_once
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.move_fields import WITHDRAWAL
from forms_server.records import drafts
from forms_server.records.filing_warnings import filing_warnings
from forms_server.records.merging import Whose, compare, fingerprints
from forms_server.records.record import Record
from forms_server.visits import visit_store
from forms_server.visits.sheet_counts import of_areas, unfolded, whole_sheet
from forms_server.visits.visit import (
    ANSWER_NAMES,
    DIFFERENT,
    Answer,
    Progress,
    Unanswered,
    Visit,
    VisitConflict,
)
from forms_server.visits.visit_sheet import ANSWER, SAME, VisitSheet, answers_in, fill_up, read_sheet
from forms_server.web.csrf import FIELD as TOKEN
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import printable
from forms_server.web.photos.photo_pages import keep_found
from forms_server.web.records.requested_record import BASE_VERSION, SEEN, base_version, context, desk
from forms_server.web.visits.problem_fields import Problems
from forms_server.web.visits.requested_visit import blueprint, is_live, issues_of, may_visit, words
from forms_server.web.visits.visit_start_page import BEGUN_ON, begin_at, made_on

DO = "do-what"
"""Name of the submit buttons; distinct from all items' fields."""
SAVE, FINISH = "save", "finish"
"""Values of the sheet's own buttons."""

FILLS = {"rest": Answer.FINE, "none": Answer.NOT_APPLICABLE}
"""Before a dot and an area's id, the value of a button that answers all that is left of the area."""

BEGUN_AT = "begun-household"
"""Name of a hidden input of a sheet from a field pack: the household."""

PHOTOS = ".photos"
"""After an item's id: the field of its photographs."""

IN_PLACE = "in-place"
"""Flash category for the sticky bar instead of the page's head."""

SHOWN_UNANSWERED = 8
"""Maximal unanswered items listed at the head of the page; all are marked in place."""


@dataclass
class View:
    """Template context of the page."""

    visit: Visit
    issues: Mapping[str, Record]
    texts: Mapping[str, str]
    base: str
    seen: str
    problems: Sequence[Problem] = ()
    incomplete: Sequence[str] = ()
    unanswered: Sequence[Item] = ()
    draft_of: datetime | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)
    """Item id to a concurrent answer by another account."""
    saved: int = 0
    doubles: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    """Item id to possible duplicates of its problem."""


@blueprint.get("/visit/<uuid:visit_id>/fill")
def fill(visit_id: UUID) -> Response | str:
    """Show the sheet with stored answers and the draft's input.

    Redirects first to the household's fields that issues need and the roster lacks.
    """
    with desk() as at:
        visit = _own(at, visit_id)
        if missing_once(visit.form, visit.values):
            return redirect(url_for("visits.correct", visit_id=visit.id), 303)
        issues, draft = issues_of(at, visit), drafts.find(at, drafts.VISIT, visit.id)
    texts = _texts(visit)
    if draft is None:
        return _page(View(visit, issues, texts, str(visit.version), fingerprints_of(visit)))
    typed = draft.typed
    base, seen = typed.get(BASE_VERSION, str(visit.version)), typed.get(SEEN, "")
    return _page(View(visit, issues, typed, base, seen, draft_of=draft.saved_at))


@blueprint.post("/visit/<uuid:visit_id>/fill")
def save(visit_id: UUID) -> Response | tuple[str, int]:
    """Save complete items in one transaction; incomplete ones stay on the page and in the draft."""
    what, base = request.form.get(DO, SAVE), base_version()
    try:
        with desk(writes=True) as at:
            current = _sent(at, visit_id)
            if missing_once(current.form, current.values):
                abort(409)
            issues = issues_of(at, current)
            typed = _typed(current, what)
            live = {item_id for item_id, record in issues.items() if is_live(record)}
            problems = Problems(current, typed)
            sheet = read_sheet(typed, current, live, problems.judge, _judge_reason)
            doubles = visit_store.recorded_already(at, current, sheet.told)
            for item_id in doubles:
                del sheet.told[item_id]
            unclear = sheet.problems or sheet.incomplete or doubles
            saved, left = _store(at, current, base, sheet, finish=what == FINISH and not unclear)
            whole = not (unclear or (what == FINISH and left))
            _keep_or_forget(at, saved, typed, whole=whole)
            before, issues = issues, issues_of(at, saved)
            fresh = [record for item_id, record in issues.items() if item_id not in before]
            warnings = filing_warnings(at, fresh)
    except VisitConflict as behind:
        return _behind(behind.current, base), 409
    for item_id, record in issues.items():
        keep_found(record, item_id + PHOTOS)
    if whole:
        return _done(saved, warnings, finished=what == FINISH)
    for sentence in warnings:
        flash(sentence, "warning")
    view = View(saved, issues, typed, str(saved.version), fingerprints_of(saved))
    view.problems, view.incomplete, view.saved = sheet.problems, sheet.incomplete, len(sheet.told)
    view.unanswered, view.doubles = saved.unanswered if what == FINISH else (), doubles
    return _page(view, problems), 422


def _judge_reason(text: str) -> Checked:
    return check_value(WITHDRAWAL, text, context())


def _own(at: Desk, visit_id: UUID) -> Visit:
    """Look up the visit; refuse accounts that may not fill it in."""
    visit = visit_store.get(at, str(visit_id))
    if not may_visit(visit.unit_code, visit.village_code):
        raise NotAllowed("您的账号不能填写这次排查。")
    return visit


def _sent(at: Desk, visit_id: UUID) -> Visit:
    """The visit of a sheet that is sent; one that was filled in without network begins with it."""
    try:
        return _own(at, visit_id)
    except NotFound:
        household_id, form = request.form.get(BEGUN_AT, ""), at.campaign.household_form
        if not household_id or form is None:
            raise
        return begin_at(at, form, str(visit_id), household_id, made_on(at.now.date()) or at.now.date())


def _typed(visit: Visit, what: str) -> dict[str, str]:
    """Submitted input, completed according to the button."""
    own = {TOKEN, DO, BEGUN_AT, BEGUN_ON}
    typed = {name: text for name, text in _single_texts().items() if name not in own}
    fill, _, area_id = what.partition(".")
    return fill_up(typed, visit.groups, FILLS[fill], area_id) if fill in FILLS else typed


def _single_texts() -> dict[str, str]:
    """Submitted input with one text for each name: the units that were picked stand in the text beside them."""
    campaign = services().campaign
    return {
        name: with_picked(campaign, texts[0], texts[1:]) if len(texts) > 1 else texts[0]
        for name, texts in request.form.lists()
    }


def _store(
    at: Desk, current: Visit, base: int, sheet: VisitSheet, *, finish: bool
) -> tuple[Visit, Sequence[Item]]:
    """Store valid answers; returns the new visit and the items that block finishing."""
    try:
        saved = visit_store.save(at, current, base, sheet.told, finish=finish)
    except Unanswered:
        saved = visit_store.save(at, current, base, sheet.told)
    return saved, saved.unanswered


def _keep_or_forget(at: Desk, visit: Visit, typed: Mapping[str, str], *, whole: bool) -> None:
    if whole:
        drafts.discard(at, drafts.VISIT, visit.id)
        return
    made = {item_id for item_id, said in visit.answers.items() if said.issue_id}
    fresh = {**typed, BASE_VERSION: str(visit.version), SEEN: fingerprints_of(visit)}
    # Issues are edited on their own page from now on.
    kept = {name: text for name, text in fresh.items() if text and (
        name.endswith(ANSWER) or name.partition(".")[0] not in made)}  # fmt: skip
    drafts.save(at, drafts.VISIT, visit.form, visit.id, kept)


def _done(visit: Visit, warnings: Sequence[str], *, finished: bool) -> Response:
    count = whole_sheet(visit.groups, {item_id: said.answer for item_id, said in visit.answers.items()})
    if finished or visit.state is Progress.FINISHED:
        flash("已保存，这次排查已完成。", "success")
        for sentence in warnings:
            flash(sentence, "warning")
        return redirect(url_for("visits.show", visit_id=visit.id), 303)
    more = "可以接着填，改天填也行。" if visit.unanswered else "都填了，请点“完成”。"
    flash(f"已保存 {count.answered}/{count.items} 项，{more}", IN_PLACE)
    for sentence in warnings:
        flash(sentence, IN_PLACE)
    # Scroll to the first unanswered of sixty items.
    place = visit.unanswered[0].id if visit.unanswered else None
    return redirect(url_for("visits.fill", visit_id=visit.id, _anchor=place), 303)


def _behind(current: Visit, base: int) -> str:
    """Resolve a concurrent edit by three-way merge: take over their changes, keep this page's on conflict."""
    typed, theirs, ids = _single_texts(), _texts(current), [item.id + ANSWER for item in current.items]
    whose = compare(_seen(ids), typed, theirs, ids)
    typed |= {name: theirs[name] for name, side in whose.items() if side is Whose.THEIRS and name in theirs}
    with desk() as at:
        issues = issues_of(at, current)
    names = {
        name.removesuffix(ANSWER): ANSWER_NAMES[Answer(theirs[name])]
        for name, side in whose.items()
        if side in {Whose.THEIRS, Whose.BOTH} and name in theirs
    }
    view = View(current, issues, typed, str(current.version), fingerprints_of(current), theirs=names)
    return _page(view)


def _texts(visit: Visit) -> dict[str, str]:
    """Stored answers as inputs of the page."""
    return {item_id + ANSWER: said.answer.value for item_id, said in visit.answers.items()}


def fingerprints_of(visit: Visit) -> str:
    """What the page showed of the stored answers, for a three-way merge."""
    return fingerprints(_texts(visit), [item_id + ANSWER for item_id in visit.answers])


def _seen(ids: Sequence[str]) -> str:
    """Fingerprints of the shown state, with unanswered items, which the page omits to stay small."""
    sent = request.form.get(SEEN, "")
    known = {part.partition(":")[0] for part in sent.split()}
    return f"{sent} {fingerprints({}, [name for name in ids if name not in known])}"


def blank_sheet(visit: Visit) -> str:
    """The page of a visit without answers."""
    return _page(View(visit, {}, {}, str(visit.version), ""))


def registered_issue(visit: Visit, item: Item, record: Record) -> str:
    """What stands on the sheet at an item that is registered as an issue."""
    view = View(visit, {item.id: record}, {}, str(visit.version), "")
    return render_template(
        "visits/registered_issue.html",
        **words(),
        view=view,
        visit=visit,
        form=visit.form,
        item=item,
        lost={},
        sentences={},
        withdrawal=WITHDRAWAL,
        printable=printable,
    )


def _page(view: View, problems: Problems | None = None) -> str:
    problems = problems or Problems(view.visit, view.texts)
    live = {item_id for item_id, record in view.issues.items() if is_live(record)}
    ticked = answers_in(view.texts, view.visit.groups)
    opened = [i for i, said in ticked.items() if said is Answer.PROBLEM and i not in live]
    sentences = {problem.place: problem.message for problem in view.problems}
    marked = {
        *view.incomplete,
        *sentences,
        *view.theirs,
        *view.doubles,
        *(item.id for item in view.unanswered),
    }
    return render_template(
        "visits/fill.html",
        **words(),
        view=view,
        visit=view.visit,
        form=view.visit.form,
        ticked=ticked,
        live=live,
        fields={item_id: problems.fields(item_id) for item_id in opened},
        blank=problems.blank(),
        lost=problems.lost(live),
        types=problems.types,
        withdrawal=WITHDRAWAL,
        printable=printable,
        same_name=SAME,
        different=DIFFERENT,
        incomplete_words=say("visit-incomplete", count=len(view.incomplete)),
        unanswered_words=say("visit-unanswered", count=len(view.unanswered)),
        sentences=sentences,
        whole=whole_sheet(view.visit.groups, ticked),
        of_areas=of_areas(view.visit.groups, ticked),
        unfolded=unfolded(view.visit.groups, ticked, marked),
        base_name=BASE_VERSION,
        seen_name=SEEN,
        do_name=DO,
        shown_unanswered=SHOWN_UNANSWERED,
    )
