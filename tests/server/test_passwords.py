import pytest

from forms_server.accounts import passwords
from forms_server.accounts.password_strength import MAX_LENGTH, weakness
from forms_server.accounts.passwords import PLAIN_CHARACTERS, one_use


def test_a_one_use_password_can_be_read_aloud():
    made = {one_use() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [4, 4, 4]
        assert set("".join(groups)) <= set(PLAIN_CHARACTERS)
    assert not set("0o1lO") & set(PLAIN_CHARACTERS)


@pytest.mark.parametrize(
    "password",
    [
        "short-9ab",
        "x" * (MAX_LENGTH + 1),
        "a123456789",
        "woaini1314",
        "WoAiNi1314!",
        "12345678901",
        "1234567890",
        "aaaaaaaaaaaa",
        "１２３４５６７８９０",
        "qwertyuiop",
        "zhangsan2022",
        "凤城街道凤城街道凤城街道",
        "凤城街道202208",
    ],
)
def test_weak_passwords_are_refused_with_a_sentence(password):
    assert weakness(password, ["zhangsan", "凤城街道"])


@pytest.mark.parametrize("password", ["秋收冬藏春种夏长八月三十一", "baizhou-chuan-7", "9 lan mei guo shu"])
def test_good_passwords_are_taken(password):
    assert weakness(password, ["zhangsan", "凤城街道", ""]) is None


def test_a_hash_fits_its_password_only():
    stored = passwords.hash_password("baizhou-chuan-7")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "baizhou-chuan-7")
    assert passwords.verify(stored, "ｂａｉｚｈｏｕ－ｃｈｕａｎ－７")
    assert not passwords.verify(stored, "baizhou-chuan-8")


def test_without_a_hash_no_password_fits_and_as_much_is_hashed(monkeypatch):
    tried = []
    monkeypatch.setattr(passwords, "_hasher", Recorder(tried))
    assert not passwords.verify(None, "anything")
    assert tried == ["anything"]


class Recorder:
    """Stands in for the hasher and says that everything fits."""

    def __init__(self, tried):
        self.tried = tried

    def hash(self, password):
        return "hash"

    def verify(self, _hash, password):
        self.tried.append(password)


def test_a_damaged_hash_fits_nothing():
    assert not passwords.verify("not a hash", "anything")
