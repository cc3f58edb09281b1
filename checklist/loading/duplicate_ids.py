"""Duplicate ids and ambiguous names, also against the handbook's reserved pages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from checklist.loading.strictyaml import Document, Path
from checklist.model import Campaign
from checklist.problems import Problem

Documents = Mapping[str, Sequence[Document]]
Spot = tuple[str, Document, Path]
"""An id or name, and its place."""


def repeat_problems(campaign: Campaign, documents: Documents) -> Iterator[Problem]:
    """Return problems for all duplicates.

    Args:
        campaign: the campaign as loaded.
        documents: attribute of the campaign to its files.
    """
    yield from _repeated_ids(documents)
    yield from _taken_ids(documents)
    yield from _repeated_names(campaign, documents)


def _repeated_ids(documents: Documents) -> Iterator[Problem]:
    """Return problems for duplicate ids of one namespace, which would make records and addresses ambiguous."""
    areas, forms, policies = documents["areas"], documents["forms"], documents["policies"]
    notice, units, registers = documents["notice"], documents["units"], documents["registers"]
    filled = [*forms, *registers]
    spaces: list[Iterable[Spot]] = [
        spots_at(areas, "id"),
        [*spots_at(forms, "id"), *spots_at(registers, "id")],
        spots_at(policies, "id"),
        [*spots_at(areas, "key_checks", "*", "id"), *spots_at(areas, "items", "*", "id")],
        spots_at(areas, "problem_types", "*", "id"),
        [*spots_at(policies, "facts", "*", "id"), *spots_at(policies, "answers", "*", "id")],
        spots_at(notice, "phases", "*", "id"),
        spots_at(notice, "phases", "*", "tasks", "*", "id"),
        spots_at(notice, "requirements", "*", "id"),
        [*spots_at(units, "office", "code"), *spots_at(units, "townships", "*", "code"),
         *spots_at(units, "county_units", "*", "code"), *spots_at(units, "groups", "*", "id")],
        spots_at(units, "townships", "*", "villages", "*", "code"),
        spots_at(documents["roles"], "roles", "*", "id"),
        spots_at(documents["trails"], "trails", "*", "id"),
        spots_at(documents["trails"], "trails", "*", "steps", "*", "id"),
        spots_at(documents["trails"], "shares", "*", "id"),
        spots_at(documents["inspection"], "draw", "households", "strata", "*", "id"),
        *(spots_at([form], part, "*", "id")
          for form in filled for part in ("fields", "columns", "parts", "states", "checks", "counts", "same_person")),
        *(spots_at([form], *path, "*", "id")
          for form in registers for path in (("round", "steps"), ("survey", "rates"))),
        *(spots_at([form], "fields", index, "choices", "*", "id")
          for form in filled for index in range(len(form.data.get("fields", ())))),
    ]  # fmt: skip
    for space in spaces:
        yield from _twice(space, "id-repeated")


def _taken_ids(documents: Documents) -> Iterator[Problem]:
    """Return problems for ids whose page would overwrite the index page."""
    spots = [
        *spots_at(documents["forms"], "id"),
        *spots_at(documents["registers"], "id"),
        *spots_at(documents["policies"], "id"),
        *spots_at(documents["roles"], "roles", "*", "id"),
        *spots_at(documents["notice"], "phases", "*", "id"),
        *(
            spot
            for kind in ("townships", "county_units")
            for spot in spots_at(documents["units"], kind, "*", "code")
        ),
    ]
    for text, document, path in spots:
        if text == "index":
            yield document.problem("id-taken", path, id=text)


def _repeated_names(campaign: Campaign, documents: Documents) -> Iterator[Problem]:
    """Return problems for ambiguous names and aliases."""
    areas, units = documents["areas"], documents["units"]
    filled = [*documents["forms"], *documents["registers"]]
    named = ("name", "annex_name")
    types = [spot for key in named for spot in spots_at(areas, "problem_types", "*", key)]
    yield from _twice([*types, *spots_at(areas, "problem_types", "*", "aliases", "*")], "name-repeated")
    yield from _alone(spots_at(areas, "problem_types", "*", "may_mean", "*"))
    for form in filled:
        for index in range(len(form.data.get("fields", ()))):
            yield from _alone(spots_at([form], "fields", index, "choices", "*", "may_mean", "*"))
    for kind in ("townships", "county_units"):
        names = [*spots_at(units, kind, "*", "name"), *spots_at(units, kind, "*", "aliases", "*")]
        yield from _twice(names, "name-repeated")
    for index in range(len(campaign.units.townships)):
        villages = [*spots_at(units, "townships", index, "villages", "*", "name"),
                    *spots_at(units, "townships", index, "villages", "*", "aliases", "*")]  # fmt: skip
        yield from _twice(villages, "name-repeated")
    for form in filled:
        yield from _twice(spots_at([form], "fields", "*", "label"), "name-repeated")
        for index in range(len(form.data.get("fields", ()))):
            choices = [*spots_at([form], "fields", index, "choices", "*", "label"),
                       *spots_at([form], "fields", index, "choices", "*", "aliases", "*")]  # fmt: skip
            yield from _twice(choices, "name-repeated")
    yield from _twice(spots_at(documents["glossary"], "terms", "*", "term"), "name-repeated")
    yield from _twice(spots_at(documents["search"], "sections", "*", "finds"), "name-repeated")


def spots_at(documents: Iterable[Document], *pattern: str | int) -> Iterator[Spot]:
    """Yield every text at a path of the documents, where ``*`` stands for each element of a list."""
    for document in documents:
        yield from _walk(document, document.data, (), pattern)


def _walk(document: Document, data: object, path: Path, pattern: tuple[str | int, ...]) -> Iterator[Spot]:
    if not pattern:
        if isinstance(data, str) and data:
            yield data, document, path
    elif isinstance(data, list):
        for index in range(len(data)) if pattern[0] == "*" else [int(pattern[0])]:
            yield from _walk(document, data[index], (*path, index), pattern[1:])
    elif isinstance(data, dict) and pattern[0] in data:
        yield from _walk(document, data[pattern[0]], (*path, pattern[0]), pattern[1:])


def _twice(spots: Iterable[Spot], code: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for text, document, path in spots:
        if text in first:
            yield document.problem(code, path, first=first[text], repeated=text)
        else:
            first[text] = document.place(path)


def _alone(spots: Iterable[Spot]) -> Iterator[Problem]:
    """Return names that have only one possible meaning."""
    found = list(spots)
    times = Counter(text for text, _, _ in found)
    for text, document, path in found:
        if times[text] == 1:
            yield document.problem("may-mean-alone", path, word=text)
