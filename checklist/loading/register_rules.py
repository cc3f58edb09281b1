"""Cross-checks of ``registers/*.yml``: fields, units and registers that a register names."""

from collections.abc import Collection, Iterable, Iterator

from checklist.loading.form_rules import field_problems, photo_problems, title_problems
from checklist.loading.strictyaml import Document, Path
from checklist.model import Campaign, FieldType, FilledForm, Register
from checklist.problems import Problem, nearest
from checklist.register_periods import is_period

SUMMED = frozenset({FieldType.INTEGER, FieldType.MONEY, FieldType.DECIMAL})
"""Types of values that can be summed."""

LEAST_CELL = 3
"""The least ``minimum_cell`` of a survey: of two one knows what the other answered."""

RESERVED = frozenset(
    {"today", "period", "row_state", "last", "period_start", "period_end", "seen", "renames", "csrf_token"}
)
"""Names that rules read, and that forms of rows send, besides fields: a field of such a name would be taken for it."""

_UNUSED = ("within", "together", "stage", "suggest")
"""Keys of a field that mean nothing in a register."""


def register_problems(campaign: Campaign, register: Register, document: Document) -> Iterator[Problem]:
    """Return what is wrong with one register of a campaign whose files are valid in themselves."""
    yield from title_problems(register, document, ("{unit}", "{period}"))
    yield from field_problems(register, document)
    for index, field in enumerate(register.fields):
        if field.id in RESERVED:
            yield document.problem("field-reserved", ("fields", index, "id"), id=field.id)
        yield from photo_problems(
            field, document, ("fields", index), refused=register.survey is not None, form=register.name
        )
        for key in _UNUSED:
            if key in field.model_fields_set:
                path = ("fields", index, key)
                yield document.key_problem("register-key", path, key_name=key)
    yield from _unit_problems(campaign, register, document)
    yield from _named_fields(register, document)
    yield from _named_registers(campaign, register, document)
    if register.item and register.item not in campaign.item_by_id:
        what, near = "检查项的编号（areas 里的 id）", nearest(register.item, campaign.item_by_id)
        yield document.problem("reference-other", ("item",), id=register.item, what=what, near=near)
    yield from _survey_problems(register, document)
    if register.first_state.ends or not any(state.ends for state in register.states):
        yield document.problem("register-states", ("states",))
    yield from _round_problems(register, document)


_LEVELS = ("village", "township", "county")


def _round_problems(register: Register, document: Document) -> Iterator[Problem]:
    """Yield what is wrong with a round: one row a village and a period, steps upwards, each to a state of its own."""
    asked = register.round
    if asked is None:
        return
    of_village = [register.field(name).type for name in register.one_row_per if register.has(name)]
    if not register.period.repeats or of_village != [FieldType.VILLAGE]:
        yield document.problem("register-round", ("round",))
    elif not is_period(register.period, asked.first):
        yield document.problem("register-round-first", ("round", "first"), period=asked.first)
    levels = [_LEVELS.index(step.level) for step in asked.steps]
    if levels != sorted(set(levels)) or levels[0] or asked.steps[0].state != register.first_state.id:
        yield document.problem("register-round-steps", ("round", "steps"))
    known = [state.id for state in register.states if not state.ends]
    for index, step in enumerate(asked.steps):
        if step.state not in known:
            what = "本台账没有到头的状态（states 里的 id）"
            path = ("round", "steps", index, "state")
            near = nearest(step.state, known)
            yield document.problem("reference-other", path, id=step.state, what=what, near=near)


def reference_problems(campaign: Campaign, form: FilledForm, document: Document) -> Iterator[Problem]:
    """Return what is wrong with the registers that a form's references name: each tells its rows by one field."""
    for index, field in enumerate(form.fields):
        if field.refers_to is None:
            continue
        path: Path = ("fields", index, "refers_to")
        yield from _register_named(campaign, field.refers_to, document, path)
        named = campaign.register_by_id.get(field.refers_to)
        if named and len(named.one_row_per) != 1:
            yield document.problem("field-reference", path, label=field.label, register=named.name)


def _unit_problems(campaign: Campaign, register: Register, document: Document) -> Iterator[Problem]:
    if register.owner not in campaign.unit_by_code:
        yield _unknown_unit(campaign.unit_by_code, register.owner, document, ("owner",))
    known = {*campaign.unit_by_code, *(group.id for group in campaign.units.groups)}
    for index, reference in enumerate(register.filled_by):
        if reference not in known:
            yield _unknown_unit(known, reference, document, ("filled_by", index))


