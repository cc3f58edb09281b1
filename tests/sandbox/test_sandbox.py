"""A child that reads a stranger's bytes may die in any way: the parent lives, and knows which."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from build_scripts.sandbox.child_limits import MEGABYTE, ChildLimits
from build_scripts.sandbox.child_process import ChildFailed, Death, Frame, sandboxed

MODULE = "tests.sandbox.dying"
LIMITS = ChildLimits(memory=256 * MEGABYTE, seconds=10, output=MEGABYTE)


def frames_of(way: str, limits: ChildLimits = LIMITS, data: bytes = b"", module: str = MODULE) -> list[Frame]:
    with sandboxed(module, [way.encode() + b"\n", data], limits) as frames:
        return list(frames)


def failure_of(way: str, limits: ChildLimits = LIMITS) -> ChildFailed:
    with pytest.raises(ChildFailed) as failed:
        frames_of(way, limits)
    return failed.value


def children() -> str:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()


def test_frames_come_with_their_blocks_and_the_child_knows_its_limits() -> None:
    assert frames_of("echo", data=b"a\n\xff\0\n") == [({"more": 10}, b"a\n"), ({"more": 10}, b"\xff\0\n")]


def test_nothing_to_hand_over_is_an_answer_too() -> None:
    assert frames_of("echo") == []


def test_a_refusal_is_the_childs_own_word_after_what_it_gave_before() -> None:
    with sandboxed(MODULE, [b"refuse\n"], LIMITS) as frames:
        assert next(frames) == ({"some": "frame"}, b"")
        with pytest.raises(ChildFailed) as failed:
            next(frames)
    assert (failed.value.death, failed.value.code) == (Death.REFUSED, "not-wanted")


@pytest.mark.parametrize(
    ("way", "death"),
    [
        ("take memory", Death.OUT_OF_MEMORY),
        ("flood", Death.TOO_MUCH),
        ("one long line", Death.TOO_MUCH),
        ("be killed", Death.KILLED),
        ("abort", Death.CRASHED),
        ("raise", Death.CRASHED),
        ("exit", Death.CRASHED),
        ("write a file", Death.CRASHED),
        ("say nothing", Death.NONSENSE),
        ("no JSON", Death.NONSENSE),
        ("no object", Death.NONSENSE),
        ("deep", Death.NONSENSE),
        ("half a line", Death.NONSENSE),
        ("half a block", Death.NONSENSE),
        ("a negative length", Death.NONSENSE),
        ("a length in words", Death.NONSENSE),
    ],
)
def test_each_way_of_dying_is_distinguished(way: str, death: Death) -> None:
    assert failure_of(way).death is death


@pytest.mark.parametrize("way", ["wait", "wait in silence", "spin"])
def test_one_that_takes_too_long_by_the_clock_is_ended(way: str) -> None:
    assert failure_of(way, replace(LIMITS, seconds=1, patience=1)).death is Death.TOO_LONG


def test_one_that_takes_too_much_of_the_processor_ends_before_the_clock() -> None:
    assert failure_of("spin", replace(LIMITS, seconds=1, patience=300)).death is Death.TOO_LONG


def test_a_file_may_be_as_large_as_the_limit_says() -> None:
    assert frames_of("write a file", replace(LIMITS, file_size=MEGABYTE)) == [({"written": True}, b"")]


def test_a_module_that_is_not_there_is_a_crash() -> None:
    with pytest.raises(ChildFailed) as failed:
        frames_of("echo", module="tests.sandbox.nowhere")
    assert failed.value.death is Death.CRASHED


def test_the_child_sees_nothing_of_our_environment_and_leaves_no_image(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUITOUKAN_DATABASE", "postgresql://secret")
    [(about, _)] = frames_of("tell of itself")
    assert not any("HUITOUKAN" in name or "secret" in value for name, value in about["environment"].items())
    assert about["core"] == 0


def test_a_child_whose_frames_nobody_wants_any_more_is_gone_with_the_block() -> None:
    before = children()
    with sandboxed(MODULE, [b"flood\n"], LIMITS) as frames:
        next(frames)
        assert children() != before
    assert children() == before
