"""``map.geojson``: the outlines of the townships, for the map of the office's desk. A campaign may have none.

A feature collection (RFC 7946) of polygons; each feature names its township in ``properties.name`` or by its code.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checklist.messages import say
from checklist.model import Units
from checklist.problems import Problem, nearest

MAP = "map.geojson"
_FINEST = 1 / 300
"""Points nearer to the one before, as a share of the county's width, are left out: nobody would see them."""

Rings = tuple[tuple[tuple[float, float], ...], ...]
"""The outer rings of a township: longitudes and latitudes."""


class _NoMap(ValueError):
    """Not a feature collection of polygons."""


@dataclass
class Outlines:
    """What the file holds, by township code, and what is wrong with it."""

    by_code: Mapping[str, Rings] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_outlines(folder: Path, units: Units) -> Outlines:
    """Read the outlines of a campaign folder; none where there is no file."""
    path = folder / MAP
    if not path.is_file():
        return Outlines()
    try:
        features = _features(json.loads(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        return Outlines(problems=[_problem("map-broken", detail=str(error)[:100])])
    known = {each.code: each.code for each in units.townships}
    known |= {name: each.code for each in units.townships for name in (each.name, *each.aliases)}
    strange = [name for name in features if name not in known]
    found: dict[str, Rings] = {}
    for name, rings in features.items():
        if name in known:
            found[known[name]] = found.get(known[name], ()) + rings
    names = [each.name for each in units.townships]
    problems = [_problem("map-unknown", typed=name, near=nearest(name, names)) for name in strange]
    if lacking := [each.name for each in units.townships if each.code not in found]:
        problems.append(_problem("map-lacks", known=lacking))
    return Outlines(_thinned(found), problems)


def _problem(code: str, **words: Any) -> Problem:
    return Problem(f"{MAP}:1:1", code, say(code, **words))


def _features(told: Any) -> dict[str, Rings]:
    if not isinstance(told, dict) or not isinstance(told.get("features"), list) or not told["features"]:
        raise _NoMap("没有 features")
    found: dict[str, Rings] = {}
    for number, each in enumerate(told["features"], 1):
        try:
            properties, geometry = each["properties"], each["geometry"]
            name = str(properties.get("code") or properties.get("name") or "")
            rings = tuple(_rings(geometry["type"], geometry["coordinates"]))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise _NoMap(f"第 {number} 个 feature 不是有名称的 Polygon 或 MultiPolygon") from error
        found[name] = found.get(name, ()) + rings
    return found


def _rings(kind: str, coordinates: Any) -> Iterator[tuple[tuple[float, float], ...]]:
    """The outer ring of each polygon; holes are not drawn."""
    for polygon in {"Polygon": [coordinates], "MultiPolygon": coordinates}[kind]:
        ring = tuple((float(point[0]), float(point[1])) for point in polygon[0])
        if len(ring) < 3 or not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring):
            raise ValueError
        yield ring


def _thinned(found: Mapping[str, Rings]) -> dict[str, Rings]:
    across = [x for rings in found.values() for ring in rings for x, _ in ring]
    if not across:
        return {}
    finest = (max(across) - min(across)) * _FINEST
    return {code: tuple(_thin(ring, finest) for ring in rings) for code, rings in found.items()}


def _thin(ring: tuple[tuple[float, float], ...], finest: float) -> tuple[tuple[float, float], ...]:
    kept = [ring[0]]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= finest:
            kept.append((x, y))
    return tuple(kept) if len(kept) > 2 else ring
