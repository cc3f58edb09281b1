"""Files what a team wrote on its sheet: once the sheet is stored, problem by problem, with their photographs.

The sheet is stored first, and alone: whether the ledger holds a problem already is asked only when its answers stand,
for the team looks without sight of what the unit had found.
"""

from collections.abc import Mapping, Sequence

from flask import flash, render_template, request

from forms_server.inspection.findings import get_finding
from forms_server.inspection.resent_content import SavedOtherwise
from forms_server.inspection.sheet_problems import DIFFERENT, WrittenProblem, file_written
from forms_server.inspection.spot_visits import Place, visit_of
from forms_server.records.doubles import PossiblySame
from forms_server.records.record import Record
from forms_server.visits.visit_sheet import SAME
from forms_server.web.csrf import FIELD as TOKEN
from forms_server.web.photos.photo_pages import keep_on_the_spot
from forms_server.web.photos.picture_files import sent_photos
from forms_server.web.records.requested_record import desk

PHOTOS = ".photos"
"""After an item's id: the field of its photographs."""


def pictured(place: Place) -> set[str]:
    """Ids of the items for which photographs were sent."""
    return {item.id for item in place.items if sent_photos(item.id + PHOTOS)}


def file_all(place: Place, visit_id: str, written: Sequence[WrittenProblem]) -> str:
    """File what was written; return the page that asks about what the ledger may hold already, empty for none."""
    asked: list[tuple[WrittenProblem, Sequence[Record]]] = []
    for each in written:
        try:
            with desk(writes=True) as at:
                visit = visit_of(at, visit_id)
                finding_id = file_written(at, place, visit, each)
        except PossiblySame as error:
            asked.append((each, error.others))
            continue
        except SavedOtherwise as error:  # the page that follows has a form for another problem at the item
            flash(f"{each.item.text[:30]}：{error}", "danger")
            continue
        if finding_id is not None:
            with desk() as at:
                _, record = get_finding(at, finding_id)
            keep_on_the_spot(record, visit_id, each.item.id + PHOTOS)
    return _ask(place, asked) if asked else ""


def _ask(place: Place, asked: Sequence[tuple[WrittenProblem, Sequence[Record]]]) -> str:
    own = {TOKEN, *(each.item.id + SAME for each, _ in asked)}
    kept: Mapping[str, str] = {name: text for name, text in request.form.items() if name not in own}
    return render_template(
        "inspection/sheet_asked.html",
        place=place,
        asked=asked,
        kept=kept,
        same_name=SAME,
        photos_name=PHOTOS,
        different=DIFFERENT,
    )
