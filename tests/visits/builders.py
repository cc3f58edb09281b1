"""Households and visits of the invented county."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from checklist.model import Campaign
from forms_server.db.tables import household
from forms_server.desk import Desk
from forms_server.visits.visit import Answer, Start, SubmittedAnswer
from tests.builders import EAST, EAST_WILLOW
from tests.records.builders import LATE_AUGUST, form_of

LISTED = datetime(2022, 8, 9, 8)
FINE, NOT_APPLICABLE = SubmittedAnswer(Answer.FINE), SubmittedAnswer(Answer.NOT_APPLICABLE)

ALL_FINE = {
    "income-stable": FINE,
    "income-drop": FINE,
    "guarantees-clear": FINE,
    "house-safe": FINE,
    "water-enough": NOT_APPLICABLE,
}


def household_id(number: int) -> str:
    return str(UUID(int=5000 + number))


def visit_id(number: int) -> str:
    return str(UUID(int=7000 + number))


def add_household(
    desk: Desk, number: int = 1, village: str = EAST_WILLOW, township: str = EAST, **other: Any
) -> str:
    """Put a household on the roster."""
    row = {
        "id": household_id(number),
        "campaign_id": desk.campaign.id,
        "township_code": township,
        "village_code": village,
        "householder": f"张某{number}",
        "household_type": "tuopin",
        "people": 3,
        "active": True,
        "created_at": LISTED,
        "changed_at": LISTED,
    }
    desk.connection.execute(insert(household).values({**row, **other}))
    return household_id(number)


def start(campaign: Campaign, number: int = 1, household: str | None = None, **other: Any) -> Start:
    """A visit as it is begun."""
    typed = {"township": EAST, "village": EAST_WILLOW, "householder": "李某某", "household_type": "yiban"}
    values = {} if household else typed
    return Start(visit_id(number), form_of(campaign, "household-issues"), {**values, **other}, household)


def problem(content: str = "西屋山墙有裂缝。", problem_type: str = "housing") -> SubmittedAnswer:
    """That something is wrong, with what it has for itself."""
    return SubmittedAnswer(
        Answer.PROBLEM,
        {
            "problem_type": problem_type,
            "content": content,
            "measures": "请人鉴定。",
            "responsible_person": "王某某",
            "responsible_unit": "东河镇",
            "deadline": LATE_AUGUST,
        },
    )
