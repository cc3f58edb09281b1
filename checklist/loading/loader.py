"""Loader of a campaign folder to a :class:`~checklist.model.Campaign`, or to all of its problems."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from checklist.loading.cross_references import check_references
from checklist.loading.pydantic_errors import shape_problems
from checklist.loading.strictyaml import Document, parse
from checklist.loading.township_outlines import MAP, read_outlines
from checklist.messages import say
from checklist.model import (
    Area,
    Campaign,
    Demo,
    Form,
    Glossary,
    Inspection,
    Notice,
    PersonalData,
    Policy,
    Reading,
    Register,
    Roles,
    Roster,
    SearchWords,
    Trails,
    Units,
)
from checklist.problems import Problem


@dataclass(frozen=True)
class CampaignPart:
    """One file, or one folder of files, of a campaign."""

    name: str
    """The file's name, or the folder's with a slash at its end."""
    schema: Any
    """The model of each file."""
    required: bool = True

    @property
    def many(self) -> bool:
        """Whether it is a folder of files."""
        return self.name.endswith("/")


PARTS: dict[str, CampaignPart] = {
    "notice": CampaignPart("campaign.yml", Notice),
    "areas": CampaignPart("areas/", Area),
    "units": CampaignPart("units.yml", Units),
    "forms": CampaignPart("forms/", Form),
    "registers": CampaignPart("registers/", Register, required=False),
    "trails": CampaignPart("trails.yml", Trails, required=False),
    "policies": CampaignPart("policies/", Policy, required=False),
    "glossary": CampaignPart("glossary.yml", Glossary, required=False),
    "roles": CampaignPart("roles.yml", Roles, required=False),
    "reading": CampaignPart("reading.yml", Reading, required=False),
    "roster": CampaignPart("roster.yml", Roster, required=False),
    "inspection": CampaignPart("inspection.yml", Inspection, required=False),
    "personal_data": CampaignPart("personal_data.yml", PersonalData, required=False),
    "demo": CampaignPart("demo.yml", Demo, required=False),
    "search": CampaignPart("search.yml", SearchWords, required=False),
}
"""Attribute of the campaign to its place in the folder."""


_ENDING = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
"""Suffixes of files that were meant to end in ``.yml``; Notepad adds ``.txt`` and hides it."""

TEMPLATES = "documents"
"""Folder of the office's own Word templates: they belong to the campaign, but hold no part of the checklist."""


PICTURES = "pictures"
"""Folder of pictures of the server's pages, as this campaign has them: taken by ``make pictures``."""


class InvalidCampaign(Exception):
    """A campaign folder with errors; ``problems`` holds all of them, in order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def load_campaign(folder: Path) -> Campaign:
    """Load and validate a campaign folder.

    Raises:
        InvalidCampaign: with every problem of every file. References are checked only once each file is valid
            in itself.
    """
    if not folder.is_dir():
        missing = say("folder-missing", folder=folder.name)
        raise InvalidCampaign([Problem(":1:1", "folder-missing", missing)])
    problems = list(_stray_files(folder))
    documents: dict[str, list[Document]] = {}
    attributes: dict[str, Any] = {}
    for attribute, part in PARTS.items():
        files = _files(folder, part)
        if part.schema is Register:
            files += _shared_files(folder, attributes.get("notice"))
        documents[attribute] = [parse(path.read_bytes(), shown_path(path, folder)) for path in files]
        if not documents[attribute]:
            if part.required:
                problems.append(
                    Problem(f"{part.name}:1:1", "file-missing", say("file-missing", file=part.name))
                )
            continue
        values = [_value(document, part.schema, problems) for document in documents[attribute]]
        attributes[attribute] = tuple(values) if part.many else values[0]
    if not problems:
        outlines = read_outlines(folder, attributes["units"])
        campaign = Campaign(**attributes, outlines=outlines.by_code, pictures=_pictures(folder))
        problems += [*check_references(campaign, documents, folder.resolve().name), *outlines.problems]
        if not problems:
            return campaign
    raise InvalidCampaign(sorted(problems))


def register_file(folder: Path, register_id: str) -> Path:
    """Return the file of a register: the campaign's own, or else the one beside the campaigns, which they share."""
    name = f"{PARTS['registers'].name}{register_id}.yml"
    own = folder / name
    return own if own.is_file() else folder.parent / name


def _shared_files(folder: Path, notice: Notice | None) -> list[Path]:
    """Return the files beside the campaigns of registers that this one shares and has no file of."""
    files = [register_file(folder, name) for name in notice.shared_registers] if notice else []
    return [path for path in files if path.is_file() and not path.is_relative_to(folder)]


def _pictures(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / PICTURES).glob("*.webp"))}


def _files(folder: Path, part: CampaignPart) -> list[Path]:
    """Return the files of a part, sorted by name; number prefixes (01-, 02-) carry the order if it matters."""
    if part.many:
        return [path for path in sorted((folder / part.name).glob("*.yml")) if not _hidden(path, folder)]
    return [folder / part.name] if (folder / part.name).is_file() else []


def _stray_files(folder: Path) -> Iterator[Problem]:
    """Return problems for unknown files, such as ``area/`` for ``areas/`` or ``.yaml`` for ``.yml``."""
    read = {path for part in PARTS.values() for path in _files(folder, part)}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in read and not _hidden(path, folder) and not _beside(path, folder):
            yield _stray(shown_path(path, folder))


def _beside(path: Path, folder: Path) -> bool:
    """Return whether a file belongs to the campaign, though it is no YAML: the map, a template, a picture."""
    kinds = {TEMPLATES: ".docx", PICTURES: ".webp"}
    return path == folder / MAP or any(
        path.parent == folder / place and path.suffix == suffix for place, suffix in kinds.items()
    )


def _stray(file: str) -> Problem:
    expected = _ENDING.sub(".yml", file)
    known = [part.name for part in PARTS.values()]
    if expected != file and (expected in known or f"{expected.rpartition('/')[0]}/" in known):
        return Problem(f"{file}:1:1", "file-ending", say("file-ending", expected=expected))
    return Problem(f"{file}:1:1", "file-unknown", say("file-unknown", known=known))


def _hidden(path: Path, folder: Path) -> bool:
    """Return whether a name is that of an editor's or file manager's own file."""
    return any(name.startswith((".", "~")) for name in path.relative_to(folder).parts)


def shown_path(path: Path, folder: Path) -> str:
    """Return how messages call a file: by its path from the campaign's folder."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _value(document: Document, schema: Any, problems: list[Problem]) -> Any:
    """Validate a document to a model; None, with its problems noted, if it is invalid.

    By way of JSON, since pydantic's strict JSON mode has the right rules: a list becomes a tuple and "2022-08-31" a
    date, but "12" is no number and 12 is no text.
    """
    problems += document.problems
    if document.data is None:
        return None
    try:
        value = TypeAdapter(schema).validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        problems += shape_problems(error, document, schema)
        return None
    return value
