"""Where to go next, when the address comes from the browser."""

from urllib.parse import urlsplit


def safe_next(address: str | None, otherwise: str = "/") -> str:
    """An address within this site; any other one would let a link lead people from our sign-in to a stranger's."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(ord(character) < 0x20 or character == "\\" for character in address):
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else address
