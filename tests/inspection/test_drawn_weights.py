"""Weights of what was looked at, and the weighted rate, against numbers worked out by hand."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert

from build_scripts.counting.supervision_rates import Rate, weighted_rate
from build_scripts.sampling.stratified_draw import DrawnKind
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.db.engine import transaction
from forms_server.db.tables import draw, draw_replacement, draw_row
from forms_server.desk import Desk
from forms_server.inspection.drawn_weights import weights
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE
from tests.inspection.conftest import INSPECTION, supervised_campaign
from tests.server.conftest import NOW, SignedIn
from tests.whole import vouch

DRAW = str(UUID(int=77))


def row(
    kind: DrawnKind, subject: str, group: str, stratum: str = "all", why: str = "", marks: str = ""
) -> dict:
    return {
        "draw_id": DRAW, "kind": kind.value, "subject_id": subject, "group_code": group, "stratum": stratum,
        "marks": marks, "rank": 1, "why": why,
    }  # fmt: skip


ROWS = [
    row(DrawnKind.VILLAGE, EAST_WILLOW, EAST, why="lot"),
    row(DrawnKind.VILLAGE, EAST_DAM, EAST),
    row(DrawnKind.HOUSEHOLD, "must", EAST_WILLOW, "watched", "told", "told"),
    *(row(DrawnKind.HOUSEHOLD, f"w{n}", EAST_WILLOW, "watched", "lot" if n < 2 else "") for n in range(4)),
    *(row(DrawnKind.HOUSEHOLD, f"o{n}", EAST_WILLOW, "others", "lot" if n < 2 else "") for n in range(20)),
    *(row(DrawnKind.ISSUE, f"i{n}", EAST, why="lot" if n == 0 else "") for n in range(3)),
]
LOOKED_AT = {"must", "w0", "w1", "o0", "o2", "i0"}
"""``o1`` was not to be found; ``o2`` stands in for it."""


def test_each_one_stands_for_its_stratum_and_its_village(app: Flask, signed_in: SignedIn):
    signed_in(OFFICE, Role.OFFICE)
    with transaction(app.extensions["huitoukan"].engine) as connection:
        office = account_store.find_by_name(connection, f"{OFFICE}-office-")
        sealed = {
            "id": DRAW, "campaign_id": "small", "number": 1, "seed_sha256": "a" * 64, "sealed_by": office.id,
            "sealed_at": NOW, "drawn_at": NOW, "drawn_by": office.id, "seed": "x" * 20,
            "plan": INSPECTION.draw.model_dump(mode="json"), "list_sha256": "b" * 64,
        }  # fmt: skip
        connection.execute(insert(draw).values({k: v for k, v in sealed.items() if k in draw.c}))
        connection.execute(insert(draw_row), ROWS)
        instead = {
            "draw_id": DRAW, "subject_id": "o1", "replacement_id": "o2", "reason": "外出", "replaced_by": office.id,
            "replaced_at": NOW,
        }  # fmt: skip
        connection.execute(insert(draw_replacement).values(instead))
        vouch(connection, NOW)
        desk = Desk(connection, supervised_campaign(), office, NOW)
        found = weights(desk, LOOKED_AT)
        chosen = {"o3", "o4", "w3", "i1", "i2"}
        assert weights(desk, LOOKED_AT | chosen) == found, "what somebody chose has no chance to be drawn"
    of_household = {key: value for (kind, key), value in found.items() if kind is DrawnKind.HOUSEHOLD}
    assert {key: of_household[key] for key in sorted(LOOKED_AT - {"i0"})} == {
        "must": 2.0,  # one of two villages
        "o0": 20.0,  # two of twenty, one of two villages
        "o2": 20.0,
        "w0": 4.0,  # two of four
        "w1": 4.0,
    }
    assert found[DrawnKind.ISSUE, "i0"] == 3.0


def test_a_weighted_rate_is_that_of_what_each_one_stands_for():
    rate = weighted_rate([(True, 20.0), (False, 20.0), (False, 4.0), (False, 4.0), (True, 2.0)])
    assert (rate.hits, rate.looked_at, rate.share) == (2, 5, 22 / 50)
    assert rate.effective == pytest.approx(50 * 50 / (400 + 400 + 16 + 16 + 4))
    low, high = rate.interval
    assert low < Rate(22, 50).interval[0]  # five households are less certain than fifty
    assert high > Rate(22, 50).interval[1]


def test_equal_weights_are_the_plain_rate():
    looks = [(number < 3, 7.0) for number in range(20)]
    assert weighted_rate(looks) == Rate(3, 20)
    assert weighted_rate(looks).interval == Rate(3, 20).interval
    assert weighted_rate([]).share is None
