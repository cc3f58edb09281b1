"""``map.geojson``: outlines by name or code; what is no map, or lacks a township, is refused with what to do."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from checklist.loading.loader import InvalidCampaign, load_campaign
from tests.checklist.test_loader import FOLDER

SQUARE = [[116.0, 34.0], [116.5, 34.0], [116.5, 34.5], [116.0, 34.5], [116.0, 34.0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))


def feature(geometry: Any, **properties: str) -> Any:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Any) -> Any:
    return {"type": "Polygon", "coordinates": rings}


def put(folder: Path, *features: Any) -> None:
    told = {"type": "FeatureCollection", "features": features}
    (folder / "map.geojson").write_text(json.dumps(told), encoding="utf-8")


def problems_of(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(InvalidCampaign) as refusal:
        load_campaign(folder)
    return [(problem.code, problem.message) for problem in refusal.value.problems]


def test_townships_are_known_by_name_alias_or_code(folder: Path) -> None:
    west = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    put(folder, feature(polygon(SQUARE), name="东河"), feature(west, code="999001002"))
    outlines = load_campaign(folder).outlines
    assert {code: len(rings) for code, rings in outlines.items()} == {"999001001": 1, "999001002": 2}
    assert outlines["999001001"][0][0] == (116.0, 34.0)


def test_a_strange_name_and_a_township_that_lacks(folder: Path) -> None:
    put(folder, feature(polygon(SQUARE), name="东湖镇"), feature(polygon(SQUARE), name="西岭镇"))
    told = problems_of(folder)
    assert [code for code, _ in told] == ["map-lacks", "map-unknown"]
    assert "缺 东河镇" in told[0][1]
    assert "“东湖镇”" in told[1][1]
    assert "是不是 东河镇" in told[1][1]


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"features": []}', '{"features": [{}]}', '{"features": [1]}', "\xff",
        json.dumps({"features": [feature({"type": "Point", "coordinates": [1, 2]}, name="东河镇")]}),
        json.dumps({"features": [feature(polygon([[1, 2], [3, 4]]), name="东河镇")]}),
        json.dumps({"features": [feature(polygon([[500, 2], [3, 4], [5, 6]]), name="东河镇")]}),
        '{"features": [{"properties": null, "geometry": null}]}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_map_is_one_problem(folder: Path, text: str) -> None:
    (folder / "map.geojson").write_text(text, encoding="latin-1")
    assert [code for code, _ in problems_of(folder)] == ["map-broken"]


def test_points_that_nobody_would_see_are_left_out(folder: Path) -> None:
    fine = [[116.0 + number / 100_000, 34.0] for number in range(50_000)] + [[116.5, 34.5], [116.0, 34.5]]
    put(folder, feature(polygon(fine), name="东河镇"), feature(polygon(SQUARE), name="西岭镇"))
    assert len(load_campaign(folder).outlines["999001001"][0]) < 400
