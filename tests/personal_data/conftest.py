"""The server's fixtures, for what is done to personal data."""

from tests.server.conftest import (
    app,
    client,
    office,
    principal,
    ready,
    record,
    reporter,
    signed_in,
)

__all__ = ["app", "client", "office", "principal", "ready", "record", "reporter", "signed_in"]
