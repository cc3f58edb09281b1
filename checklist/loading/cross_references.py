"""Cross-file checks: dangling references, files that disagree, repeats."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from checklist.loading.duplicate_ids import Documents, repeat_problems, spots_at
from checklist.loading.form_rules import form_problems
from checklist.loading.inspection_rules import inspection_problems
from checklist.loading.register_rules import reference_problems, register_problems
from checklist.loading.strictyaml import Document, Path
from checklist.loading.trail_rules import trail_problems
from checklist.model import Area, Campaign, FieldType, FilledForm, Item
from checklist.problems import Problem, nearest

_FORMS = "表的编号（forms 里的 id）"
_SEARCHED = "检查项、政策、政策里的一条、阶段、岗位、表的编号，或“表-栏目”"


def check_references(campaign: Campaign, documents: Documents, folder: str) -> list[Problem]:
    """Return all cross-file problems of a campaign whose files are valid in themselves.

    Args:
        campaign: the campaign as loaded.
        documents: attribute of the campaign to its files, in the order of the attribute's values.
        folder: name of the folder, which must be the campaign's id.
    """
    return [
        *_names_of_files(campaign, documents, folder),
        *repeat_problems(campaign, documents),
        *_notice_problems(campaign, documents["notice"][0]),
        *_unit_problems(campaign, documents["units"][0]),
        *(problem for area, document in zip(campaign.areas, documents["areas"], strict=True)
          for problem in _area_problems(campaign, area, document)),
        *_policy_problems(campaign, documents["policies"]),
        *form_problems(campaign, documents["forms"]),
        *(problem for register, document in zip(campaign.registers, documents["registers"], strict=True)
          for problem in register_problems(campaign, register, document)),
        *(problem for document in documents["trails"] for problem in trail_problems(campaign, document)),
        *(problem for part, forms in (("forms", campaign.forms), ("registers", campaign.registers))
          for form, document in zip(forms, documents[part], strict=True) if isinstance(form, FilledForm)
          for problem in reference_problems(campaign, form, document)),
        *(problem for document in documents["roles"] for problem in _role_problems(campaign, document)),
        *(problem for document in documents["inspection"] for problem in inspection_problems(campaign, document)),
        *(problem for document in documents["demo"] for problem in _demo_problems(campaign, document)),
        *(problem for document in documents["search"] for problem in _search_problems(campaign, document)),
    ]  # fmt: skip


SHARED = "../"
"""What the names of files begin with that lie beside the campaigns."""


def _ids(nodes: Iterable[Any]) -> list[str]:
    return [node.id for node in nodes]


def _names_of_files(campaign: Campaign, documents: Documents, folder: str) -> Iterator[Problem]:
    """Require files to be named by the id that they hold."""
    if campaign.id != folder:
        yield documents["notice"][0].problem("campaign-id", ("id",), id=campaign.id, folder=folder)
    expected = {
        "areas": [f"areas/{area.number:02}-{area.id}.yml" for area in campaign.areas],
        "forms": [f"forms/{form.id}.yml" for form in campaign.forms],
        "registers": [
            f"{SHARED if document.file.startswith(SHARED) else ''}registers/{register.id}.yml"
            for register, document in zip(campaign.registers, documents["registers"], strict=True)
        ],
        "policies": [f"policies/{policy.id}.yml" for policy in campaign.policies],
    }
    for part, names in expected.items():
        for document, name in zip(documents[part], names, strict=True):
            if document.file != name:
                yield document.problem("file-name", ("id",), expected=name)


def _notice_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    notice = campaign.notice
    if notice.deadline.at.date() < notice.issued:
        when = {"at": notice.deadline.at.date(), "issued": notice.issued}
        yield document.problem("deadline-before-issue", ("deadline", "at"), **when)
    for index, name in enumerate(notice.shared_registers):
        if name not in campaign.register_by_id:
            near = nearest(name, campaign.register_by_id)
            yield document.problem("shared-register", ("shared_registers", index), id=name, near=near)
    for index, phase in enumerate(notice.phases):
        before = notice.phases[index - 1].start if index else phase.start
        if phase.start < before:
            when = {"start": phase.start, "before": before}
            yield document.problem("phase-order", ("phases", index, "start"), phase=phase.name, **when)
        if phase.end < phase.start:
            yield document.problem("phase-dates", ("phases", index, "end"), start=phase.start, end=phase.end)
        for number, task in enumerate(phase.tasks):
            path = ("phases", index, "tasks", number, "who")
            yield from _unknown_units(campaign, document, path, task.who)


def _unit_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    asking = [(form, field) for form in campaign.record_forms for field in form.fields
              if field.type is FieldType.VILLAGE]  # fmt: skip
    for index, unit in enumerate(campaign.units.townships):
        if asking and not unit.villages:
            form, field = asking[0]
            words = {"township": unit.name, "form": form.name, "label": field.label}
            yield document.problem("township-without-villages", ("townships", index), **words)
        for number, village in enumerate(unit.villages):
            if not village.code.startswith(unit.code):
                path = ("townships", index, "villages", number, "code")
                yield document.problem("village-code", path, village=village.code, township=unit.code)
    everyone = ("townships", "county-units")
    for index, group in enumerate(campaign.units.groups):
        for number, member in enumerate(group.members):
            if member not in campaign.unit_by_code and member not in everyone:
                near = nearest(member, [*campaign.unit_by_code, *everyone])
                place = ("groups", index, "members", number)
                yield document.problem("reference-unit", place, id=member, near=near)


def _unknown_units(
    campaign: Campaign, document: Document, path: Path, references: Sequence[str]
) -> Iterator[Problem]:
    codes = {unit.code: (unit.name, *unit.aliases) for unit in campaign.unit_by_code.values()}
    known = codes | {group.id: (group.name,) for group in campaign.units.groups}
    named = {name: code for code, names in known.items() for name in names}
    for index, reference in enumerate(references):
        if reference not in known:
            near = f"，是不是 {named[reference]}" if reference in named else nearest(reference, known)
            yield document.problem("reference-unit", (*path, index), id=reference, near=near)


def _policy_problems(campaign: Campaign, documents: Sequence[Document]) -> Iterator[Problem]:
    areas = _ids(campaign.areas)
    for policy, document in zip(campaign.policies, documents, strict=True):
        if policy.area not in areas:
            near = nearest(policy.area, areas)
            yield document.problem("reference-area", ("area",), id=policy.area, near=near)
        facts = _ids(policy.facts)
        cited = (("conflicts", "*", "claims", "*", "facts", "*"), ("answers", "*", "facts", "*"))
        for fact, spot, path in (found for pattern in cited for found in spots_at([document], *pattern)):
            if fact not in facts:
                yield spot.problem("reference-fact", path, id=fact, near=nearest(fact, facts))


def _area_problems(campaign: Campaign, area: Area, document: Document) -> Iterator[Problem]:
    expected = campaign.areas.index(area) + 1
    if area.number != expected:
        yield document.problem("area-number", ("number",), found=area.number, expected=expected)
    yield from _unknown_units(campaign, document, ("responsible",), area.responsible)
    yield from _unknown_policies(campaign, document, ("policies",), area.policies)
    types = _ids(area.problem_types)
    for part, items in (("key_checks", area.key_checks), ("items", area.items)):
        for index, item in enumerate(items):
            yield from _unknown_units(campaign, document, (part, index, "responsible"), item.responsible)
            yield from _unknown_policies(campaign, document, (part, index, "policies"), item.policies)
            yield from _unknown_units(campaign, document, (part, index, "asked_of"), item.asked_of)
            yield from _subjects_without_form(campaign, document, (part, index, "subjects"), item)
            yield from _unknown_types(campaign, document, (part, index, "household_types"), item)
            if item.problem_type and item.problem_type not in types:
                near = nearest(item.problem_type, types)
                path = (part, index, "problem_type")
                yield document.problem("reference-problem-type", path, id=item.problem_type, near=near)


def _subjects_without_form(
    campaign: Campaign, document: Document, path: Path, item: Item
) -> Iterator[Problem]:
    """Return problems for subjects without a form."""
    known = {form.subject for form in campaign.record_forms if form.kind == "issue"}
    for index, subject in enumerate(item.subjects):
        if known and subject not in known:
            yield document.problem("subject-without-form", (*path, index), subject=subject)


def _unknown_types(campaign: Campaign, document: Document, path: Path, item: Item) -> Iterator[Problem]:
    """Return problems for household types that no visit can have."""
    form = campaign.household_form
    fields = [field for field in form.fields if field.id == "household_type"] if form else []
    known = [choice.id for field in fields for choice in field.choices]
    for index, reference in enumerate(item.household_types):
        if reference not in known:
            what, near = "户内问题表里 household_type 那一栏的选项编号", nearest(reference, known)
            yield document.problem("reference-other", (*path, index), id=reference, what=what, near=near)


def _unknown_policies(
    campaign: Campaign, document: Document, path: Path, references: Sequence[str]
) -> Iterator[Problem]:
    for index, reference in enumerate(references):
        if reference not in campaign.policy_by_id:
            near = nearest(reference, campaign.policy_by_id)
            yield document.problem("reference-policy", (*path, index), id=reference, near=near)


def _role_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    wanted: dict[tuple[str, ...], tuple[Collection[str], str]] = {
        ("forms", "*"): (campaign.form_by_id, _FORMS),
        ("duties", "*", "phase"): (_ids(campaign.notice.phases), "阶段的编号（campaign.yml 的 phases）"),
        ("hands_over", "*", "to"): (_ids(campaign.roles.roles), "本文件里岗位的编号"),
    }
    for pattern, (known, what) in wanted.items():
        for reference, spot, path in spots_at([document], "roles", "*", *pattern):
            if reference not in known:
                near = nearest(reference, known)
                yield spot.problem("reference-other", path, id=reference, what=what, near=near)


def _demo_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    ledgers = [form.id for form in campaign.record_forms if form.kind == "issue"]
    for index, finding in enumerate(campaign.demo.findings):
        wanted = {
            "form": (finding.form, ledgers, _FORMS),
            "problem_type": (
                finding.problem_type,
                campaign.problem_type_by_id,
                "问题类型的编号（areas 的 problem_types）",
            ),
        }
        if finding.item:
            wanted["item"] = (finding.item, campaign.item_by_id, "检查项的编号（areas 里的 id）")
        for key, (reference, known, what) in wanted.items():
            if reference not in known:
                near, path = nearest(reference, known), ("findings", index, key)
                yield document.problem("reference-other", path, id=reference, what=what, near=near)


def _search_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    known = [
        *campaign.item_by_id,
        *campaign.policy_by_id,
        *(fact.id for policy in campaign.policies for fact in policy.facts),
        *_ids(campaign.notice.phases),
        *_ids(campaign.roles.roles),
        *campaign.form_by_id,
        *(f"{form.id}-{field.id}" for form in campaign.record_forms for field in form.fields),
    ]
    for reference, spot, path in spots_at([document], "sections", "*", "finds"):
        if reference not in known:
            near = nearest(reference, known)
            yield spot.problem("reference-other", path, id=reference, what=_SEARCHED, near=near)
