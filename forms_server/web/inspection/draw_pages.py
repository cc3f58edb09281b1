"""The office's pages of draws: seal a seed, open it, look at what was drawn."""

from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.sampling.drawn_order import SHORTEST_SEED, new_seed, seed_hash
from build_scripts.sampling.stratified_draw import DrawnKind
from checklist.model import Inspection
from checklist.values.village_names import village_names
from forms_server.inspection import draw_verifying
from forms_server.inspection import draws as draw_store
from forms_server.inspection.draws import LONGEST_SEED
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint, seed_typed
from forms_server.web.inspection.spot_list_page import why_words
from forms_server.web.records.requested_record import desk


def inspection_or_404() -> Inspection:
    """The campaign's plan; 404 where it has no supervision."""
    return services().campaign.inspection or abort(404)


@blueprint.get("/draws")
def draws() -> str:
    """Show all draws, and the form that seals another one."""
    inspection_or_404()
    with desk() as at:
        found = draw_store.draws(at)
    return render_template(
        "inspection/draws.html",
        draws=found,
        seed=new_seed(),
        new_id=uuid4(),
        shortest=SHORTEST_SEED,
        longest=LONGEST_SEED,
    )


@blueprint.post("/draws")
def seal() -> str:
    """Seal a seed; the paper that is put into an envelope is shown once."""
    inspection_or_404()
    try:
        draw_id = UUID(request.form.get("draw-id", ""))
    except ValueError:
        abort(404)
    seed = seed_typed()
    with desk(writes=True) as at:
        draw_store.seal(at, str(draw_id), seed)
        row = draw_store.read(at, str(draw_id)).row
    if row["seed_sha256"] != seed_hash(seed):
        abort(409)
    return render_template("inspection/sealed.html", draw=row, seed=seed)


@blueprint.get("/draws/<uuid:draw_id>")
def show_draw(draw_id: UUID) -> str:
    """Show a draw: the form that opens it, or what was drawn."""
    inspection_or_404()
    with desk() as at:
        found = draw_store.read(at, str(draw_id))
        faults = list(draw_verifying.faults(at.connection, found.row))
    taken = [each for each in found.drawn if each.taken]
    counts = {kind: sum(each.candidate.kind is kind for each in taken) for kind in DrawnKind}
    return render_template(
        "inspection/draw.html",
        draw=found.row,
        counts=counts,
        listed=len(found.drawn),
        faults=faults,
        replaced=len(found.replaced),
        kinds=draw_verifying.KIND_NAMES,
        villages=[each for each in taken if each.candidate.kind is DrawnKind.VILLAGE],
        why_words=why_words,
        village_names=village_names(services().campaign),
    )


@blueprint.post("/draws/<uuid:draw_id>/open")
def open_draw(draw_id: UUID) -> Response:
    """Open the sealed seed and draw."""
    inspection_or_404()
    with desk(writes=True) as at:
        draw_store.open_and_draw(at, str(draw_id), seed_typed())
    flash("已开封抽签。名单从各组到单位的第一天起给督导组看，被督导的单位看不到。", "success")
    return redirect(url_for("inspection.show_draw", draw_id=draw_id), 303)
