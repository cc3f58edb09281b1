"""Reminders page: due, overdue and waiting records, calendar subscription, e-mail address."""

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from build_scripts.handbook.campaign_calendar import deadline_event
from build_scripts.icalendar import Event, calendar
from checklist.china_time import ZONE
from forms_server.access import allowed
from forms_server.account import Account
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection.inspection_plan import Assignment, Team, teams
from forms_server.records.ledger_filters import parameters
from forms_server.records.open_record_labels import due_words
from forms_server.registers.round_standing import RoundDuty, duty_words, steps_ahead
from forms_server.reminders import calendar_feeds, mail_addresses
from forms_server.reminders.due_reminders import AHEAD, DueDay, Reminder, due_days, reminders
from forms_server.web.current_services import services

blueprint = Blueprint("reminders", __name__, url_prefix="/reminders")


@blueprint.get("/")
def index() -> str:
    """Reminders of the account, with calendar and e-mail settings."""
    return _page()


def _page(*, typed: str | None = None, fault: str = "", address: str = "") -> str:
    """Render the page, with an invalid e-mail address or the new calendar URL."""
    used = services()
    today = used.clock.today()
    with used.engine.connect() as connection:
        found = reminders(connection, used.campaign, g.account, today)
        days = due_days(connection, used.campaign, g.account, today, today + AHEAD)
        since = calendar_feeds.since(connection, g.account)
        kept = mail_addresses.of(connection, g.account)
    return render_template(
        "reminders/index.html",
        reminders=found,
        days=days,
        since=since,
        address=address,
        mail=kept if typed is None else typed,
        fault=fault,
        sends=used.config.smtp is not None,
        longest=mail_addresses.LONGEST,
    )


@blueprint.post("/calendar")
def make_calendar() -> str:
    """Create a new calendar URL, shown once."""
    used = services()
    with transaction(used.engine) as connection:
        token = calendar_feeds.renew(connection, used.clock.now(), g.account)
    return _page(address=_outside(url_for("reminders.feed", token=token)))


def _outside(path: str) -> str:
    """Absolute URL of a page, for other programs."""
    return (services().config.address or request.url_root.rstrip("/")) + path


@blueprint.post("/calendar/end")
def end_calendar() -> AnyResponse:
    """Revoke the calendar feed."""
    used = services()
    with transaction(used.engine) as connection:
        calendar_feeds.end(connection, used.clock.now(), g.account)
    flash("日历订阅已停用，原来的地址不能再用。", "success")
    return redirect(url_for("reminders.index"), 303)


@blueprint.post("/mail")
def save_mail() -> AnyResponse | tuple[str, int]:
    """Set or delete the e-mail address for reminders."""
    typed = request.form.get("mail", "")
    address = mail_addresses.clean(typed)
    if address is None:
        return _page(typed=typed, fault=mail_addresses.FAULT), 422
    used = services()
    with transaction(used.engine) as connection:
        mail_addresses.save(connection, used.clock.now(), g.account, address)
    flash("提醒邮箱已保存。" if address else "不再发提醒邮件。", "success")
    return redirect(url_for("reminders.index"), 303)


@blueprint.get("/<token>.ics")
def feed(token: str) -> Response:
    """Calendar feed, authenticated by the secret in its URL: calendar programs have no session."""
    used = services()
    now = used.clock.now()
    with used.engine.connect() as connection:
        account = calendar_feeds.owner(connection, token)
        if account is None or not allowed(account.role, "reminders.index", "GET"):
            abort(404)
        found = reminders(connection, used.campaign, account, now.date())
        span = now.date(), now.date() + AHEAD
        days = due_days(connection, used.campaign, account, *span)
        steps = steps_ahead(connection, used.campaign, account, *span)
        planned = [(each, team) for team in teams(Desk(connection, used.campaign, account, now))
                   for each in team.assignments]  # fmt: skip
    events = [
        deadline_event(used.campaign), *_day_events(days), *_step_events(steps), *_inspections(planned),
        *_today(found, account),
    ]  # fmt: skip
    made = now.replace(tzinfo=ZONE).astimezone(UTC)
    content = calendar(f"{used.campaign.notice.short_name}提醒", "reminders", made, events)
    return Response(content, mimetype="text/calendar")


def _day_events(days: Sequence[DueDay]) -> Iterator[Event]:
    notice = services().campaign.notice
    for each in days:
        summary = f"{notice.short_name}：{each.form.name} {each.count} 条{due_words(each.form)}"
        address = _outside(url_for("records.index", form_id=each.form.id, **parameters(due_on=each.day)))
        uid = f"{services().campaign.id}-{each.form.id}-{each.day}"
        yield Event(uid, summary, "打开链接看是哪几条。", each.day, each.day, address, timedelta(days=1))


def _step_events(steps: Sequence[RoundDuty]) -> Iterator[Event]:
    """Events of the days by which the account's steps of rounds are to be taken."""
    for each in steps:
        words, day = duty_words(each), each.standing.due
        address = _outside(url_for("registers.round_", register_id=each.register.id, period=each.period))
        uid = f"{services().campaign.id}-{each.register.id}-{each.period}-{each.standing.step.id}"
        yield Event(uid, words, "打开链接看是哪几个村。", day, day, address, timedelta(days=1))


def _inspections(planned: Sequence[tuple[Assignment, Team]]) -> Iterator[Event]:
    """Events of the days on which a team goes somewhere: its own for an inspector, all for the office."""
    for each, team in planned:
        if each.first and each.last:
            summary = f"{services().campaign.notice.short_name}督导：{each.unit.name}（{team.name}）"
            words = f"成员：{team.people}" if team.members else "还没有成员"
            address = _outside(url_for("inspection.plan"))
            yield Event(f"assignment-{each.id}", summary, words, each.first, each.last, address)


def _today(found: Sequence[Reminder], account: Account) -> Iterator[Event]:
    """Event of today for overdue and waiting records."""
    urgent = [each for each in found if each.late or each.endpoint == "inbox.index"]
    if urgent:
        today, notice = services().clock.today(), services().campaign.notice
        words = "；".join(each.words for each in urgent)
        uid = f"{services().campaign.id}-today-{account.id}"
        yield Event(
            uid, f"{notice.short_name}：{words}", words, today, today, _outside(url_for("reminders.index"))
        )


@blueprint.app_template_global("address_of")
def address_of(reminder: Reminder) -> str:
    """URL of a reminder's page."""
    asked: dict[str, Any] = dict(reminder.arguments)
    return url_for(reminder.endpoint, **asked)
