"""The changelog, which merges by union: an entry that two branches changed would stand there twice."""

from collections import Counter

from build_scripts.settings import PROJECT


def test_each_change_is_told_once() -> None:
    lines = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    beginnings = Counter(line[:40] for line in lines if line.startswith("- "))
    assert [words for words, number in beginnings.items() if number > 1] == []
