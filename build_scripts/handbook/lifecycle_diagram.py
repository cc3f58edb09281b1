"""The state diagram of an issue: the states are the system's own, the same for every campaign."""

from build_scripts.handbook import svg
from build_scripts.handbook.markdown import block, bullets, plain
from checklist.states import MOVE_NAMES, STATE_NAMES, State

STATES = (
    (STATE_NAMES[State.RECTIFYING], "登记以后就是这个状态。过了整改时限还没有报告整改完成的，显示为逾期。"),
    (STATE_NAMES[State.RECTIFIED], "填报人写清整改成效，报告已整改。"),
    (
        STATE_NAMES[State.CLOSED],
        "核实确实改好了，对账销号；后来查实没有改到位的，写明理由重新打开，按反弹计。",
    ),
)
_STEPS = (MOVE_NAMES["report"], f"核实{MOVE_NAMES['verify']}")
_BACK = f"核实没有改好，{MOVE_NAMES['send_back']}"
_WITHDRAWN = (STATE_NAMES[State.WITHDRAWN], "登记错了或者重复了，可以撤销：记录留着，不再计数。")

_ROW, _BOX, _TOP = 96, 40, 44
_LEFT, _RIGHT = 112, 228


def flow_diagram() -> str:
    """Draw the diagram, with the same in words."""
    lines = [f"**{plain(name)}**：{plain(about)}" for name, about in (*STATES, _WITHDRAWN)]
    (first, _), (second, _), (third, _) = STATES
    words = (
        f"登记后为{first}；{_STEPS[0]}后为{second}；核实没有改好{MOVE_NAMES['send_back']}{first}；"
        f"{_STEPS[1]}后为{third}；任何一步都可以{MOVE_NAMES['withdraw']}。"
    )
    height = _TOP + _ROW * (len(STATES) - 1) + _BOX + 8
    drawn = svg.drawing("flow", height, "一个问题从登记到销号", words, [*_column(), *_back(), *_withdrawn()])
    return f"{drawn}\n\n{block('legend', bullets(lines))}"


def _column() -> list[str]:
    middle = (_LEFT + _RIGHT) / 2
    shapes = [svg.text(middle, 16, "登记"), svg.arrow("flow", (middle, 22), (middle, _TOP - 2))]
    for index, (name, _) in enumerate(STATES):
        top = _TOP + _ROW * index
        shapes.append(svg.box(_LEFT, top, _RIGHT - _LEFT, _BOX, name))
        if index < len(_STEPS):
            shapes.append(svg.arrow("flow", (middle, top + _BOX), (middle, top + _ROW - 2)))
            shapes.append(svg.text(middle + 8, top + _BOX + 33, _STEPS[index], "start"))
    return shapes


def _back() -> list[str]:
    """Draw the arrow from the second state to the first, on the right."""
    upper, lower, lane = _TOP + _BOX / 2, _TOP + _ROW + _BOX / 2, _RIGHT + 30
    words = [
        svg.text(lane + 6, upper + 44 + 18 * row, part, "start") for row, part in enumerate(_BACK.split("，"))
    ]
    return [svg.arrow("flow", (_RIGHT, lower), (lane, lower), (lane, upper), (_RIGHT + 2, upper)), *words]


def _withdrawn() -> list[str]:
    """Draw the arrows from each state, on the left."""
    tops = [_TOP + _ROW * index + _BOX / 2 for index in range(len(STATES))]
    lane, box_top = _LEFT - 18, tops[1] - _BOX / 2
    lines = [f'<path class="arrow arrow--side" d="M{_LEFT:g} {top:g} {lane:g} {top:g}"/>' for top in tops]
    lines.append(f'<path class="arrow arrow--side" d="M{lane:g} {tops[0]:g} {lane:g} {tops[-1]:g}"/>')
    head = svg.arrow("flow", (lane, tops[1]), (84, tops[1]))
    return [*lines, head, svg.box(8, box_top, 74, _BOX, _WITHDRAWN[0], "box box--side")]
