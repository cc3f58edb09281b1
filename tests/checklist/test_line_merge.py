"""Merging of texts and folders that two sides changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.authoring.folder_merge import merge_folders
from checklist.authoring.line_merge import LineConflict, MergedLines, merge_lines

LINES = st.lists(st.sampled_from("abcdefgh"), max_size=9)
BASE = list("abcdef")


def merged(mine: str, theirs: str, prefer: str = "") -> str:
    found = merge_lines(BASE, list(mine), list(theirs), prefer=prefer)
    return "".join(found.lines) + "!" * len(found.conflicts)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("abXdef", "abcdeY", "abXdeY"),
        ("abXdef", "abcYef", "abXYef"),  # neighbours
        ("abXYef", "abcYef", "abXYef"),  # one of two lines alike
        ("abXcdef", "abcdYef", "abXcdYef"),
        ("abcdef", "acdef", "acdef"),
        ("acdef", "acdef", "acdef"),
        ("abXdef", "abXdef", "abXdef"),
        ("abXdef", "abYdef", "abcdef!"),
        ("abcXdef", "abcYdef", "abcdef!"),  # two insertions: nobody knows which is first
        ("abef", "abcYef", "abcdef!"),
        ("abcdefX", "Yabcdef", "YabcdefX"),
        ("", "abcdef", ""),
    ],
)
def test_each_side_changes(mine: str, theirs: str, expected: str) -> None:
    assert merged(mine, theirs) == expected
    assert merged(theirs, mine) == expected


def test_a_conflict_is_shown_with_its_line_here_and_can_be_decided() -> None:
    found = merge_lines(BASE, list("NabXdef"), list("abYdef"))
    assert found.conflicts == (LineConflict(4, ("c",), ("X",), ("Y",)),)
    assert merged("NabXdef", "abYdef", "mine") == "NabXdef!"
    assert merged("NabXdef", "abYdef", "theirs") == "NabYdef!"


@given(LINES, LINES)
def test_what_one_side_changed_is_taken_as_it_is(base: list[str], other: list[str]) -> None:
    whole = MergedLines(tuple(other), ())
    assert merge_lines(base, base, other) == whole
    assert merge_lines(base, other, base) == whole
    assert merge_lines(base, other, other) == whole


@given(LINES, LINES, LINES)
def test_the_sides_may_be_exchanged(base: list[str], mine: list[str], theirs: list[str]) -> None:
    one, other = merge_lines(base, mine, theirs), merge_lines(base, theirs, mine)
    assert one.lines == other.lines
    assert [(each.mine, each.theirs) for each in one.conflicts] == [
        (each.theirs, each.mine) for each in other.conflicts
    ]


@given(LINES, LINES, LINES)
def test_no_new_line_of_either_side_is_lost(base: list[str], mine: list[str], theirs: list[str]) -> None:
    found = merge_lines(base, mine, theirs)
    if not found.conflicts:
        added = {*mine, *theirs} - {*base}
        assert added <= set(found.lines)
    preferred = merge_lines(base, mine, theirs, prefer="mine").lines
    assert {*mine} - {*base} <= set(preferred)


def test_files_come_and_go_with_the_shipped_folder() -> None:
    base = {"kept.yml": b"a\n", "gone.yml": b"a\n", "edited.yml": b"a\n", "mine.yml": b"a\n"}
    mine = {"kept.yml": b"a\nx\n", "gone.yml": b"a\n", "edited.yml": b"b\n", "own.yml": b"o\n"}
    theirs = {"kept.yml": b"z\na\n", "new.yml": b"n\n"}
    found = merge_folders(base, mine, theirs)
    assert found.shipped == ("edited.yml", "gone.yml", "kept.yml", "mine.yml", "new.yml")
    assert dict(found.written) == {"kept.yml": b"z\na\nx\n", "new.yml": b"n\n"}
    assert found.removed == ("gone.yml",)
    assert [(each.path, each.words) for each in found.conflicts] == [("edited.yml", "这里改过，新版本删去了")]


def test_a_file_that_was_deleted_here_and_changed_there_is_a_conflict() -> None:
    found = merge_folders({"a.yml": b"a\n"}, {}, {"a.yml": b"b\n"})
    assert [each.words for each in found.conflicts] == ["这里删去了，新版本改了"]
    assert not found.written
    assert dict(merge_folders({"a.yml": b"a\n"}, {}, {"a.yml": b"b\n"}, prefer="theirs").written)


def test_what_notepad_does_to_the_ends_of_lines_is_no_change() -> None:
    base, mine = {"a.yml": b"a\nb\nc\n"}, {"a.yml": b"\xef\xbb\xbfa\r\nb\r\nX\r\n"}
    assert not merge_folders(base, mine, base).shipped
    found = merge_folders(base, mine, {"a.yml": b"Y\nb\nc\n"})
    assert not found.conflicts
    assert dict(found.written) == {"a.yml": b"Y\r\nb\r\nX\r\n"}


def test_a_template_of_word_is_taken_as_a_whole() -> None:
    base, word = {"documents/a.docx": b"\xff1"}, {"documents/a.docx": b"\xff2"}
    assert dict(merge_folders(base, base, word).written) == word
    found = merge_folders(base, {"documents/a.docx": b"\xff3"}, word)
    assert [each.words for each in found.conflicts] == ["两边都改了，不能逐行合并"]
