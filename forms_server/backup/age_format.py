"""Encrypted files in the age format (https://age-encryption.org/v1), by passphrase or public key.

Other programs of the format open them, too.

The payload is sealed in chunks of 64 KiB, each with its number and a mark on the last one: a file that was cut,
reordered or changed anywhere does not open.
"""

import base64
import hmac
import io
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from forms_server.backup.age_keys import Identity, Recipient

MAGIC = b"age-encryption.org/v1\n"
WORK = 16
"""Logarithm of the work factor of scrypt: 64 MiB, a quarter of a second."""
_MOST_WORK = 20
"""A file must not be able to ask for all memory."""
_CHUNK = 64 * 1024
_TAG = 16
_NONCE = 16
_LONGEST_HEADER = 16_384
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n"
    rb"((?:-> [!-~]+(?: [!-~]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)+)"
    rb"--- ([A-Za-z0-9+/]{43})\n"
)
_STANZA = re.compile(rb"-> ([!-~ ]+)\n((?:[A-Za-z0-9+/]+\n)*)")
_WRAPPED_LENGTH = 32
_BY_PASSPHRASE, _BY_KEY = b"scrypt", b"X25519"

Lock = str | Sequence[Recipient]
"""What a file is encrypted to: a passphrase, or those who may open it."""
Opener = str | Sequence[Identity]
"""What opens a file: the passphrase, or identities of which one is enough."""


class NotDecrypted(Exception):
    """The file does not open."""


class WrongPassphrase(NotDecrypted):
    """The passphrase or identity is another one, or the file is encrypted in the other way."""


class DamagedFile(NotDecrypted):
    """It is no file of this kind, or was cut or changed."""


class EncryptingFile(io.RawIOBase):
    """Encrypts what is written to it; ``close`` writes the last chunk and leaves the underlying file open."""

    def __init__(self, file: IO[bytes], lock: Lock) -> None:
        super().__init__()
        self._file, self._held, self._number = file, bytearray(), 0
        file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE)
        file.write(_header(file_key, lock) + nonce)
        self._cipher = _payload_cipher(file_key, nonce)

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, content: object) -> int:
        """Take bytes; whole chunks go on at once, but for one that may be the last."""
        given = bytes(content)  # type: ignore[call-overload]
        self._held += given
        while len(self._held) > _CHUNK:
            self._seal(bytes(self._held[:_CHUNK]), last=False)
            del self._held[:_CHUNK]
        return len(given)

    def close(self) -> None:
        """Write what is left as the last chunk."""
        if not self.closed:
            self._seal(bytes(self._held), last=True)
        super().close()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_chunk_nonce(self._number, last=last), chunk, None))
        self._number += 1


