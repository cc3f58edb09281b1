"""Keys that the server gives a signed-in browser, derived from the audit's key, which backups hold."""

import base64
import hashlib
import hmac

from forms_server.web.current_services import services


def storage_key(account_id: str) -> str:
    """Key (256 bits, base64) by which the account's browsers encrypt what they keep; the same on all of them.

    The server hands it to a signed-in session only. After a restore from a backup it is the same as before.
    """
    return base64.b64encode(_derived(b"browser-storage", account_id)).decode()


def late_token(account_id: str) -> str:
    """Token by which a browser hands in what it kept for an account, once that is disabled; good for nothing else."""
    return base64.urlsafe_b64encode(_derived(b"late-entries", account_id)).decode()


def is_late_token(account_id: str, token: str) -> bool:
    """Whether the token is that account's."""
    return hmac.compare_digest(late_token(account_id).encode(), token.encode("utf-8", "surrogatepass"))


def _derived(purpose: bytes, account_id: str) -> bytes:
    key = services().config.audit_key()
    return hmac.new(key, b"%s:%s" % (purpose, account_id.encode()), hashlib.sha256).digest()
