"""Baseline server for the same form: Flask, WTForms and one durable INSERT.

No accounts, no check of who may, no states, no audit, no serial number, no drafts: it is what `benchmarks.server` sets
its figures beside. Served by the same gunicorn in the same number of processes and threads.
"""

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3
from flask import Flask, redirect, request
from wtforms import DateField, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Field, FieldType, RecordForm

_TEXTS = {FieldType.TEXT: StringField, FieldType.PARAGRAPH: TextAreaField, FieldType.DEADLINE: StringField}


def form_class(form: RecordForm, campaign: Campaign) -> type[Form]:
    """A WTForms form with the fields that the real page asks for."""
    fields = {
        field.id: _field(field, campaign)
        for field in form.fields
        if field.stage == "found" and field.type not in {FieldType.SERIAL, FieldType.TOWNSHIP}
    }
    return type("BareForm", (Form,), fields)


def _field(field: Field, campaign: Campaign) -> Any:
    asked = InputRequired() if field.required else Optional()
    if field.type in _TEXTS:
        return _TEXTS[field.type](field.label, [asked, Length(max=field.max_length or 1000)])
    if field.type is FieldType.INTEGER:
        return IntegerField(field.label, [asked, NumberRange(field.min_value, field.max_value)])
    if field.type is FieldType.DATE:
        return DateField(field.label, [asked])
    choices = {
        FieldType.VILLAGE: [(code, one.name) for code, one in campaign.village_by_code.items()],
        FieldType.PROBLEM_TYPE: [(one.id, one.name) for one in campaign.problem_types],
        FieldType.CHOICE: [(one.id, one.label) for one in field.choices],
    }[field.type]
    return SelectField(field.label, [asked], choices=choices)


def create_app(checklist: str, database: str) -> Flask:
    """The application over a new database file."""
    campaign = load_campaign(Path(checklist))
    form = campaign.form_by_id["annex-1-1"]
    assert isinstance(form, RecordForm)
    bare = form_class(form, campaign)
    names = [field.id for field in form.fields if field.id in bare()._fields]
    columns = ", ".join(["id", *names])
    statement = f"INSERT INTO issue ({columns}) VALUES ({', '.join('?' for _ in [0, *names])})"  # noqa: S608
    app = Flask(__name__)

    @app.post("/new")
    def new() -> Any:
        typed = bare(request.form)
        if not typed.validate():
            return typed.errors, 422
        record_id = str(UUID(request.form["record-id"]))
        with _connection(database) as connection:
            connection.execute(statement, [record_id, *(typed[name].data for name in names)])
        return redirect(f"/{record_id}", 303)

    with pysqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE issue (id TEXT PRIMARY KEY, {', '.join(names)})")
    return app


_kept = threading.local()


def _connection(database: str) -> Any:
    """The thread's connection, durable as the real server's."""
    if not hasattr(_kept, "connection"):
        _kept.connection = pysqlite3.connect(database, timeout=15)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            _kept.connection.execute(f"PRAGMA {pragma}")
    return _kept.connection
