"""A return of the invented east township, small enough to be read."""

from typing import Any

from tests.builders import EAST, EAST_WILLOW

FIGURES = ("found", "rectified", "rectifying", "proposed_households", "proposed_people")


def issue(number: int = 1, **other: Any) -> dict[str, Any]:
    """An issue of a household, as it is stored."""
    return {
        "id": f"issue-{number}",
        "campaign_id": "small",
        "form_id": "household-issues",
        "unit_code": EAST,
        "problem_type_id": "housing",
        "township_code": EAST,
        "village_code": EAST_WILLOW,
        "householder": "张某某",
        "household_type": "yiban",
        "people": 4,
        "extra": {"deadline.kind": "date"},
        "state": "rectifying",
        "state_reason": None,
        "version": 1,
        "created_at": f"2022-08-15T09:{number:02}:00",
        "changed_at": "2022-08-15T09:00:00",
        "item_id": None,
        "level": None,
        "content": "西屋山墙有裂缝。",
        "measures": None,
        "responsible_person": "王某某",
        "responsible_unit": None,
        "deadline_text": "8月底前",
        "deadline": "2022-08-31",
        "outcome": None,
        "rectified_on": None,
        **other,
    }


def line(problem_type_id: str, position: int, reported: str = "zero", **figures: int) -> dict[str, Any]:
    """A line of annex 2."""
    names = {"income": "收入变化方面", "housing": "住房安全", "water": "饮水安全"}
    return {
        "problem_type_id": problem_type_id,
        "problem_type": names[problem_type_id],
        "position": position,
        "reported": reported,
        **dict.fromkeys(FIGURES, 0),
        **figures,
    }


def zero(problem_type_id: str) -> dict[str, Any]:
    """A tick: 经排查无问题."""
    return {"problem_type_id": problem_type_id, "created_by": "1", "created_at": "2022-08-15T09:00:00"}


def part(part_id: str, position: int, text: str = "已写。") -> dict[str, Any]:
    """A part of the report."""
    titles = {"work": "排查开展情况", "next": "下一步安排"}
    return {"part_id": part_id, "position": position, "title": titles[part_id], "text": text, "version": 1}


def document(**other: Any) -> dict[str, Any]:
    """A complete return: one issue of housing, and nothing found otherwise."""
    return {
        "format": 1,
        "campaign_id": "small",
        "notice": "青办〔2022〕9号",
        "unit": {"code": EAST, "name": "东河镇"},
        "forms": {"household-issues": 1},
        "figures": [
            line("income", 1),
            line("housing", 2, "yes", found=1, rectifying=1),
            line("water", 3),
        ],
        "issue": [issue()],
        "proposed_household": [],
        "zero_report": [zero("income"), zero("water")],
        "report_text": [part("work", 1), part("next", 2)],
        **other,
    }
