"""Encrypted backups: opened with the passphrase only, and only whole; plain ones hold no key."""

import io
import zipfile

import pytest

from forms_server.backup import age_format
from forms_server.backup.age_format import (
    DamagedFile,
    DecryptingFile,
    EncryptingFile,
    NotDecrypted,
    WrongPassphrase,
)
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


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that is guessed fast, so that tests are fast."""
    monkeypatch.setattr(age_format, "WORK", 4)


def encrypted(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    target = io.BytesIO()
    with EncryptingFile(target, passphrase) as file:
        file.write(content)
    return target.getvalue()


def decrypted(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(DecryptingFile(io.BytesIO(content), passphrase)).read()


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


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
class TestBackup:
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
