"""Repository of signed returns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.engine import RowMapping

from build_scripts.reconciliation.changes_after_signing import changed_units
from checklist.model import Campaign
from checklist.reading.personal_numbers import masked
from forms_server.db.engine import audit_key
from forms_server.db.tables import account, signed_return
from forms_server.records.live_record_source import live_records
from forms_server.returns.return_document import Document, thaw
from forms_server.returns.sealing import is_genuine


class ReturnState(StrEnum):
    """State of a signed return."""

    SIGNED = "signed"
    RECEIVED = "received"
    SENT_BACK = "sent_back"


@dataclass(frozen=True)
class SignedReturn:
    """A signed return without its content."""

    id: str
    unit_code: str
    number: int
    sha256: str
    signed_by: str
    """Id of the account."""
    signed_name: str
    signed_at: datetime
    late: bool
    state: ReturnState
    reason: str | None
    judged_at: datetime | None
    judged_name: str

    @property
    def receivable(self) -> bool:
        """Whether the office may receive it; also after sending it back, if only the paper was corrected."""
        return self.state is not ReturnState.RECEIVED

    @property
    def returnable(self) -> bool:
        """Whether the office may send it back."""
        return self.state is not ReturnState.SENT_BACK


_SHOWN = [column for column in signed_return.c if column.name not in {"content", "seal"}]
_BY = account.alias("judged_by_account")
_JUDGE = _BY.c.display_name.label("judge_display"), _BY.c.name.label("judge_name")


def of_unit(connection: Connection, campaign: Campaign, unit_code: str) -> Sequence[SignedReturn]:
    """Return the unit's returns, newest first."""
    query = _of_campaign(campaign).where(signed_return.c.unit_code == unit_code)
    rows = connection.execute(query.order_by(signed_return.c.number.desc())).mappings()
    return [_to_return(row) for row in rows]


def by_unit(connection: Connection, campaign: Campaign) -> dict[str, list[SignedReturn]]:
    """Return all returns by unit, newest first."""
    found: dict[str, list[SignedReturn]] = {}
    query = _of_campaign(campaign).order_by(signed_return.c.number.desc())
    for row in connection.execute(query).mappings():
        found.setdefault(row["unit_code"], []).append(_to_return(row))
    return found


def find(connection: Connection, campaign: Campaign, return_id: str) -> SignedReturn | None:
    """Return a return by id; None if there is none."""
    row = connection.execute(_of_campaign(campaign).where(signed_return.c.id == return_id)).mappings().first()
    return _to_return(row) if row else None


def frozen(connection: Connection, return_id: str) -> Document | None:
    """The signed content, personal numbers masked; None if it was tampered with in the database.

    The stored text keeps them, as its seal covers them.
    """
    query = select(signed_return).where(signed_return.c.id == return_id)
    row = dict(connection.execute(query).mappings().one())
    if not is_genuine(audit_key(connection), row):
        return None
    document: Document = thaw(row["content"])
    if row["sha256"] in _WITHOUT_NUMBERS:
        return document
    shown: Document = masked(document)
    if shown == document:
        if len(_WITHOUT_NUMBERS) >= _MOST:
            _WITHOUT_NUMBERS.clear()
        _WITHOUT_NUMBERS.add(row["sha256"])
    return shown


_WITHOUT_NUMBERS: set[str] = set()
"""Hashes of contents in which this process found nothing to mask: each is searched once, not at every view.

The hash was compared with the content before, so that no other content passes for one of them.
"""
_MOST = 10_000


def changed_after(
    connection: Connection, campaign: Campaign, returns: Iterable[SignedReturn]
) -> Mapping[str, bool]:
    """Map units whose records changed after these returns to whether other units changed any.

    Closing a rectified issue does not count; sending one back does.
    """
    asked = [(each.unit_code, each.id) for each in returns]
    return changed_units(live_records(connection), campaign, asked) if asked else {}


def _of_campaign(campaign: Campaign) -> Select[Any]:
    query = select(*_SHOWN, *_JUDGE).join_from(
        signed_return, _BY, _BY.c.id == signed_return.c.judged_by, isouter=True
    )
    return query.where(signed_return.c.campaign_id == campaign.id)


def _to_return(row: RowMapping) -> SignedReturn:
    same = (
        "id", "unit_code", "number", "sha256", "signed_by", "signed_name", "signed_at", "late", "reason", "judged_at",
    )  # fmt: skip
    return SignedReturn(
        state=ReturnState(row["state"]),
        judged_name=row["judge_display"] or row["judge_name"] or "",
        **{name: row[name] for name in same},
    )
