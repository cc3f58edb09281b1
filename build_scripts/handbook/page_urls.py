"""Paths of pages, permanent anchors, and links between pages and to the form server."""

import posixpath

from checklist.model import (
    Area,
    Campaign,
    CampaignRole,
    Field,
    FilledForm,
    Form,
    Item,
    Policy,
    RecordForm,
    Register,
    Unit,
)
from checklist.model.campaign import Phase

HOME = "index.md"
NOTICE = "notice.md"
GLOSSARY = "glossary.md"
ANSWERS = "answers.md"
UPDATES = "updates.md"
AREAS = "areas/index.md"
ROLES = "roles/index.md"
PHASES = "phases/index.md"
UNITS = "units/index.md"
FORMS = "forms/index.md"
FIGURES_FOLDER = "summary/"
"""Where the pages of figures lie; who may read them is a setting."""
SUMMARY = "summary/index.md"
SUMMARY_DAYS = "summary/days.md"
REGISTERS = "registers/index.md"
POLICIES = "policies/index.md"
SYSTEM = "system/index.md"
PRINT = "print.md"


def area_page(area: Area) -> str:
    """Return the path of a check area's page."""
    return f"areas/{area.number:02d}-{area.id}.md"


def role_page(role: CampaignRole) -> str:
    """Return the path of a role's page."""
    return f"roles/{role.id}.md"


def phase_page(phase: Phase) -> str:
    """Return the path of a phase's page."""
    return f"phases/{phase.id}.md"


def calendar_file(campaign: Campaign) -> str:
    """Return the path of the iCalendar file."""
    return f"downloads/{campaign.id}.ics"


def blank_file(form: Form) -> str:
    """Return the path of a form's blank workbook."""
    return f"downloads/{form.id}.xlsx"


def unit_page(unit: Unit) -> str:
    """Return the path of a filing unit's page."""
    return f"units/{unit.code}.md"


def form_page(form: Form) -> str:
    """Return the path of a form's how-to page."""
    return f"forms/{form.id}.md"


def summary_page(unit: Unit) -> str:
    """Return the path of a unit's summary page."""
    return f"summary/{unit.code}.md"


def policy_page(policy: Policy) -> str:
    """Return the path of a policy topic's page."""
    return f"policies/{policy.id}.md"


def system_page(topic: str) -> str:
    """Return the path of a page on how to use the server."""
    return f"system/{topic}.md"


def system_picture(name: str) -> str:
    """Return the path of a picture of the server's pages."""
    return f"assets/system/{name}"


def server_home(here: str) -> str:
    """Return the relative URL of the server, which mounts the handbook one level below its root."""
    return "../" * (here.count("/") + 1)


def register_page(register: Register) -> str:
    """Return the path of a register's how-to page."""
    return f"registers/{register.id}.md"


def part_anchor(form: Form | FilledForm, part_id: str) -> str:
    """Return the anchor at which a field, a column or a part of a form is explained."""
    return f"{form.id}-{part_id}"


def field_anchor(form: Form | FilledForm, field: Field) -> str:
    """Return the anchor at which a field of a form is explained."""
    return part_anchor(form, field.id)


def to(here: str, there: str, anchor: str = "") -> str:
    """Return the relative link from one page to another, or to an anchor of it."""
    path = "" if here == there and anchor else posixpath.relpath(there, posixpath.dirname(here) or ".")
    return f"{path}#{anchor}" if anchor else path


def to_item(here: str, area: Area, item: Item) -> str:
    """Return the relative link to an item's heading."""
    return to(here, area_page(area), item.id)


def new_record(here: str, form: RecordForm, item: Item | None = None) -> str:
    """Return the relative URL of the empty form on the server."""
    query = f"?item={item.id}" if item else ""
    return f"{server_home(here)}records/{form.id}/new{query}"


def rows(here: str, register: Register) -> str:
    """Return the relative URL of a register's rows on the server, likewise."""
    return f"{'../' * (here.count('/') + 1)}registers/{register.id}/"


def visits(here: str, form: RecordForm) -> str:
    """Return the relative URL of a form's visits on the server, likewise."""
    return f"{server_home(here)}visits/{form.id}/"


def reference_target(campaign: Campaign, reference: str) -> tuple[str, str, str]:
    """Return name, page and anchor of a unit's code or a group's id.

    Raises:
        KeyError: the campaign has neither; the loader refuses such a folder.
    """
    for group in campaign.units.groups:
        if group.id == reference:
            return group.name, UNITS, group_anchor(group.id)
    unit = campaign.unit_by_code[reference]
    if unit.code == campaign.units.office.code:
        return unit.name, HOME, "contact"
    return unit.name, unit_page(unit), ""


def group_anchor(group_id: str) -> str:
    """Return the anchor at which the members of a group of units are listed."""
    return f"group-{group_id}"
