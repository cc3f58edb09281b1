"""Encrypted backups: opened with the passphrase only, and only whole; plain ones hold no key."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.backup import age_format
from forms_server.backup.age_format import (
    DamagedFile,
    DecryptingFile,
    EncryptingFile,
    Lock,
    NotDecrypted,
    Opener,
    WrongPassphrase,
    needs_identity,
)
from forms_server.backup.age_keys import BadKey, Identity, Recipient
from forms_server.backup.backup_archive import reading
from forms_server.backup.backup_manifest import CAMPAIGN, UnusableBackup
from forms_server.returns import sealing
from forms_server.server_settings import AUDIT_KEY
from tests.whole import faults_of

PASSPHRASE = "雨后 三座 木桥 二十"
_BY_ANOTHER_PROGRAM = bytes.fromhex(
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e20736372797074204d32697939314b516e386c744e35576a"
    "4e736b5735412031370a323031715a43515970624950727a4c344232495656595149616c4d6d6c46367a39574165444f"
    "71537754410a2d2d2d20392b585741503862586d336f78734e74676f75504d784f6c7a5162666656697246577a4b5172"
    "445166486f0af1a11ffa8cad5195b657b56432bfce6f23758d604d60e961c0b7a88656c0d4ff642686aeb96b220f51"
)
"""What pyrage 1.4.0 made of “huitoukan” with the passphrase “xyz”."""


_SECRET = "AGE-SECRET-KEY-1V9GK8KEG8UTJWUGQ8RGUPZN92T3Q9T7ZF86JY5AQWASZ7C2ZJWWSQN804J"
_TO_A_KEY_BY_ANOTHER_PROGRAM = bytes.fromhex(
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e20583235353139206963736f74334c4f64656a2f7975394f"
    "5a575772312b7259774c7363635234647374634a6276535a516b670a69734156504c306f4f49476f4475636e567a6b78"
    "675a64513143474136426a6d557343706b4c36634d396b0a2d3e20645e313b70372c2d6772656173652060397a296e32"
    "2b69204046412e0a4e66644d584d31536264346b3938426a6749484e724753587743466347354d4c44456e6b70795967"
    "6a522b644b770a2d2d2d205971394e6b7277444f394636565463677651774d796b556739514f706e6d58394978457049"
    "655357552f340a1f52a310bc88eb657962d3c25bb89eb8ec1bd26b6246a50b5df33846e5dedc3d9f8098547473d21ffa"
)
"""What pyrage made of “huitoukan” for the recipient of that identity, with a stanza that nobody knows."""


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that is guessed fast, so that tests are fast."""
    monkeypatch.setattr(age_format, "WORK", 4)


def encrypted(content: bytes, lock: Lock = PASSPHRASE) -> bytes:
    target = io.BytesIO()
    with EncryptingFile(target, lock) as file:
        file.write(content)
    return target.getvalue()


def decrypted(content: bytes, opener: Opener = PASSPHRASE) -> bytes:
    return io.BufferedReader(DecryptingFile(io.BytesIO(content), opener)).read()


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200_000])
def test_what_was_encrypted_comes_back(size):
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    assert decrypted(encrypted(content)) == content


