"""Signed returns for tests of the reconciliation: what the server would freeze of the records that are there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from checklist.model import Campaign
from forms_server.db.tables import signed_return
from forms_server.returns.return_content import gather
from forms_server.returns.return_document import digest, freeze
from tests.summary.records import CLERK

SIGNED_AT = datetime(2022, 8, 30, 16, 0)


def as_it_is(document: dict[str, Any]) -> dict[str, Any]:
    return document


def sign(
    connection: Connection,
    campaign: Campaign,
    unit_code: str,
    change: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is,
    **columns: Any,
) -> None:
    """Freeze a unit's return as it is now, or as ``change`` makes it."""
    content = freeze(change(dict(gather(connection, campaign, campaign.unit_by_code[unit_code]))))
    row = {
        "id": f"return-{unit_code}-{columns.get('number', 1)}", "campaign_id": campaign.id, "unit_code": unit_code,
        "number": 1, "content": content, "sha256": digest(content), "seal": "-", "signed_by": CLERK,
        "signed_name": "李某某", "signed_at": SIGNED_AT, "late": False, "state": "signed",
    }  # fmt: skip
    connection.execute(insert(signed_return), [row | columns])
