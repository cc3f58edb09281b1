"""排查进度: visited and known households, and unanswered items."""

from flask import g, render_template, request

from checklist.model import RecordForm
from checklist.register_periods import period_words
from checklist.values.village_names import village_names
from checklist.visit_forms import visit_forms
from forms_server.access import FILERS
from forms_server.visits.visit_progress import by_village, total, townships_of
from forms_server.visits.visit_rounds import asked_round, known_rounds
from forms_server.web.current_services import services
from forms_server.web.visits.requested_visit import blueprint, visit_form


@blueprint.get("/visits/progress")
def progress() -> str:
    """Progress by township for accounts that see several, by village within one township."""
    campaign, account = services().campaign, g.account
    form = _form()
    if form is None:
        return render_template(
            "visits/progress.html", form=None, lines=[], whole=None, names={}, township=None, rounds=[]
        )
    today = services().clock.today()
    round_id = asked_round(campaign, request.args.get("round", ""), today)
    with services().engine.connect() as connection:
        villages = by_village(connection, campaign, account, round_id, form)
        rounds = known_rounds(connection, campaign, today)
    own = account.unit_code if account.role in FILERS else request.args.get("township", "")
    township = next((unit for unit in campaign.units.townships if unit.code == own), None)
    if township:
        lines = [line for line in villages if campaign.township_of_village.get(line.code) in {township, None}]
        names = {**village_names(campaign)}
    else:
        lines = townships_of(campaign, villages)
        names = {unit.code: unit.name for unit in campaign.units.townships}
    return render_template(
        "visits/progress.html",
        form=form,
        lines=lines,
        whole=total(lines),
        names=names,
        township=township,
        chosen=account.role not in FILERS,
        rounds=[(each, period_words(each)) for each in rounds],
        round_id=round_id,
    )


def _form() -> RecordForm | None:
    forms = visit_forms(services().campaign)
    asked = request.args.get("form", "")
    return visit_form(asked) if asked else next(iter(forms), None)