@pytest.mark.parametrize("size", [0, 100, 65536, 131_072, 200_000])
def test_a_file_that_was_cut_lengthened_or_changed_does_not_open(size):
    whole = encrypted(b"x" * size)
    start = len(whole) - size - 16 * (size // 65536 + 1)
    damaged = [whole[:-1], whole + b"x", whole[:start], whole[: start + 65536 + 16], b"", whole[:50]]
    flips = range(0, len(whole), max(len(whole) // 40, 1))
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in flips]
    for each in damaged:
        if each != whole:
            with pytest.raises(NotDecrypted):
                decrypted(each)


def test_a_header_with_another_spelling_of_the_same_bytes_does_not_open():
    whole = encrypted(b"x")
    end = whole.index(b"\n", whole.index(b"---")) - 1
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = bytes([alphabet[alphabet.index(whole[end]) | 1]])
    assert other != whole[end : end + 1]
    with pytest.raises(DamagedFile):
        decrypted(whole[:end] + other + whole[end + 1 :])


def test_another_passphrase_is_told_from_damage():
    with pytest.raises(WrongPassphrase):
        decrypted(encrypted(b"x"), "another one")


def test_files_of_other_programs_open():
    assert decrypted(_BY_ANOTHER_PROGRAM, "xyz") == b"huitoukan"


def test_a_file_to_a_key_of_another_program_opens():
    identity = Identity.parse(_SECRET)
    assert identity.spelled() == _SECRET
    assert Recipient.parse(str(identity.recipient)) == identity.recipient
    assert decrypted(_TO_A_KEY_BY_ANOTHER_PROGRAM, [Identity.new(), identity]) == b"huitoukan"


def test_any_of_the_recipients_opens_it_and_nobody_else():
    first, second, other = (Identity.new() for _ in range(3))
    whole = encrypted(b"x" * 70_000, [first.recipient, second.recipient])
    assert needs_identity(io.BytesIO(whole))
    assert not needs_identity(io.BytesIO(encrypted(b"x")))
    for each in (first, second):
        assert decrypted(whole, [each]) == b"x" * 70_000
    for opener in ([other], [], PASSPHRASE):
        with pytest.raises(WrongPassphrase):
            decrypted(whole, opener)
    with pytest.raises(WrongPassphrase):
        decrypted(encrypted(b"x"), [first])


def test_a_file_to_a_key_that_was_changed_anywhere_does_not_open():
    identity = Identity.new()
    whole = encrypted(b"huitoukan", [identity.recipient])
    for at in range(len(whole)):
        with pytest.raises(NotDecrypted):
            decrypted(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], [identity])


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_mistyped_key_is_noticed(secret, data):
    text = Identity(secret).spelled()
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L1"))
    assert Identity.parse(text) == Identity.parse(text.lower()) == Identity(secret)
    if text[at] != letter:
        with pytest.raises(BadKey):
            Identity.parse(text[:at] + letter + text[at + 1 :])


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
class TestBackup:
    def test_one_to_a_key_is_restored_elsewhere_whole(self, county, new, kind, tmp_path):
        identity = Identity.new()
        county.backup(tmp_path / "b.zip.age", passphrase=(identity.recipient,))
        other = new(kind)
        with pytest.raises(UnusableBackup, match="--identity"):
            other.restore(tmp_path / "b.zip.age", passphrase=(Identity.new(),))
        other.restore(tmp_path / "b.zip.age", passphrase=(identity,))
        assert other.rows() == county.rows()

    def test_an_encrypted_one_is_restored_elsewhere_whole(self, county, new, kind, tmp_path):
        county.backup(tmp_path / "b.zip.age", passphrase=PASSPHRASE)
        assert b"PK\x03\x04" not in (tmp_path / "b.zip.age").read_bytes()
        other = new(kind)
        other.restore(tmp_path / "b.zip.age", passphrase=PASSPHRASE)
        assert other.rows() == county.rows()
        assert (other.config.home / AUDIT_KEY).read_bytes() == county.config.audit_key()

    @pytest.mark.parametrize(("passphrase", "words"), [(None, "要有做备份时的口令"), ("another", "口令不对")])
    def test_without_the_passphrase_nothing_is_read(self, county, tmp_path, passphrase, words):
        county.backup(tmp_path / "b.zip.age", passphrase=PASSPHRASE)
        with pytest.raises(UnusableBackup, match=words), reading(tmp_path / "b.zip.age", passphrase):
            pass

    def test_a_plain_one_holds_no_key(self, county, tmp_path):
        county.backup(tmp_path / "b.zip")
        key = county.config.audit_key()
        with zipfile.ZipFile(tmp_path / "b.zip") as archive:
            assert AUDIT_KEY not in archive.namelist()
            ours = [name for name in archive.namelist() if not name.startswith(CAMPAIGN)]
            assert all(key not in archive.read(name) for name in ours)

    def test_a_plain_one_needs_the_key_that_sealed_it(self, county, new, kind, tmp_path):
        county.backup(tmp_path / "b.zip")
        other = new(kind)
        type(other).key = b"another"
        with pytest.raises(UnusableBackup, match="--new-key"):
            other.restore(tmp_path / "b.zip")

    def test_with_a_new_key_the_data_are_whole_and_the_audit_says_so(self, county, new, kind, tmp_path):
        county.backup(tmp_path / "b.zip")
        other = new(kind)
        other.restore(tmp_path / "b.zip", new_key=True)
        assert other.issues() == county.issues()
        key = (other.config.home / AUDIT_KEY).read_bytes()
        assert key != county.config.audit_key()
        with other.started() as started:
            assert started.chain_is_whole()
            assert faults_of(started.engine) == []
        [returned] = other.rows()["signed_return"]
        assert returned["seal"] == sealing.seal(key, returned)
        assert "rekey" in {row["action"] for row in other.rows()["audit"]}
