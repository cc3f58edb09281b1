"""Storage of further findings, withdrawals and possible duplicates of an import."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update

from build_scripts.intake.import_comparison import LedgerPlan
from checklist.model import RecordForm
from forms_server import audit
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import finding, possible_double
from forms_server.given_reasons import ReasonSubject, keep_reason
from forms_server.imports.import_batches import NEW, Effect, changed_effect, rows_by_id
from forms_server.imports.importer import Importer
from forms_server.records.doubles import asked_about, found_again
from forms_server.records.record import EditConflict, to_record
from forms_server.records.waiting_steps import end_waiting
from forms_server.state_moves import WITHDRAW


def store_findings(plan: LedgerPlan, importer: Importer) -> list[Effect]:
    """Add repeated findings to their records."""
    rows: list[dict[str, Any]] = [
        {
            "id": str(uuid4()),
            "campaign_id": importer.campaign.id,
            "record_table": TABLES[entry.form.kind].name,
            "record_id": record_id,
            "unit_code": importer.unit.code,
            "way": "import",
            "found_by": entry.values.get("found_by") or importer.account.shown_name,
            "source": entry.values.get("source"),
            "content": entry.values.get("content") or entry.values.get("reason"),
            "created_by": importer.account.id,
            "created_at": importer.now,
        }
        for entry, record_id in plan.found_again
    ]
    if rows:
        importer.connection.execute(insert(finding), rows)
    said = [entry for row in rows for entry in found_again(row["record_table"], row["record_id"], row["id"])]
    audit.record_many(importer.connection, importer.now, importer.author, said)
    return [Effect(finding.name, row["id"], NEW, None) for row in rows]


def withdraw(plan: LedgerPlan, importer: Importer) -> Iterator[Effect]:
    """Withdraw the records that the workbook lacks or marks as unwanted, as confirmed.

    Raises:
        EditConflict: one was changed since the plan was made.
    """
    forms = importer.campaign.form_by_id
    for recorded, reason in plan.withdrawn:
        form = forms[recorded.form_id]
        assert isinstance(form, RecordForm)
        table = TABLES[form.kind]
        audit.note_unfit(importer.connection, importer.now, importer.author, table.name, [recorded.id])
        before = rows_by_id(importer.connection, table, [recorded.id])[recorded.id]
        record = to_record(form, before)
        if record.version != recorded.version:
            raise EditConflict(record)
        target = WITHDRAW.after(record.state)
        columns = {
            "state": target.value,
            "state_reason": reason,
            "version": record.version + 1,
            "changed_at": importer.now,
        }
        # What ends with it stays ended when the import is undone.
        ended = end_waiting(importer.connection, importer.now, importer.author, record)
        same = update(table).where(table.c.id == record.id, table.c.version == record.version)
        if importer.connection.execute(same.values(columns | ended)).rowcount != 1:
            raise EditConflict(record)
        what = {"from": record.state.value, "to": target.value}
        said = [audit.AuditEntry(table.name, record.id, WITHDRAW.id, what)]
        audit.record_many(importer.connection, importer.now, importer.author, said)
        subject = ReasonSubject(table.name, record.id, importer.campaign.id, record.unit_code, form.id)
        keep_reason(importer.connection, importer.now, importer.author, subject, WITHDRAW.id, reason)
        yield changed_effect(table, before, columns, str(columns["version"]))


def store_pairs(plan: LedgerPlan, ids: Mapping[int, str], importer: Importer) -> None:
    """Record which pairs were marked as different, and which await the office's decision.

    Args:
        plan: the plan.
        ids: of the new records, by the identity of their row's object.
        importer: who imports.
    """
    decided = {"state": "different", "decided_by": importer.account.id, "decided_at": importer.now}
    rows: list[dict[str, Any]] = [
        {
            "first_id": other if isinstance(other, str) else ids[id(other)],
            "second_id": ids[id(entry)],
            "campaign_id": importer.campaign.id,
            "record_table": TABLES[entry.form.kind].name,
            "asked_by": importer.account.id,
            "asked_at": importer.now,
            **(decided if told_apart else {"state": "open", "decided_by": None, "decided_at": None}),
        }
        for entry, other, told_apart in plan.different
        if id(entry) in ids and (isinstance(other, str) or id(other) in ids)
    ]
    if rows:
        importer.connection.execute(insert(possible_double), rows)
        audit.record_many(importer.connection, importer.now, importer.author, asked_about(rows))
