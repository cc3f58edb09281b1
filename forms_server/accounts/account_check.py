"""Validation of new accounts: resolves units, villages and roles as people name them."""

from checklist.messages import say
from checklist.model import Campaign, Unit, UnitKind, Village
from checklist.reading.personal_numbers import refuse_personal_numbers
from checklist.values.campaign_names import Names
from checklist.values.unit_lookup import find_unit
from forms_server.account import ROLE_NAMES, Role
from forms_server.accounts.account_names import MAX_LENGTH, clean_name
from forms_server.accounts.account_store import NewAccount

KINDS: dict[Role, frozenset[UnitKind]] = {
    Role.REPORTER: frozenset({UnitKind.TOWNSHIP, UnitKind.COUNTY}),
    Role.PRINCIPAL: frozenset({UnitKind.TOWNSHIP, UnitKind.COUNTY}),
    Role.DEPARTMENT: frozenset({UnitKind.COUNTY}),
    Role.INSPECTOR: frozenset({UnitKind.COUNTY, UnitKind.OFFICE}),
    Role.OFFICE: frozenset({UnitKind.OFFICE}),
    Role.ADMIN: frozenset({UnitKind.OFFICE}),
    Role.AUDITOR: frozenset({UnitKind.COUNTY, UnitKind.OFFICE}),
}
"""In which kinds of unit a role makes sense."""

OF_A_VILLAGE = frozenset({Role.REPORTER})
"""Roles whose accounts may be bound to one village."""

KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.TOWNSHIP: "乡镇",
    UnitKind.COUNTY: "县直单位",
    UnitKind.OFFICE: "办公室",
}


BAD_DISPLAY_NAME = f"姓名不超过 {MAX_LENGTH} 个字符，不能含有看不见的符号"


def find_village(campaign: Campaign, unit: Unit, text: str) -> Village | None:
    """The village of this unit with this code or name, in any spelling that the forms understand: 河头村."""
    text = text.strip()
    codes = Names(campaign).village(text, unit) if unit.villages else ()
    found = [village for village in unit.villages if village.code == text or village.code in codes]
    return found[0] if len(found) == 1 else None


def check_account(
    campaign: Campaign, *, name: str, unit: str, role: str, village: str = "", display_name: str = ""
) -> NewAccount | dict[str, str]:
    """Validate a described account; collect every error as field to sentence."""
    faults: dict[str, str] = {}
    found_unit = find_unit(campaign, unit)
    known_role = Role(role) if role in set(Role) else None
    clean, clean_display = clean_name(name), clean_name(display_name) if display_name.strip() else ""
    if clean is None:
        faults["name"] = "账号应为 1 到 60 个字符，不能含有看不见的符号"
    if clean_display is None:
        faults["display_name"] = BAD_DISPLAY_NAME
    for field, label, typed in (("name", "账号", name), ("display_name", "姓名", display_name)):
        if fault := personal_number_fault(label, typed):
            faults[field] = fault
    if found_unit is None:
        faults["unit"] = f"没有“{unit}”这个单位，请写 units.yml 中的单位代码或名称"
    if known_role is None:
        known = "、".join(f"{each.value}（{ROLE_NAMES[each]}）" for each in Role)
        faults["role"] = f"没有“{role}”这个角色，可用的角色：{known}"
    elif found_unit and campaign.kind_of(found_unit) not in KINDS[known_role]:
        faults["role"] = _unfit_unit(known_role, found_unit)
    found_village, fault = _village(campaign, found_unit, known_role, village)
    if fault:
        faults["village"] = fault
    if faults or clean is None or clean_display is None or found_unit is None or known_role is None:
        return faults
    return NewAccount(clean, found_unit.code, known_role, found_village, clean_display)


def place_faults(
    campaign: Campaign, role: Role, *, unit: str, village: str = ""
) -> tuple[str, str | None] | dict[str, str]:
    """The codes of the unit and the village at which an account of that role is; or the errors, field to sentence."""
    found = find_unit(campaign, unit)
    if found is None:
        return {"unit": f"没有“{unit}”这个单位，请写 units.yml 中的单位代码或名称" if unit else "请选择单位"}
    if campaign.kind_of(found) not in KINDS[role]:
        return {"unit": _unfit_unit(role, found)}
    village_code, fault = _village(campaign, found, role, village)
    return {"village": fault} if fault else (found.code, village_code)


def _unfit_unit(role: Role, unit: Unit) -> str:
    fitting = "、".join(KIND_NAMES[kind] for kind in UnitKind if kind in KINDS[role])
    return f"{ROLE_NAMES[role]}只能设在{fitting}，不能设在{unit.name}"


def person_name(typed: str) -> tuple[str, str]:
    """Return the normalized name of a person, and what is wrong with it; one of the two is empty."""
    if not typed.strip():
        return "", "请填写本人姓名"
    name = clean_name(typed)
    if name is None:
        return "", BAD_DISPLAY_NAME
    fault = personal_number_fault("姓名", typed)
    return ("", fault) if fault else (name, "")


def personal_number_fault(label: str, typed: str) -> str:
    """Return the error of a name that holds a personal number; empty if it holds none."""
    personal = refuse_personal_numbers(typed)
    return say(personal.code, label=label, **personal.params) if personal else ""


def _village(campaign: Campaign, unit: Unit | None, role: Role | None, text: str) -> tuple[str | None, str]:
    """Resolve the village of a reporter; return its code and errors."""
    if not text.strip() or unit is None or role is None:
        return None, ""
    if role not in OF_A_VILLAGE:
        return None, f"只有{ROLE_NAMES[Role.REPORTER]}可以限定到村，请不填村"
    village = find_village(campaign, unit, text)
    if village is None:
        return None, f"{unit.name}没有“{text.strip()}”这个村（居），请写村名或十二位代码"
    return village.code, ""
