"""Protection against open redirects."""

from urllib.parse import urlsplit


def safe_next(address: str | None, otherwise: str = "/") -> str:
    """Restrict a redirect target to this site (no open redirects)."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(ord(character) < 0x20 or character == "\\" for character in address):
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else address