def _unknown_unit(known: Collection[str], reference: str, document: Document, path: Path) -> Problem:
    return document.problem("reference-unit", path, id=reference, near=nearest(reference, known))


def _named_fields(register: Register, document: Document) -> Iterator[Problem]:
    """Yield fields that the register does not have, and totals of fields that hold no number."""
    stored = [field.id for field in register.fields if field.type is not FieldType.SERIAL]
    for key in ("one_row_per", "fresh", "public", "totals"):
        for index, field_id in enumerate(getattr(register, key)):
            if field_id not in stored:
                yield _unknown_field(stored, field_id, document, (key, index))
            elif register.field(field_id).type is FieldType.PHOTO:
                yield _photo_named(register, field_id, document, (key, index))
            elif key == "totals" and register.field(field_id).holds not in SUMMED:
                yield document.problem("register-total", (key, index), label=register.field(field_id).label)
    for key in ("refers", "prefill"):
        for field_id in getattr(register, key):
            if field_id not in stored:
                yield _unknown_field(stored, field_id, document, (key, field_id))
            elif register.field(field_id).type is FieldType.PHOTO:
                yield _photo_named(register, field_id, document, (key, field_id))


def _photo_named(register: Register, field_id: str, document: Document, path: Path) -> Problem:
    label = register.field(field_id).label
    return document.problem("photo-named", path, label=label, key_name=str(path[0]))


def _unknown_field(known: Collection[str], field_id: str, document: Document, path: Path) -> Problem:
    what = "本台账里栏目的编号（fields 里的 id）"
    return document.problem("reference-other", path, id=field_id, what=what, near=nearest(field_id, known))


def _survey_problems(register: Register, document: Document) -> Iterator[Problem]:
    """Yield what a survey names that there is not, and one whose figures would tell who answered."""
    survey = register.survey
    if survey is None:
        return
    if register.minimum_cell < LEAST_CELL or not register.period.repeats:
        yield document.problem("survey-cell", ("survey",), least=LEAST_CELL)
    choices = [field.id for field in register.fields if field.choices]
    named: list[tuple[Path, str]] = [(("survey", "strata"), survey.strata)]
    named += [
        (("survey", "rates", index, "question"), rate.question) for index, rate in enumerate(survey.rates)
    ]
    for path, field_id in named:
        if field_id not in choices:
            yield _unknown_field(choices, field_id, document, path)
    households = [field.id for field in register.fields if field.type is FieldType.HOUSEHOLD]
    if survey.asked is not None and survey.asked not in households:
        yield _unknown_field(households, survey.asked, document, ("survey", "asked"))
    if survey.strata in choices:
        yield from _answers(register, survey.strata, survey.households, ("survey", "households"), document)
    for index, rate in enumerate(survey.rates):
        if rate.question in choices:
            for key, answers in (("hits", rate.hits), ("leave_out", rate.leave_out)):
                yield from _answers(
                    register, rate.question, answers, ("survey", "rates", index, key), document
                )


def _answers(
    register: Register, field_id: str, answers: Iterable[str], path: Path, document: Document
) -> Iterator[Problem]:
    """Yield answers that a question does not have."""
    field = register.field(field_id)
    known = [choice.id for choice in field.choices]
    for answer in answers:
        if answer not in known:
            what, near = f"“{field.label}”的答案的编号", nearest(answer, known)
            yield document.problem("reference-other", path, id=answer, what=what, near=near)


def _named_registers(campaign: Campaign, register: Register, document: Document) -> Iterator[Problem]:
    for field_id, referred in register.refers.items():
        yield from _register_named(campaign, referred, document, ("refers", field_id))
    for field_id, source in register.prefill.items():
        if source.startswith("register:"):
            path = ("prefill", field_id)
            named, _, column = source.removeprefix("register:").partition(".")
            yield from _register_named(campaign, named, document, path)
            other = campaign.register_by_id.get(named)
            if other and not other.has(column or field_id):
                yield _unknown_field([field.id for field in other.fields], column, document, path)
            elif other and register.has(field_id):
                of_other = other.field(column or field_id)
                if of_other.holds is not register.field(field_id).holds:
                    words = {"label": register.field(field_id).label, "other": of_other.label}
                    yield document.problem("register-prefill", path, **words)


def _register_named(campaign: Campaign, named: str, document: Document, path: Path) -> Iterator[Problem]:
    if named not in campaign.register_by_id:
        what, near = "台账的编号（registers 里的 id）", nearest(named, campaign.register_by_id)
        yield document.problem("reference-other", path, id=named, what=what, near=near)
