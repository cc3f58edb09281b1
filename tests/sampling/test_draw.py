"""The draw is decided by seed, plan and list alone, and keeps the plan's numbers."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.sampling.drawn_order import new_seed, order_key, seed_hash
from build_scripts.sampling.stratified_draw import (
    ALL,
    BY_LOT,
    Candidate,
    DrawnKind,
    draw,
    list_hash,
    replacements,
)
from checklist.model import DrawPlan, Mark

SEED = "a seed that was sealed before"
PLAN = DrawPlan.model_validate_json("""{
    "villages": {"per_township": 1, "always": [{"mark": "nothing-found", "take": 1}]},
    "households": {
        "strata": [
            {"id": "watched", "name": "监测对象", "household_types": ["a"], "take": 2},
            {"id": "others", "name": "其他", "take": 1}
        ],
        "always": [{"mark": "told", "take": 1}, {"mark": "proposed"}],
        "weights": [{"mark": "hasty", "times": 3}]
    },
    "issues": {"per_unit": 2}
}""")

MARKS = {
    DrawnKind.VILLAGE: [Mark.NOTHING_FOUND],
    DrawnKind.HOUSEHOLD: [Mark.TOLD, Mark.PROPOSED, Mark.HASTY],
    DrawnKind.ISSUE: [Mark.NO_PHOTO],
}


@st.composite
def lists(drawing):
    """Villages of two townships, and households of each."""
    candidates = []
    for number in range(drawing(st.integers(0, 6))):
        marks = drawing(st.frozensets(st.sampled_from(MARKS[DrawnKind.VILLAGE])))
        candidates.append(Candidate(DrawnKind.VILLAGE, f"v{number}", f"t{number % 2}", ALL, marks))
        for house in range(drawing(st.integers(0, 7))):
            marks = drawing(st.frozensets(st.sampled_from(MARKS[DrawnKind.HOUSEHOLD])))
            stratum = drawing(st.sampled_from(["watched", "others"]))
            candidates.append(
                Candidate(DrawnKind.HOUSEHOLD, f"v{number}h{house}", f"v{number}", stratum, marks)
            )
    issues = range(drawing(st.integers(0, 5)))
    return [*candidates, *(Candidate(DrawnKind.ISSUE, f"i{each}", f"t{each % 2}") for each in issues)]


@given(lists(), st.randoms(use_true_random=False))
def test_any_order_of_the_list_draws_the_same(candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert draw(SEED, PLAN, shuffled) == draw(SEED, PLAN, candidates)
    assert list_hash(shuffled) == list_hash(candidates)


@given(lists())
def test_each_stratum_has_its_number_and_what_is_always_in_is_in(candidates):
    drawn = draw(SEED, PLAN, candidates)
    for township in ("t0", "t1"):
        villages = [
            each
            for each in drawn
            if each.candidate.kind is DrawnKind.VILLAGE and each.candidate.group == township
        ]
        assert sum(each.why == Mark.NOTHING_FOUND for each in villages) == min(
            1, sum(Mark.NOTHING_FOUND in each.candidate.marks for each in villages)
        )
        assert sum(each.why == BY_LOT for each in villages) == min(
            1, sum(each.why != Mark.NOTHING_FOUND for each in villages)
        )
    taken = {each.candidate.id for each in drawn if each.taken}
    households = [each for each in drawn if each.candidate.kind is DrawnKind.HOUSEHOLD]
    assert {each.candidate.group for each in households} <= taken
    for village in {each.candidate.group for each in households}:
        here = [each for each in households if each.candidate.group == village]
        assert all(each.taken for each in here if Mark.PROPOSED in each.candidate.marks)
        if any(Mark.TOLD in each.candidate.marks for each in here):
            assert any(each.taken for each in here if Mark.TOLD in each.candidate.marks)
        for stratum, number in (("watched", 2), ("others", 1)):
            free = [each for each in here if each.candidate.stratum == stratum and each.why in {"", BY_LOT}]
            assert sum(each.taken for each in free) == min(number, len(free))


@given(lists())
def test_the_stored_list_repeats_the_draw(candidates):
    drawn = draw(SEED, PLAN, candidates)
    assert draw(SEED, PLAN, [each.candidate for each in drawn]) == drawn


@given(lists())
def test_who_replaces_is_the_next_of_the_same_stratum_then_of_the_others(candidates):
    drawn = draw(SEED, PLAN, candidates)
    for gone in (each for each in drawn if each.taken and each.candidate.kind is DrawnKind.HOUSEHOLD):
        used: set[str] = set()
        while found := replacements(drawn, ["watched", "others"], used, gone):
            first = found[0].candidate
            assert not found[0].taken
            assert first.group == gone.candidate.group
            left = [
                each
                for each in drawn
                if not each.taken and each.candidate.group == first.group and each.candidate.id not in used
            ]
            same = [each for each in left if each.candidate.stratum == gone.candidate.stratum]
            assert found[0] == min(same or left, key=lambda each: each.rank)
            used.add(first.id)


def test_the_order_is_an_hmac_that_anyone_can_repeat():
    assert order_key(SEED, "h1") == hmac.new(SEED.encode(), b"h1", hashlib.sha256).hexdigest()
    assert seed_hash(SEED) == hashlib.sha256(SEED.encode()).hexdigest()
    assert order_key(SEED, "h1", 3) == min(order_key(SEED, each) for each in ("h1", "h1#2", "h1#3"))


def test_another_seed_draws_others():
    households = [Candidate(DrawnKind.HOUSEHOLD, f"h{each}", "v", "watched") for each in range(200)]
    village = Candidate(DrawnKind.VILLAGE, "v", "t")
    first, second = (
        {each.candidate.id for each in draw(seed, PLAN, [village, *households]) if each.taken}
        for seed in (SEED, "another seed of sixteen")
    )
    assert first != second
    assert len(new_seed()) >= 32


def test_a_weight_of_three_is_drawn_first_three_times_as_often():
    firsts = Counter()
    for number in range(4000):
        heavy = Candidate(DrawnKind.HOUSEHOLD, "heavy", "v", "others", frozenset({Mark.HASTY}))
        light = replace(heavy, id="light", marks=frozenset())
        drawn = draw(f"seed {number}", PLAN, [Candidate(DrawnKind.VILLAGE, "v", "t"), heavy, light])
        firsts.update(
            each.candidate.id
            for each in drawn
            if each.why == BY_LOT and each.candidate.kind is DrawnKind.HOUSEHOLD
        )
    assert abs(firsts["heavy"] / 4000 - 0.75) < 0.03


def test_a_changed_list_has_another_hash():
    candidates = [Candidate(DrawnKind.HOUSEHOLD, f"h{each}", "v", "watched") for each in range(5)]
    changed = [replace(candidates[0], stratum="others"), *candidates[1:]]
    assert list_hash(changed) != list_hash(candidates)
    assert list_hash(candidates[::-1]) == list_hash(candidates)
