"""Signing of a return, and its receipt or rejection by the office: each step is authorized and audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from forms_server import audit
from forms_server.access import Action
from forms_server.db.engine import audit_key
from forms_server.db.tables import signed_return
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.given_reasons import ReasonSubject, keep_reason
from forms_server.records.record_store import permit
from forms_server.returns.expected_returns import due_by_unit
from forms_server.returns.frozen_returns import (
    ReturnState,
    SignedReturn,
    changed_after,
    find,
    frozen,
    of_unit,
)
from forms_server.returns.return_completeness import Lack, find_lacks
from forms_server.returns.return_content import gather
from forms_server.returns.return_document import digest, freeze
from forms_server.returns.sealing import seal


class NotSigned(Exception):
    """The return cannot be signed; the message is for the principal."""


class Incomplete(NotSigned):
    """Gaps or contradictions, listed in ``lacks``."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(f"还有 {len(lacks)} 处没有补齐，不能签字。")
        self.lacks = tuple(lacks)


class ChangedMeanwhile(NotSigned):
    """Optimistic locking: the content changed since the principal saw it."""

    def __init__(self) -> None:
        super().__init__("您核对以后，内容又有改动，没有签字。请再核对一遍。")


class SameAgain(NotSigned):
    """No changes since the last return, unless that was tampered with."""

    def __init__(self, last: SignedReturn) -> None:
        words = "已经退回，" if last.state is ReturnState.SENT_BACK else ""
        super().__init__(f"第 {last.number} 次报送{words}之后内容没有改动，不用再签。")


class NotJudged(Exception):
    """The office cannot do this with the return; the message says why."""


@dataclass(frozen=True)
class Signature:
    """Input of a signature; the client-generated id makes resends idempotent."""

    id: str
    unit_code: str
    seen: str
    """Hash of the content shown."""


def sign(desk: Desk, signature: Signature) -> SignedReturn:
    """Freeze and sign the unit's current return. Idempotent by the signature's id.

    The caller has verified the principal's password.

    Raises:
        NotAllowed: the account is not the unit's principal, or no return is expected of the unit.
        NotFound: the id belongs to another unit's return.
        Incomplete, ChangedMeanwhile, SameAgain: why not.
    """
    permit(desk, Action.SIGN, signature.unit_code, None)
    existing = find(desk.connection, desk.campaign, signature.id)
    if existing:
        if existing.unit_code != signature.unit_code:
            raise NotFound(signature.id)
        return existing
    due = due_by_unit(desk.connection, desk.campaign).get(signature.unit_code)
    if due is None:
        raise NotAllowed("本次专项行动不要求这个单位报送。")
    text = _agreed(desk, signature)
    earlier = of_unit(desk.connection, desk.campaign, signature.unit_code)
    if earlier and earlier[0].sha256 == digest(text) and frozen(desk.connection, earlier[0].id):
        raise SameAgain(earlier[0])
    number = earlier[0].number + 1 if earlier else 1
    return _store(
        desk,
        {
            "id": signature.id,
            "unit_code": signature.unit_code,
            "number": number,
            "content": text,
            "late": desk.now > due,
        },
    )


def _agreed(desk: Desk, signature: Signature) -> str:
    """The canonical text of the return, if it is complete and what the principal has seen."""
    unit = desk.campaign.unit_by_code[signature.unit_code]
    document = gather(desk.connection, desk.campaign, unit)
    lacks = [lack for lack in find_lacks(document, desk.campaign, desk.now.date()) if lack.blocks]
    if lacks:
        raise Incomplete(lacks)
    text = freeze(document)
    if digest(text) != signature.seen:
        raise ChangedMeanwhile
    return text


def _store(desk: Desk, facts: Mapping[str, Any]) -> SignedReturn:
    row = {
        **facts,
        "campaign_id": desk.campaign.id,
        "sha256": digest(facts["content"]),
        "signed_by": desk.account.id,
        "signed_name": desk.account.shown_name,
        "signed_at": desk.now,
        "state": ReturnState.SIGNED.value,
    }
    sealed = row | {"seal": seal(audit_key(desk.connection), row)}
    desk.connection.execute(insert(signed_return).values(sealed))
    change = {name: row[name] for name in ("number", "sha256", "late")}
    audit.record(desk.connection, desk.now, desk.account, signed_return.name, row["id"], "sign", change)
    return _get(desk, row["id"])


def receive(desk: Desk, return_id: str) -> SignedReturn:
    """The office takes a return in; receiving it again changes nothing.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: there is no such return.
        NotJudged: there is a newer one, or this one was altered.
    """
    current = _judged(desk, return_id, Action.RECEIVE)
    if not current.receivable:
        return current
    return _judge(desk, current, Action.RECEIVE, {"state": ReturnState.RECEIVED.value, "reason": None})


def send_back(desk: Desk, return_id: str, reason: str) -> SignedReturn:
    """The office sends a return back; doing so again with the same reason changes nothing.

    Raises:
        NotAllowed, NotFound, NotJudged: as for ``receive``.
    """
    current = _judged(desk, return_id, Action.RETURN)
    if not current.returnable and current.reason == reason:
        return current
    judged = _judge(desk, current, Action.RETURN, {"state": ReturnState.SENT_BACK.value, "reason": reason})
    subject = ReasonSubject(signed_return.name, current.id, desk.campaign.id, current.unit_code)
    keep_reason(desk.connection, desk.now, desk.account, subject, Action.RETURN, reason)
    return judged


def _judged(desk: Desk, return_id: str, action: Action) -> SignedReturn:
    """The return that the office may judge now."""
    current = _get(desk, return_id)
    permit(desk, action, current.unit_code, None)
    newest = of_unit(desk.connection, desk.campaign, current.unit_code)[0]
    if newest.id != current.id:
        raise NotJudged(f"这个单位已有第 {newest.number} 次报送，请办理新的一次。")
    if action is Action.RECEIVE and current.receivable:
        _require_receivable(desk, current)
    return current


def _require_receivable(desk: Desk, current: SignedReturn) -> None:
    """Refuse to take in what is no longer what the unit signed, or what its records no longer say."""
    if frozen(desk.connection, current.id) is None:
        raise NotJudged("这份报送的存档与签字时不一致，不能接收。请退回，让单位重新报送。")
    changed = changed_after(desk.connection, desk.campaign, [current])
    if current.unit_code in changed:
        who = "，其中有别的单位退回或者改动的" if changed[current.unit_code] else ""
        raise NotJudged(
            f"第 {current.number} 次报送签字以后内容又有改动{who}，不能接收。"
            "改动列在单位的报送页，已提醒该单位由主要负责人重新签字。"
        )


def _judge(desk: Desk, current: SignedReturn, action: Action, columns: Mapping[str, Any]) -> SignedReturn:
    stamps = {"judged_by": desk.account.id, "judged_at": desk.now}
    audit.note_unfit(desk.connection, desk.now, desk.account, signed_return.name, [current.id])
    statement = update(signed_return).where(signed_return.c.id == current.id)
    desk.connection.execute(statement.values({**columns, **stamps}))
    change = {"from": current.state.value, "to": columns["state"]}
    audit.record(desk.connection, desk.now, desk.account, signed_return.name, current.id, action, change)
    return _get(desk, current.id)


def _get(desk: Desk, return_id: str) -> SignedReturn:
    found = find(desk.connection, desk.campaign, return_id)
    if found is None:
        raise NotFound(return_id)
    return found
