"""The tamper-evident seal detects changes of content, hash or facts, even with a recomputed hash."""

from datetime import datetime

import pytest

from forms_server.returns.return_document import digest, freeze
from forms_server.returns.sealing import SEALED, is_genuine, seal
from tests.returns.documents import document

KEY = b"the key of a server" * 2


def row(**other):
    content = freeze(document())
    facts = {
        "id": "1", "campaign_id": "small", "unit_code": "999001001", "number": 1, "content": content,
        "sha256": digest(content), "signed_by": "2", "signed_name": "李某某",
        "signed_at": datetime(2022, 8, 30, 9), "late": False,
    }  # fmt: skip
    return {**facts, "seal": seal(KEY, facts), **other}


def test_what_was_signed_is_genuine():
    assert is_genuine(KEY, row())


def test_content_that_was_changed_is_noticed():
    assert not is_genuine(KEY, row(content=freeze(document(notice="别的"))))


def test_content_and_hash_changed_together_are_noticed():
    content = freeze(document(notice="别的"))
    assert not is_genuine(KEY, row(content=content, sha256=digest(content)))


def test_a_seal_of_another_key_is_noticed():
    assert not is_genuine(b"another", row())


@pytest.mark.parametrize("name", [name for name in SEALED if name not in {"late", "number", "signed_at"}])
def test_every_fact_is_under_the_seal(name):
    assert not is_genuine(KEY, row(**{name: "other"}))


@pytest.mark.parametrize("facts", [{"late": True}, {"number": 2}, {"signed_at": datetime(2022, 8, 30, 10)}])
def test_time_number_and_lateness_are_under_the_seal(facts):
    assert not is_genuine(KEY, row(**facts))
