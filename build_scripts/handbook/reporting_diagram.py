"""The reporting diagram: roles in a column, hand-overs downwards on the right, upwards on the left."""

from collections.abc import Iterator
from dataclasses import dataclass

from build_scripts.handbook import svg
from build_scripts.handbook.markdown import block, numbered, plain
from checklist.model import Campaign, CampaignRole

_ROW, _BOX, _TOP = 66, 36, 8
_LEFT, _RIGHT = 110, 250
_FIRST_LANE, _LANE = 18, 23


@dataclass(frozen=True)
class Step:
    """One arrow: number, start and end rows, label."""

    number: int
    start: int
    end: int
    what: str

    @property
    def rows(self) -> tuple[int, int]:
        """The rows that it spans, from the upper to the lower."""
        return min(self.start, self.end), max(self.start, self.end)


def reporting_diagram(campaign: Campaign) -> str:
    """Draw the diagram, with the same in words."""
    roles = campaign.roles.roles
    steps = steps_of(roles)
    sentences = [f"{roles[step.start].name} → {roles[step.end].name}：{step.what}" for step in steps]
    drawn = svg.drawing(
        "reporting",
        _TOP * 2 + _ROW * (len(roles) - 1) + _BOX,
        "谁向谁报",
        "；".join(sentences),
        [*_boxes(roles), *_arrows([step for step in steps if step.start < step.end], _RIGHT, 1),
         *_arrows([step for step in steps if step.start > step.end], _LEFT, -1)],
    )  # fmt: skip
    return f"{drawn}\n\n{block('legend', numbered(plain(sentence) for sentence in sentences))}"


def steps_of(roles: tuple[CampaignRole, ...]) -> list[Step]:
    """Return every hand-over as an arrow, numbered in the order of the roles."""
    row = {role.id: index for index, role in enumerate(roles)}
    pairs = ((role, each) for role in roles for each in role.hands_over)
    return [
        Step(number, row[role.id], row[each.to], each.what)
        for number, (role, each) in enumerate(pairs, start=1)
    ]


def lanes_of(steps: list[Step]) -> list[int]:
    """Assign lanes beside the boxes, 0 the nearest, so that overlapping arrows differ."""
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[int, int] = {}
    for step in sorted(steps, key=lambda step: (step.rows[1] - step.rows[0], step.number)):
        first, last = step.rows
        free = (index for index, lane in enumerate(taken) if all(last <= a or b <= first for a, b in lane))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append(step.rows)
        lanes[step.number] = lane
    return [lanes[step.number] for step in steps]


def _boxes(roles: tuple[CampaignRole, ...]) -> Iterator[str]:
    for index, role in enumerate(roles):
        yield svg.box(_LEFT, _TOP + _ROW * index, _RIGHT - _LEFT, _BOX, role.name)


def _arrows(steps: list[Step], edge: int, side: int) -> Iterator[str]:
    """Draw the arrows on one side of the column; ``side`` is 1 on the right, −1 on the left."""
    for step, lane in zip(steps, lanes_of(steps), strict=True):
        x = edge + side * (_FIRST_LANE + _LANE * lane)
        start, end = _height(step.start, lane, leaving=True), _height(step.end, lane, leaving=False)
        yield svg.arrow("reporting", (edge, start), (x, start), (x, end), (edge + side * 2, end))
        yield svg.number(x, (start + end) / 2, step.number)


def _height(row: int, lane: int, *, leaving: bool) -> float:
    """Return the height at which an arrow touches a box: outgoing below incoming, one height a lane."""
    return _TOP + _ROW * row + (26 - 3 * lane if leaving else 8 + 3 * lane)
