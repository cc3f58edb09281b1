"""Cross-checks of ``inspection.yml``."""

from collections.abc import Collection, Iterator

from checklist.loading.strictyaml import Document, Path
from checklist.model import Campaign, Choice, Inspection, RecordForm
from checklist.model.inspection import MARKS_OF
from checklist.problems import Problem, nearest


def inspection_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    """Return dangling references and marks that a stage does not know."""
    plan = campaign.inspection
    assert plan is not None
    yield from _unknown(
        document, ("phase",), plan.phase, [each.id for each in campaign.notice.phases], _PHASE
    )
    for form in _issue_forms(campaign):
        yield from _unknown(document, ("source",), plan.source, _choices(form, "source"), _source_of(form))
    known = [field.id for form in _issue_forms(campaign) for field in form.fields]
    for index, field_id in enumerate(plan.claimed):
        yield from _unknown(document, ("claimed", index), field_id, known, "问题台账里栏目的编号")
    sources = [each for form in _issue_forms(campaign) for each in _choices(form, "source")]
    for index, source in enumerate(plan.draw.sources):
        yield from _unknown(document, ("draw", "sources", index), source, sources, _SOURCE)
    for index, right in enumerate(plan.rights):
        phases = [each.id for each in campaign.notice.phases]
        yield from _unknown(document, ("rights", index, "phase"), right.phase, phases, _PHASE)
    yield from _types(campaign, plan, document)
    yield from _marks(plan, document)


_PHASE = "阶段的编号（campaign.yml 的 phases）"
_SOURCE = "问题台账里 source 那一栏的选项编号"


def _source_of(form: RecordForm) -> str:
    return f"“{form.name}”里 source 那一栏的选项编号"


def _issue_forms(campaign: Campaign) -> list[RecordForm]:
    return [form for form in campaign.record_forms if form.kind == "issue"]


def _choices(form: RecordForm, field_id: str) -> list[str]:
    choices: list[Choice] = [each for field in form.fields if field.id == field_id for each in field.choices]
    return [each.id for each in choices]


def _types(campaign: Campaign, plan: Inspection, document: Document) -> Iterator[Problem]:
    """Each household type stands in one stratum at most, and one stratum at most has the rest."""
    form = campaign.household_form
    known = _choices(form, "household_type") if form else []
    seen: dict[str, str] = {}
    rest = ""
    for index, stratum in enumerate(plan.draw.households.strata):
        place = ("draw", "households", "strata", index)
        if not stratum.household_types:
            if rest:
                yield document.problem("stratum-rest-twice", place, first=rest, second=stratum.name)
            rest = stratum.name
        for number, each in enumerate(stratum.household_types):
            path = (*place, "household_types", number)
            yield from _unknown(document, path, each, known, "户内问题表里 household_type 那一栏的选项编号")
            if each in seen:
                yield document.problem("stratum-type-twice", path, id=each, first=seen[each])
            seen.setdefault(each, stratum.name)


def _marks(plan: Inspection, document: Document) -> Iterator[Problem]:
    for stage, known in MARKS_OF.items():
        drawn = getattr(plan.draw, stage)
        for key in ("always", "weights"):
            for index, each in enumerate(getattr(drawn, key)):
                path = ("draw", stage, key, index, "mark")
                yield from _unknown(document, path, each.mark.value, sorted(known), "这一步可用的标记")


def _unknown(
    document: Document, path: Path, reference: str, known: Collection[str], what: str
) -> Iterator[Problem]:
    if reference not in known:
        near = nearest(reference, known)
        yield document.problem("reference-other", path, id=reference, what=what, near=near)
