"""Keys of encrypted backups: who may open one (``age1…``), and the identity that opens it (``AGE-SECRET-KEY-1…``).

X25519 keys in the spelling of age (https://age-encryption.org/v1): Bech32 (BIP 173) without its limit of length.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_PUBLIC, _SECRET = "age", "age-secret-key-"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SUM_LENGTH = 6
_KEY_LENGTH = 32


class BadKey(ValueError):
    """It is no key, or was mistyped."""


@dataclass(frozen=True)
class Recipient:
    """Whose identity opens a file."""

    public: bytes

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """Read ``age1…``.

        Raises:
            BadKey: it is none.
        """
        return cls(_decode(text.strip(), _PUBLIC))

    def __str__(self) -> str:
        return _encode(_PUBLIC, self.public)


@dataclass(frozen=True)
class Identity:
    """The secret that opens files."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Identity":
        """Make one."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """Read ``AGE-SECRET-KEY-1…``.

        Raises:
            BadKey: it is none.
        """
        return cls(_decode(text.strip(), _SECRET))

    @property
    def recipient(self) -> Recipient:
        """Its public half."""
        return Recipient(X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())

    def spelled(self) -> str:
        """The secret in age's spelling."""
        return _encode(_SECRET, self.secret).upper()

    def exchange(self, public: bytes) -> bytes:
        """The secret that it shares with the holder of another key.

        Raises:
            ValueError: a key of low order.
        """
        return X25519PrivateKey.from_private_bytes(self.secret).exchange(
            X25519PublicKey.from_public_bytes(public)
        )


def read_identities(text: str) -> tuple[Identity, ...]:
    """The identities of a file as ``age-keygen`` and ``huitoukan backup-key`` write it: one a line, ``#`` comments.

    Raises:
        BadKey: a line is none, or there is no line.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = tuple(Identity.parse(line) for line in lines if line and not line.startswith("#"))
    if not found:
        raise BadKey
    return found


def read_recipients(text: str) -> tuple[Recipient, ...]:
    """Recipients that commas or blanks part.

    Raises:
        BadKey: one is none.
    """
    return tuple(Recipient.parse(each) for each in text.replace(",", " ").replace("，", " ").split())


def _encode(prefix: str, content: bytes) -> str:
    values = _regroup(content, 8, 5, pad=True)
    rest = _checksum([*_expanded(prefix), *values, *[0] * _SUM_LENGTH]) ^ 1
    values += [rest >> 5 * (_SUM_LENGTH - 1 - each) & 31 for each in range(_SUM_LENGTH)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}"


def _decode(text: str, prefix: str) -> bytes:
    if text not in {text.lower(), text.upper()}:
        raise BadKey
    found, _, letters = text.lower().rpartition("1")
    if found != prefix or not set(letters) <= set(_LETTERS) or len(letters) <= _SUM_LENGTH:
        raise BadKey
    values = [_LETTERS.index(letter) for letter in letters]
    if _checksum([*_expanded(prefix), *values]) != 1:
        raise BadKey
    content = bytes(_regroup(values[:-_SUM_LENGTH], 5, 8, pad=False))
    if len(content) != _KEY_LENGTH or _encode(prefix, content) != text.lower():
        raise BadKey
    return content


def _expanded(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _checksum(values: Iterable[int]) -> int:
    found = 1
    for value in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate(_GENERATOR):
            if top >> bit & 1:
                found ^= part
    return found


def _regroup(values: Iterable[int], given: int, wanted: int, *, pad: bool) -> list[int]:
    """Regroup bits, most significant first; without ``pad``, what does not fill a group is dropped."""
    held, bits, out = 0, 0, []
    for value in values:
        held, bits = (held << given | value) & 0xFFFF, bits + given
        while bits >= wanted:
            bits -= wanted
            out.append(held >> bits & (1 << wanted) - 1)
    if pad and bits:
        out.append(held << (wanted - bits) & (1 << wanted) - 1)
    return out
