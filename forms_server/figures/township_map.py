"""The county's townships as tiles in the order of ``units.yml``, or by their outlines where the campaign has a map."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

from build_scripts.handbook import svg
from build_scripts.handbook.county_charts import shade

_ACROSS, _GAP = 5, 4
_TILE_HEIGHT, _TOP = 58, 60
_LEFT, _WIDTH = 8, 344
_LONGEST = 4
"""Characters that fit across a tile."""
_LEGEND_BOX = 16

Ring = Sequence[tuple[float, float]]
"""Longitudes and latitudes of an outline."""


@dataclass(frozen=True)
class Township:
    """A township of the map: what is not rectified, of how many; ``found`` is None where it has not reported."""

    code: str
    name: str
    found: int | None
    done: int

    @property
    def left(self) -> int:
        """Issues that are not rectified."""
        return (self.found or 0) - self.done

    @property
    def words(self) -> str:
        """The figure on the map, as open of found; a dash where nothing was reported."""
        return "—" if self.found is None else f"{self.left}/{self.found}"


def township_map(
    title: str, as_of: str, townships: Sequence[Township], outlines: Mapping[str, Sequence[Ring]]
) -> str:
    """Draw each township with its figure, darker for more open issues; what has not reported is blank with a dash.

    Args:
        title: of the drawing.
        as_of: the moment, in words.
        townships: in their usual order; at least one.
        outlines: by township code; drawn only if no township lacks its own.
    """
    counts = sorted(each.left for each in townships if each.left)
    legend = list(_legend(as_of, counts))
    complete = all(outlines.get(each.code) for each in townships)
    bottom, shapes = _outlined(townships, outlines, counts) if complete else _tiled(townships, counts)
    words = "；".join(f"{each.name}{_said(each)}" for each in townships)
    return svg.drawing("townships", round(bottom) + 4, title, f"{words}；{as_of}", [*legend, *shapes])


def _said(each: Township) -> str:
    return "还没有报" if each.found is None else f"共{each.found}个，{each.left}个没有整改"


def _css(each: Township, counts: list[int]) -> str:
    return "map-none" if each.found is None else f"map-{shade(each.left, counts)}"


def _legend(as_of: str, counts: Sequence[int]) -> Iterator[str]:
    """Say what the shades and the figures mean."""
    yield svg.text(_LEFT, 19, "没有整改的：少", "start")
    for step in range(6):
        yield _box(110 + step * (_LEGEND_BOX + 2), 7, _LEGEND_BOX, _LEGEND_BOX, f"map-{step}")
    most = f"多（{counts[-1]} 个）" if counts else "多"
    yield svg.text(114 + 6 * (_LEGEND_BOX + 2), 19, most, "start")
    yield _box(_LEFT, 32, _LEGEND_BOX, _LEGEND_BOX, "map-none")
    yield svg.text(_LEFT + 22, 45, "— 还没有报", "start")
    yield svg.text(_LEFT + _WIDTH, 45, as_of, "end")


def _tiled(townships: Sequence[Township], counts: list[int]) -> tuple[float, list[str]]:
    wide = (_WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS
    shapes: list[str] = []
    for number, each in enumerate(townships):
        row, column = divmod(number, _ACROSS)
        left, top = _LEFT + column * (wide + _GAP), _TOP + row * (_TILE_HEIGHT + _GAP)
        shapes += [
            _box(left, top, wide, _TILE_HEIGHT, _css(each, counts)),
            svg.text(left + wide / 2, top + 24, _short(each.name)),
            svg.text(left + wide / 2, top + 45, each.words),
        ]
    rows = -(-len(townships) // _ACROSS)
    return _TOP + rows * (_TILE_HEIGHT + _GAP), shapes


def _short(name: str) -> str:
    """The name without its last character (镇, 乡) where it is too long for a tile."""
    return name if len(name) <= _LONGEST else name[:-1][:_LONGEST]


def _outlined(
    townships: Sequence[Township], outlines: Mapping[str, Sequence[Ring]], counts: list[int]
) -> tuple[float, list[str]]:
    """Draw the outlines, north up, with the figures at the middle of the largest ring."""
    points = [point for each in townships for ring in outlines[each.code] for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = _WIDTH / max((east - west) * narrow, 1e-9)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + (point[0] - west) * narrow * scale, _TOP + (north - point[1]) * scale

    drawn: list[str] = []
    words: list[str] = []
    for each in townships:
        rings = [[place(point) for point in ring] for ring in outlines[each.code]]
        path = "".join(f"M{' '.join(f'{x:.5g} {y:.5g}' for x, y in ring)}z" for ring in rings)
        drawn.append(f'<path class="{_css(each, counts)}" d="{path}"/>')
        x, y = _middle(max(rings, key=_area))
        words += [svg.text(x, y - 3, _short(each.name)), svg.text(x, y + 13, each.words)]
    return _TOP + (north - south) * scale, [*drawn, *words]


def _area(ring: Ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _middle(ring: Ring) -> tuple[float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _box(left: float, top: float, width: float, height: float, css: str) -> str:
    return (
        f'<rect class="{css}" x="{left:.4g}" y="{top:.4g}" width="{width:.4g}" height="{height:.4g}" rx="4"/>'
    )
