"""Names of households in what is written on a survey's papers, which name nobody."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from checklist.messages import say
from checklist.model import FieldType, Register
from checklist.problems import Problem
from checklist.reading.person_names import fold_name
from forms_server.db.tables import household
from forms_server.desk import Desk
from forms_server.registers.register_row import to_columns

_SHORTEST = 2
"""Characters of a name that is looked for."""


def names_in_papers(desk: Desk, register: Register, values: Mapping[str, Any]) -> list[Problem]:
    """A problem for each text of a paper that holds the name of a householder of its village."""
    texts = [
        each
        for each in register.stored_fields
        if each.type in {FieldType.TEXT, FieldType.PARAGRAPH} and values.get(each.id)
    ]
    village = to_columns(register, values)["village_code"]
    if register.survey is None or not texts or village is None:
        return []
    here = household.c.campaign_id == desk.campaign.id, household.c.village_code == village
    names = desk.connection.execute(select(household.c.householder).where(*here)).scalars().all()
    known = {name: fold_name(name) for name in names if len(fold_name(name)) >= _SHORTEST}
    found = []
    for each in texts:
        written = fold_name(str(values[each.id]))
        name = next((name for name, folded in known.items() if folded in written), None)
        if name is not None:
            found.append(Problem(each.id, "survey-name", say("survey-name", label=each.label, name=name)))
    return found
