import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.accounts.account_names import clean_name, name_hash


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  张某某 ", "张某某"),
        ("ｚｈａｎｇ１２", "zhang12"),
        ("Zhang San", "Zhang San"),
        ("e\u0301", "é"),
    ],
)
def test_one_spelling_for_what_looks_the_same(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "a\x00b", "a\u200bb", "a\u202eb", "a\ud800", "a\nb", "字" * 61])
def test_what_cannot_be_seen_or_kept_is_refused(typed):
    assert clean_name(typed) is None


@given(st.text())
def test_cleaning_twice_changes_nothing(typed):
    name = clean_name(typed)
    assert name is None or clean_name(name) == name


@given(st.text(alphabet=st.characters(codec=None)))
def test_every_name_has_a_key_to_count_failures_under(typed):
    assert len(name_hash(typed)) == 64


def test_spellings_of_one_name_are_counted_together():
    assert name_hash(" ｏｆｆｉｃｅ") == name_hash("office")
