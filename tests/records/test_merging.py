"""Three-way merge: which side changed which field since the common base."""

from hypothesis import given
from hypothesis import strategies as st

from forms_server.records.merging import Whose, compare, fingerprints

IDS = ("content", "measures", "people")
TEXTS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(["", "甲", "乙", "丙\r\n丁"]) for name in IDS}
)


@given(TEXTS, TEXTS, TEXTS)
def test_each_side_is_identified_by_what_it_changed(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
):
    found = compare(fingerprints(before, IDS), mine, theirs, IDS)
    for name in IDS:
        was, my, their = before.get(name, ""), mine.get(name, ""), theirs.get(name, "")
        expected = (
            Whose.NEITHER if my == their
            else Whose.THEIRS if my == was
            else Whose.MINE if their == was
            else Whose.BOTH
        )  # fmt: skip
        assert found[name] is expected


@given(st.text(), TEXTS, TEXTS)
def test_whatever_the_page_sends_back_nothing_is_taken_unasked(
    sent: str, mine: dict[str, str], theirs: dict[str, str]
):
    for name, whose in compare(sent, mine, theirs, IDS).items():
        same = mine.get(name, "") == theirs.get(name, "")
        assert whose is (Whose.NEITHER if same else Whose.BOTH)