class DecryptingFile(io.RawIOBase):
    """Reads an encrypted file at any place, chunk by chunk; nothing decrypted lies on a disk.

    Raises:
        WrongPassphrase, DamagedFile: on opening, and on reading a chunk that was changed.
    """

    def __init__(self, file: IO[bytes], opener: Opener) -> None:
        super().__init__()
        found = _read_header(file)
        file.seek(found.end())
        self._cipher = _payload_cipher(_file_key(found, opener), file.read(_NONCE))
        self._file, self._start, self._at = file, found.end() + _NONCE, 0
        sealed = file.seek(0, os.SEEK_END) - self._start
        self._chunks = max(-(-sealed // (_CHUNK + _TAG)), 1)
        self._size = sealed - self._chunks * _TAG
        self._open: tuple[int, bytes] = (-1, b"")
        self._chunk(self._chunks - 1)  # whether it is whole to its end

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The place."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the place."""
        self._at = max({os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: object) -> int:
        """Decrypt what lies in the chunk at the place."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, _CHUNK)
        part = self._chunk(number)[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(self._start + number * (_CHUNK + _TAG))
            nonce = _chunk_nonce(number, last=number == self._chunks - 1)
            try:
                content = self._cipher.decrypt(nonce, self._file.read(_CHUNK + _TAG), None)
            except (InvalidTag, ValueError) as error:
                raise DamagedFile from error
            self._open = number, content
        return self._open[1]


def is_encrypted(file: IO[bytes]) -> bool:
    """Whether a file says that it is of this format; leaves it at its start."""
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


def needs_identity(file: IO[bytes]) -> bool:
    """Whether an encrypted file is opened by an identity, rather than by a passphrase; leaves it at its start.

    Raises:
        DamagedFile: it is no file of this format.
    """
    found = _read_header(file)
    file.seek(0)
    return any(kind != _BY_PASSPHRASE for kind, _, _ in _stanzas(found))


def _read_header(file: IO[bytes]) -> re.Match[bytes]:
    found = _HEADER.match(file.read(_LONGEST_HEADER))
    if not found:
        raise DamagedFile
    return found


def _header(file_key: bytes, lock: Lock) -> bytes:
    wrapped = (
        [_for_passphrase(file_key, lock)]
        if isinstance(lock, str)
        else [_for_recipient(file_key, each) for each in lock]
    )
    told = MAGIC + b"".join(wrapped) + b"---"
    return told + b" " + _base64(_header_mac(file_key, told)) + b"\n"


def _for_passphrase(file_key: bytes, passphrase: str) -> bytes:
    salt = secrets.token_bytes(16)
    wrapped = _wrap(_wrapping_key(passphrase, salt, WORK), file_key)
    return b"-> scrypt " + _base64(salt) + f" {WORK}\n".encode() + wrapped


def _for_recipient(file_key: bytes, recipient: Recipient) -> bytes:
    once = Identity.new()
    share = once.recipient.public
    key = _shared_key(once.exchange(recipient.public), share, recipient)
    return b"-> X25519 " + _base64(share) + b"\n" + _wrap(key, file_key)


def _wrap(key: bytes, file_key: bytes) -> bytes:
    return _base64(ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)) + b"\n"


def _stanzas(found: re.Match[bytes]) -> Iterator[tuple[bytes, list[bytes], bytes]]:
    """Kind, arguments and body of each stanza."""
    for each in _STANZA.finditer(found[1]):
        kind, *arguments = each[1].split(b" ")
        yield kind, arguments, each[2].replace(b"\n", b"")


def _file_key(found: re.Match[bytes], opener: Opener) -> bytes:
    if not _is_canonical(found[2]):
        raise DamagedFile
    stanzas = list(_stanzas(found))
    keys = _by_passphrase(stanzas, opener) if isinstance(opener, str) else _by_identities(stanzas, opener)
    for key, wrapped in keys:
        try:
            file_key = ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)
        except (InvalidTag, ValueError):
            continue
        told = found[0][: found.start(2) - 1 - found.start()]
        if not hmac.compare_digest(_header_mac(file_key, told), _unbase64(found[2])):
            raise DamagedFile
        return file_key
    raise WrongPassphrase


def _by_passphrase(
    stanzas: Sequence[tuple[bytes, list[bytes], bytes]], passphrase: str
) -> Iterator[tuple[bytes, bytes]]:
    """The one key that a passphrase gives; a file of this kind has a single stanza."""
    for kind, arguments, body in stanzas:
        if kind != _BY_PASSPHRASE:
            continue
        if len(stanzas) != 1 or not (len(arguments) == 2 and re.fullmatch(rb"\d{1,2}", arguments[1])):
            raise DamagedFile
        salt, work = _argument(arguments[0], 16), int(arguments[1])
        if not 1 <= work <= _MOST_WORK:
            raise DamagedFile
        yield _wrapping_key(passphrase, salt, work), _argument(body, _WRAPPED_LENGTH)


def _by_identities(
    stanzas: Sequence[tuple[bytes, list[bytes], bytes]], identities: Sequence[Identity]
) -> Iterator[tuple[bytes, bytes]]:
    """A key for each pair of stanza and identity."""
    for kind, arguments, body in stanzas:
        if kind != _BY_KEY:
            continue
        if len(arguments) != 1:
            raise DamagedFile
        share, wrapped = _argument(arguments[0], 32), _argument(body, _WRAPPED_LENGTH)
        for each in identities:
            try:
                yield _shared_key(each.exchange(share), share, each.recipient), wrapped
            except ValueError as error:
                raise DamagedFile from error


def _argument(text: bytes, length: int) -> bytes:
    if (
        len(text) != -(-length * 4 // 3)
        or not re.fullmatch(rb"[A-Za-z0-9+/]+", text)
        or not _is_canonical(text)
    ):
        raise DamagedFile
    return _unbase64(text)


def _shared_key(secret: bytes, share: bytes, recipient: Recipient) -> bytes:
    return HKDF(SHA256(), 32, share + recipient.public, b"age-encryption.org/v1/X25519").derive(secret)


def _wrapping_key(passphrase: str, salt: bytes, work: int) -> bytes:
    scrypt = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=2**work, r=8, p=1)
    return scrypt.derive(passphrase.encode())


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))


def _header_mac(file_key: bytes, told: bytes) -> bytes:
    return hmac.digest(HKDF(SHA256(), 32, None, b"header").derive(file_key), told, "sha256")


def _chunk_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _base64(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _is_canonical(text: bytes) -> bool:
    """Whether the last character has no bits that decoding would ignore, so that a changed one is noticed."""
    return _base64(_unbase64(text)) == text


def _unbase64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))
