"""The list of the households that a survey asks in a period, to be taken along."""

from flask import abort, render_template

from checklist.values.village_names import village_names
from forms_server.db.tables import household
from forms_server.registers.survey_sample import asked_households
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.requested_register import asked_register, blueprint, current_period


@blueprint.get("/<register_id>/sample")
def sample(register_id: str) -> str:
    """List whom to ask in this period, village by village."""
    register = asked_register(register_id)
    if register.survey is None or not register.survey.sample:
        abort(404)
    period = current_period(register)
    with desk() as at:
        found = asked_households(at, register, period)
    note_read(household.name, [(each.id, each.unit_code) for each in found])
    return render_template(
        "registers/sample.html",
        form=register,
        period=period,
        found=found,
        village_names=village_names(services().campaign),
    )
