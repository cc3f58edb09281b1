"""The skeleton of a new campaign, derived from an existing one: small and valid."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from checklist.authoring.schemas import schema_file
from checklist.loading.loader import PARTS, register_file
from checklist.model import Area, Campaign, Item, Notice, ProblemType, Register
from checklist.model.area import Subject
from checklist.model.base import Node

COPIED = ("units", "forms", "roles", "reading", "roster", "personal_data", "inspection")
"""Parts copied verbatim, with their comments."""

SCHEMA_LINE = "# yaml-language-server: $schema="
_SCHEMA = re.compile(rf"^{re.escape(SCHEMA_LINE)}.*\n", re.MULTILINE)
TO_WRITE = "（照新通知写）"


def skeleton(campaign: Campaign, folder: Path, campaign_id: str, schemas: str) -> dict[str, str]:
    """Return the files of a new campaign: path in its folder to content.

    Args:
        campaign: the existing one.
        folder: of the existing one.
        campaign_id: of the new one, which is its folder's name.
        schemas: relative path from the new folder to the JSON Schemas.
    """
    area, going_on = _area(campaign), _going_on(campaign)
    made = {
        PARTS["notice"].name: _written(_notice(campaign.notice, campaign_id, going_on)),
        f"{PARTS['areas'].name}01-{area.id}.yml": _written(area),
        **dict(_copies(folder)),
        **{f"{PARTS['registers'].name}{name}.yml": _register(folder, name) for name in going_on},
    }
    return {path: with_schema(text, path, schemas) for path, text in made.items()}


def with_schema(text: str, path: str, schemas: str) -> str:
    """Set the line by which editors find a file's schema, replacing any other.

    Args:
        text: the YAML.
        path: of the file in its campaign's folder.
        schemas: relative path from that folder to the schemas.
    """
    folder, slash, _ = path.rpartition("/")
    part = next(part for part in PARTS.values() if part.name in (path, folder + slash))
    way = f"../{schemas}" if folder else schemas
    return f"{SCHEMA_LINE}{way}/{schema_file(part)}\n{_SCHEMA.sub('', text)}"


def _copies(folder: Path) -> Iterator[tuple[str, str]]:
    for part in (PARTS[name] for name in COPIED):
        paths = sorted((folder / part.name).glob("*.yml")) if part.many else [folder / part.name]
        for path in paths:
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def _going_on(campaign: Campaign) -> list[str]:
    """Return the registers whose rows the new campaign goes on with: shared ones that need no other one."""
    kept = {register.id: register for register in campaign.registers if campaign.shares(register)}
    others = {register.id for register in campaign.registers}
    while short := [name for name, register in kept.items() if _needs(register) & (others - kept.keys())]:
        for name in short:
            del kept[name]
    return list(kept)


def _needs(register: Register) -> set[str]:
    sources = (source.removeprefix("register:").partition(".")[0] for source in register.prefill.values())
    counted = [
        count.of for count in (*(field.counted for field in register.fields), *register.same_person) if count
    ]
    return {*register.links.values(), *sources, *counted}


def _register(folder: Path, name: str) -> str:
    """Return a register's file without the look-for item of its issues: the new campaign has others."""
    return re.sub(
        r"^item:.*\n", "", register_file(folder, name).read_text(encoding="utf-8"), flags=re.MULTILINE
    )


def _notice(notice: Notice, campaign_id: str, registers: Sequence[str]) -> Notice:
    """Return the old notice with placeholders for everything specific to it."""
    to_write = dict.fromkeys(("name", "number", "title", "preamble"), TO_WRITE)
    return notice.model_copy(
        update={"id": campaign_id, "short_name": "新行动", "shared_registers": tuple(registers), **to_write}
    )


def _area(campaign: Campaign) -> Area:
    """Return one area with one key check and one item."""
    first, groups = campaign.areas[0], campaign.units.groups
    who = groups[0] if groups else None
    subjects: tuple[Subject, ...] = tuple(
        dict.fromkeys(form.subject for form in campaign.record_forms if form.kind == "issue")
    )
    name = "第一个方面"
    return Area(
        id="first",
        number=1,
        name=name,
        key_check_lead=first.key_check_lead,
        look_for_lead=first.look_for_lead,
        key_checks=(Item(id="first-k1", text=TO_WRITE, subjects=subjects),),
        items=(Item(id="first-01", text=TO_WRITE, subjects=subjects, how="用平常话写怎么查。"),),
        responsible=(who.id if who else campaign.filing_units[0].code,),
        responsible_text=who.name if who else campaign.filing_units[0].name,
        problem_types=(ProblemType(id="first", name=name),),
    )


def _written(node: Node) -> str:
    """Dump a part of the model as strict YAML."""
    data: Any = json.loads(node.model_dump_json(exclude_defaults=True))
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000))
