"""An issue that was reported rectified, on the spot: what was told, its photographs, and the verdict."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm
from forms_server.desk import Desk
from forms_server.inspection.resent_content import SavedOtherwise
from forms_server.inspection.spot_checks import SpotCheck, check
from forms_server.inspection.spot_list import StillBlind, require_looked_at
from forms_server.inspection.spot_visits import LONGEST
from forms_server.inspection.teams import Refused
from forms_server.inspection.verdicts import OVERTURNED, VERDICT_NAMES, Verdict
from forms_server.photos.photo_store import Photo, photos
from forms_server.records import record_rows
from forms_server.records.record import EditConflict, Record
from forms_server.state_moves import REOPEN
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.inspection.spot_visit_page import begun_at
from forms_server.web.inspection.spot_visit_page import form_id as id_typed
from forms_server.web.photos.photo_pages import keep_on_the_spot, small_picture
from forms_server.web.records.requested_record import desk, record_form, stored


@blueprint.errorhandler(StillBlind)
def still_blind(error: StillBlind) -> tuple[str, int]:
    """Send to the household's sheet, with what was typed to be copied."""
    verdict = VERDICT_NAMES.get(cast(Verdict, request.form.get("verdict", "")), "")
    typed = [("核实结果", verdict), ("看到的情况", request.form.get("words", ""))]
    page = render_template(
        "records/refused.html",
        title="先填这一户的表",
        text="这一户在名单上，还没有入户看过：先不看单位填的，照现场填完表，再核实它报了已整改的问题。",
        typed=[each for each in typed if each[1]],
        back=url_for("inspection.index"),
        way=("填这一户的表", url_for("inspection.visit_sheet", household_id=error.household_id)),
    )
    return page, 409 if request.method == "POST" else 200


@blueprint.get("/issues/<form_id>/<uuid:record_id>")
def check_page(form_id: str, record_id: UUID) -> str:
    """Show the issue and the verdicts."""
    return _page(form_id, record_id, {}, "")


@blueprint.post("/issues/<form_id>/<uuid:record_id>")
def save_check(form_id: str, record_id: UUID) -> Response | tuple[str, int]:
    """Store the verdict."""
    form, check_id = record_form(form_id), id_typed("check-id")
    verdict = request.form.get("verdict", "")
    try:
        if verdict not in set(Verdict):
            raise Refused("请选一项核实结果。")
        with desk(writes=True) as at:
            require_looked_at(at, str(record_id))
            record = stored(at, form, record_id)
            checked = SpotCheck(Verdict(verdict), request.form.get("words", ""), begun_at())
            check(at, check_id, record, checked)
    except SavedOtherwise as error:  # a new id, so that what was sent can be saved as another check
        typed = {name: words for name, words in request.form.items() if name != "check-id"}
        return _page(form_id, record_id, typed, str(error)), 409
    except Refused as error:
        return _page(form_id, record_id, dict(request.form), str(error)), 422
    except EditConflict:
        return _page(form_id, record_id, dict(request.form), "这一条刚刚被改过，请看现在的内容再选。"), 409
    keep_on_the_spot(record, check_id)
    told = "已退回整改，记为督导发现，等单位认领。" if Verdict(verdict) in OVERTURNED else "核实结果已保存。"
    flash(told, "success")
    return redirect(url_for("inspection.index"), 303)


def blank_check(at: Desk, form: RecordForm, record_id: str) -> str:
    """The page for a field pack, with the pictures as lists show them in place of addresses."""
    record = record_rows.get(at, form, record_id)
    pictures = photos(at.connection, record)
    return _render(record, pictures, {}, "", {each.id: _inline(each) for each in pictures})


def _inline(shown: Photo) -> str:
    content = small_picture(shown)
    return f"data:image/jpeg;base64,{b64encode(content).decode()}" if content else ""


def _page(form: str, record_id: UUID, typed: dict[str, str], fault: str) -> str:
    with desk() as at:
        require_looked_at(at, str(record_id))
        record = stored(at, record_form(form), record_id)
        pictures = photos(at.connection, record)
    return _render(record, pictures, typed, fault)


def _render(
    record: Record,
    pictures: Sequence[Photo],
    typed: dict[str, str],
    fault: str,
    packed: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "inspection/check.html",
        record=record,
        pictures=pictures,
        packed=packed,
        may_check=record.state in REOPEN.sources,
        verdict_names=VERDICT_NAMES,
        typed=typed,
        fault=fault,
        check_id=typed.get("check-id") or uuid4(),
        begun=typed.get("begun") or services().clock.now(),
        longest=LONGEST,
    )
