"""The demonstration's returns: signed in time or late, received, sent back, mended, or still owed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from checklist.model import Unit
from forms_server.account import Account
from forms_server.demo.invented_ids import invented_id
from forms_server.demo.stories import idle
from forms_server.desk import Desk
from forms_server.records import zero_reports
from forms_server.returns import report_text, scans, signing
from forms_server.returns.expected_returns import expect
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_content import gather
from forms_server.returns.return_document import digest, freeze

SHORTLY = timedelta(hours=3)
"""Returns come within so long before the deadline; late ones within so long after it."""

LEAST = timedelta(minutes=30)
"""Late ones show only when the deadline is past for so long."""

REASON = "汇总表没有盖章，请主要负责人核对数字、签字盖章后重报。"


@dataclass(frozen=True)
class Fate:
    """Fate of a unit's return."""

    complete: bool = True
    """Whether all is written that a signature needs."""
    late: bool = False
    signatures: int = 1
    received: bool = False
    """What becomes of the last one; the ones before it were sent back."""
    sent_back: bool = False
    mended: bool = False
    """Whether the unit changed something after the last signature, but has not signed anew."""
    scan: bool = False


FATES: Sequence[Fate] = (
    Fate(sent_back=True, mended=True),  # of the unit whose accounts are shown: its principal can sign again
    Fate(received=True, scan=True),
    Fate(scan=True),
    Fate(late=True),
    Fate(received=True),
    Fate(complete=False),
    Fate(signatures=2, scan=True),
    Fate(mended=True),
    Fate(signatures=0),
)
"""In turn, of the units that have started."""


@dataclass(frozen=True)
class People:
    """Accounts of a return: the unit's reporter and principal, and the office."""

    reporter: Account
    principal: Account
    office: Account


def hand_in(
    desk: Desk, people: Mapping[str, People], eve: datetime, chance: random.Random
) -> list[SignedReturn]:
    """Complete and signs the returns of the units that have started, as far as their fates let them.

    Args:
        desk: of the demonstration's time.
        people: of each unit, by its code.
        eve: when the units finish writing.
        chance: decides the minutes.
    """
    expect(desk.connection, desk.campaign, eve)
    started = [unit for unit in desk.campaign.filing_units if not idle(desk.campaign, unit)]
    done = []
    for number, unit in enumerate(started):
        fate, own = FATES[number % len(FATES)], people[unit.code]
        if fate.complete:
            _complete(replace(desk, account=own.reporter, now=eve), unit)
        if fate.complete and _comes(desk, fate):
            done += _sign(desk, unit, own, fate, chance)
    return done


def _complete(desk: Desk, unit: Unit) -> None:
    """Reports every problem type and writes every part of the report."""
    standings = zero_reports.standings(desk.connection, desk.campaign, unit.code)
    ticked = {each.problem_type_id for each in standings if each.ticked}
    nothing = {each.problem_type_id for each in standings if not each.found}
    contradicting = ticked - nothing
    zero_reports.save(desk, unit.code, contradicting, nothing - ticked)
    written = desk.campaign.report_form.parts if desk.campaign.report_form else ()
    texts = {
        part.id: f"{unit.name}按通知要求办理，有关数字以台账和汇总表为准。（演示文字：{part.title}）"
        for part in written
    }
    report_text.save(desk, unit.code, texts)


def _comes(desk: Desk, fate: Fate) -> bool:
    """Whether the return is there by now: a late one is still owed until the deadline is past."""
    return bool(fate.signatures) and (not fate.late or desk.now >= desk.campaign.notice.deadline.at + LEAST)


def _sign(desk: Desk, unit: Unit, people: People, fate: Fate, chance: random.Random) -> list[SignedReturn]:
    """One signature after another; each before the last is sent back, and something is mended after it."""
    done: list[SignedReturn] = []
    moments = _moments(desk, fate, chance)
    for signed_at, judged_at in zip(moments[::2], moments[1::2], strict=True):
        if done:
            _mend(replace(desk, account=people.reporter, now=signed_at), unit)
        signed = _sign_once(replace(desk, account=people.principal, now=signed_at), unit, chance)
        if fate.scan:
            scans.add(replace(desk, account=people.reporter, now=signed_at), signed, _scan())
        judge = replace(desk, account=people.office, now=judged_at)
        if fate.sent_back or len(done) < fate.signatures - 1:
            signed = signing.send_back(judge, signed.id, REASON)
        elif fate.received:
            signed = signing.receive(judge, signed.id)
        done.append(signed)
    if fate.mended:
        _mend(replace(desk, account=people.reporter), unit)
    return done


def _moments(desk: Desk, fate: Fate, chance: random.Random) -> list[datetime]:
    """When each signature is given, and when it is judged, in turn."""
    deadline = desk.campaign.notice.deadline.at
    start = deadline if fate.late else min(deadline, desk.now) - SHORTLY
    end = min(start + SHORTLY, desk.now)
    minutes = chance.sample(range(1, int((end - start).total_seconds() // 60)), fate.signatures * 2)
    return [start + timedelta(minutes=each) for each in sorted(minutes)]


def _sign_once(desk: Desk, unit: Unit, chance: random.Random) -> SignedReturn:
    seen = digest(freeze(gather(desk.connection, desk.campaign, unit)))
    identity = invented_id(chance, "signed_return")
    return signing.sign(desk, signing.Signature(identity, unit.code, seen))


def _mend(desk: Desk, unit: Unit) -> None:
    """Change the report's text, so that the next return differs."""
    for part in desk.campaign.report_form.parts[:1] if desk.campaign.report_form else ():
        text = report_text.parts(desk.connection, desk.campaign, unit.code)[part.id].text
        report_text.save(desk, unit.code, {part.id: f"{text}\n已按退回意见核对数字。"})


def _scan() -> bytes:
    """A picture of a form with a round seal on it, without a word of text."""
    picture = Image.new("RGB", (480, 680), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(12):
        draw.rectangle((50, 150 + row * 32, 430, 182 + row * 32), outline="black")
    for column in (170, 250, 340):
        draw.line((column, 150, column, 534), fill="black")
    draw.rectangle((150, 70, 330, 92), fill="black")
    draw.ellipse((270, 520, 400, 650), outline=(200, 30, 30), width=6)
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()
