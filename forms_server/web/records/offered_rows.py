"""Rows of registers that a form's references may name, as its lists offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import g, request

from checklist.model import FilledForm
from forms_server.desk import Desk
from forms_server.registers import row_listing
from forms_server.registers.row_listing import SeenRows
from forms_server.web.cookies import COPY
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.records.record_words import title_of
from forms_server.web.records.requested_record import desk, offer


def offered_rows(at: Desk, form: FilledForm) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Id of each register that the form refers to, to its rows that the account sees: key and title."""
    offered = {}
    for name in _named(form):
        register = at.campaign.register_by_id[name]
        rows = row_listing.keyed_rows(at.connection, SeenRows(at.campaign, g.account, register))
        offered[name] = [(key, f"{key} {title_of(register, row.values, at.campaign)}") for key, row in rows]
    return offered


def offer_of(form: FilledForm) -> Offer:
    """The signed-in account's lists for a form, with the rows that it may name.

    Without rows in the copy that browsers keep, unencrypted: titles name people. The key is typed there.
    """
    if not _named(form) or COPY in request.args:
        return offer()
    with desk() as at:
        return replace(offer(), rows=offered_rows(at, form))


def _named(form: FilledForm) -> set[str]:
    return {field.refers_to for field in form.fields if field.refers_to}
