"""催办: messages to copy, with whom to telephone; the office keeps the contacts here."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.reminders import unit_contacts, urging_texts
from forms_server.web.records.requested_record import desk
from forms_server.web.reminders.reminder_pages import blueprint


@blueprint.get("/urging")
def urging() -> str:
    """Every unit with what it owes, its contact and the message to it."""
    return _page()


@blueprint.post("/contacts/<unit_code>")
def save_contact(unit_code: str) -> Response | tuple[str, int]:
    """Keep whom to telephone in a unit."""
    person = unit_contacts.clean(request.form.get("person", ""))[: unit_contacts.LONGEST_PERSON]
    phone = unit_contacts.clean(request.form.get("phone", ""))[: unit_contacts.LONGEST_PHONE]
    if not unit_contacts.is_phone(phone):
        return _page(unit_code, person, phone), 422
    with desk(writes=True) as at:
        unit_contacts.save_contact(at, unit_code, person, phone)
        name = at.campaign.unit_by_code[unit_code].name
    flash(f"{name}的联系人已保存。", "success")
    return redirect(url_for("reminders.urging", _anchor=f"unit-{unit_code}"), 303)


def _page(faulty: str = "", person: str = "", phone: str = "") -> str:
    """Render the page; ``faulty`` is the unit whose telephone number is none."""
    with desk() as at:
        every = urging_texts.urgings(at)
        owing = [each for each in every if each.facts]
        messages = {each.unit.code: urging_texts.message(at, each) for each in owing}
        group = urging_texts.group_message(at, owing) if owing else ""
    return render_template(
        "reminders/urging.html",
        every=every,
        owing=owing,
        messages=messages,
        group=group,
        calls=urging_texts.call_sheet(owing),
        without=[each.unit for each in every if not each.has_account],
        faulty=faulty,
        typed=(person, phone),
        fault=unit_contacts.PHONE_FAULT,
        longest=(unit_contacts.LONGEST_PERSON, unit_contacts.LONGEST_PHONE),
    )
