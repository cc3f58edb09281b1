"""Erasure of names: of one household at somebody's request, or of a whole campaign after its time. Counts stay.

The audit keeps that it was done and to which records, never the name. Backups made before still hold the names.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Table, and_, cast, delete, or_, select, update

from forms_server import audit
from forms_server.db import tables
from forms_server.db.engine import audit_key
from forms_server.personal_data.hidden_columns import HIDDEN, PSEUDONYM, TAKEN_OUT, replacements
from forms_server.photos.photo_files import PhotoFiles
from forms_server.record_digests import COVERED, subject_id
from forms_server.returns.return_document import digest, freeze, plain, thaw
from forms_server.returns.sealing import is_genuine, seal

ERASE = "erase"
"""The audit's word for records whose names were taken out."""
PSEUDONYMISE = "pseudonymise"
"""The same for a whole campaign."""

_RECORDS = (tables.issue, tables.proposed_household)
_OF_ISSUES = (
    tables.extension,
    tables.extension_request,
    tables.transfer,
    tables.spot_check,
    tables.inspection_finding,
)
_OF_HOUSEHOLDS = ((tables.spot_visit, "household_id"), (tables.draw_replacement, "subject_id"))
_OF_CAMPAIGNS = (
    tables.given_reason,
    tables.import_batch,
    tables.person,
    tables.remembered_reading,
    tables.signed_return,
)
_AT_ONCE = 500


@dataclass
class Erased:
    """What was erased: rows by table, and photographs, whose files are removed after the transaction."""

    rows: dict[str, int] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)

    def remove_files(self, files: PhotoFiles) -> None:
        """Remove the photographs' files, once the transaction is done."""
        for name in self.photos:
            files.remove(name)


def erase_household(connection: Connection, now: datetime, campaign_id: str, household_id: str) -> Erased:
    """Take a household's name out of the roster and of all that is recorded about it.

    Raises:
        KeyError: there is no such household.
    """
    household = tables.household
    mine = household.c.id == household_id, household.c.campaign_id == campaign_id
    name = connection.execute(select(household.c.householder).where(*mine)).scalar()
    if name is None:
        raise KeyError(household_id)
    done = Erased()
    _forget_unfiled(connection, now, campaign_id, name, done)
    ids = {
        table: _ids(connection, table, table.c.household_id == household_id)
        for table in (*_RECORDS, tables.visit)
    }
    ids[tables.register_row] = _rows_naming(connection, household_id)
    _erase(connection, now, campaign_id, ids | {household: [household_id]}, done)
    return done


def erase_campaign(
    connection: Connection, now: datetime, campaign_id: str, shared: Collection[str] = ()
) -> Erased:
    """Take the names of all households out of a campaign.

    Args:
        connection: a write transaction.
        now: for the audit.
        campaign_id: of the campaign.
        shared: registers that campaigns share, whose rows go on; one household is erased there, too.
    """
    done, row = Erased(), tables.register_row
    of_campaign = {
        table: _ids(connection, table, table.c.campaign_id == campaign_id)
        for table in (*_RECORDS, tables.visit, tables.household)
    }
    ended = and_(row.c.campaign_id == campaign_id, row.c.register_id.not_in(shared))
    of_campaign[row] = _ids(connection, row, ended)
    _forget_unfiled(connection, now, campaign_id, "", done)
    _erase(connection, now, campaign_id, of_campaign, done)
    for table in _OF_CAMPAIGNS:
        values = replacements(table) | ({"content": None} if table is tables.import_batch else {})
        _change(connection, now, table, table.c.campaign_id == campaign_id, values, done)
    audit.record(connection, now, None, "campaign", campaign_id, PSEUDONYMISE, {"rows": done.rows})
    return done


def pseudonymised_at(connection: Connection, campaign_id: str) -> datetime | None:
    """When the campaign's names were taken out; None if they are there."""
    rows = tables.audit
    query = select(rows.c.at).where(
        rows.c.subject == "campaign", rows.c.subject_id == campaign_id, rows.c.action == PSEUDONYMISE
    )
    return connection.execute(query.order_by(rows.c.id.desc()).limit(1)).scalar()


def holds_names(connection: Connection, campaign_id: str, shared: Collection[str] = ()) -> bool:
    """Whether any household of the campaign, or any record of one, still bears a name; ``shared`` as above."""
    for table in (tables.household, *_RECORDS, tables.visit):
        named = table.c.householder.is_not(None) & ~table.c.householder.startswith(PSEUDONYM)
        query = select(table.c.id).where(table.c.campaign_id == campaign_id, named).limit(1)
        if connection.execute(query).first():
            return True
    row = tables.register_row
    ended = row.c.campaign_id == campaign_id, row.c.register_id.not_in(shared)
    written = *ended, cast(row.c.texts, String) != "{}"
    return connection.execute(select(row.c.id).where(*written).limit(1)).first() is not None


def hash_as_signed(connection: Connection, return_id: str) -> str | None:
    """The hash that a return bore when it was signed; None if nothing was taken out of it since."""
    rows = tables.audit
    of = rows.c.subject == tables.signed_return.name, rows.c.subject_id == return_id, rows.c.action == ERASE
    changes = connection.execute(select(rows.c.change).where(*of).order_by(rows.c.id)).scalars()
    return next((str(change["from"]) for change in changes if "from" in change), None)


def _erase(
    connection: Connection, now: datetime, campaign_id: str, ids: Mapping[Table, Sequence[str]], done: Erased
) -> None:
    before = {table: _versions(connection, table, ids.get(table, ())) for table in _RECORDS}
    _forget_drafts(connection, [each for some in ids.values() for each in some])
    issues = ids.get(tables.issue, ())
    _remove_photos(connection, now, [*issues, *ids.get(tables.register_row, ())], done)
    for table, some in ids.items():
        _hide(connection, now, table, some, done)
    records = [*issues, *ids.get(tables.proposed_household, ())]
    for part in _parts(records):
        for table in _OF_ISSUES:
            _forget_texts(connection, now, table, table.c.issue_id.in_(part), done)
        finding = tables.finding
        _forget_texts(
            connection, now, finding, or_(finding.c.record_id.in_(part), finding.c.id.in_(part)), done
        )
    for part in _parts(ids.get(tables.register_row, ())):
        _forget_texts(connection, now, tables.exemption, tables.exemption.c.row_id.in_(part), done)
    for part in _parts(ids.get(tables.household, ())):
        _forget_looks(connection, now, part, done)
        _forget_texts(connection, now, tables.person, tables.person.c.household_id.in_(part), done)
    for part in _parts(ids.get(tables.register_row, ())):
        row = tables.register_row
        named = select(row.c.person_id).where(row.c.id.in_(part))
        _forget_texts(connection, now, tables.person, tables.person.c.id.in_(named), done)
    for part in _parts([*records, *ids.get(tables.register_row, ())]):
        given = tables.given_reason
        _forget_texts(connection, now, given, given.c.subject_id.in_(part), done)
    for part in _parts([*records, *ids.get(tables.household, ())]):
        _forget_files(connection, now, part, done)
        _forget_texts(
            connection, now, tables.import_change, tables.import_change.c.subject_id.in_(part), done
        )
    _redact_returns(connection, now, campaign_id, before, done)


def _hide(connection: Connection, now: datetime, table: Table, ids: Sequence[str], done: Erased) -> None:
    values: dict[str, Any] = dict(replacements(table))
    values["changed_at"] = now
    if "version" in table.c:
        values["version"] = table.c.version + 1
    for part in _parts(ids):
        audit.note_unfit(connection, now, None, table.name, part)
        connection.execute(update(table).where(table.c.id.in_(part)).values(values))
        audit.record_many(connection, now, None, [audit.AuditEntry(table.name, each, ERASE) for each in part])
    if ids:
        done.rows[table.name] = done.rows.get(table.name, 0) + len(ids)


def _forget_texts(
    connection: Connection, now: datetime, table: Table, which: ColumnElement[bool], done: Erased
) -> None:
    _change(connection, now, table, which, replacements(table), done)


def _forget_looks(connection: Connection, now: datetime, households: Sequence[str], done: Erased) -> None:
    """What teams wrote of these households, and why one was not looked at: the audit vouches for its draw."""
    for table, column in _OF_HOUSEHOLDS:
        _forget_texts(connection, now, table, table.c[column].in_(households), done)
    replaced = tables.draw_replacement
    draws = select(replaced.c.draw_id).where(replaced.c.subject_id.in_(households)).distinct()
    said = [
        audit.AuditEntry(tables.draw.name, each, ERASE) for each in connection.execute(draws).scalars().all()
    ]
    audit.record_many(connection, now, None, said)


def _change(
    connection: Connection,
    now: datetime,
    table: Table,
    which: ColumnElement[bool],
    values: Mapping[str, Any],
    done: Erased,
) -> None:
    """Change rows, and note each that the audit vouches for."""
    keys = connection.execute(select(*table.primary_key).where(which)).mappings().all()
    if not keys:
        return
    if table.name in COVERED:
        audit.note_unfit(connection, now, None, table.name, [subject_id(table.name, {**key}) for key in keys])
    connection.execute(update(table).where(which).values(dict(values)))
    done.rows[table.name] = done.rows.get(table.name, 0) + len(keys)
    if table.name in COVERED:
        said = (audit.AuditEntry(table.name, subject_id(table.name, {**key}), ERASE) for key in keys)
        audit.record_many(connection, now, None, said)


def _forget_files(connection: Connection, now: datetime, subjects: Sequence[str], done: Erased) -> None:
    """Remove the workbooks by which records came in: the names stand in them, too."""
    batch, change = tables.import_batch, tables.import_change
    of = select(change.c.batch_id).where(change.c.subject_id.in_(subjects))
    _change(connection, now, batch, batch.c.id.in_(of), {"content": None}, done)


def _forget_drafts(connection: Connection, ids: Sequence[str]) -> None:
    for part in _parts(ids):
        connection.execute(delete(tables.draft).where(tables.draft.c.record_id.in_(part)))


def _forget_unfiled(connection: Connection, now: datetime, campaign_id: str, name: str, done: Erased) -> None:
    """Delete drafts, and the texts of late entries, that name a householder; all of the campaign's for no name."""
    draft, late, file = tables.draft, tables.late_entry, tables.late_file
    for row in connection.execute(select(draft).where(draft.c.campaign_id == campaign_id)).all():
        if name in str(row.typed):
            key = [draft.c[column.name] == row._mapping[column] for column in draft.primary_key]
            connection.execute(delete(draft).where(*key))
    for row in connection.execute(select(late).where(late.c.campaign_id == campaign_id)).all():
        if name in f"{row.title}{row.typed}{row.reason or ''}":
            texts: dict[str, Any] = {"title": HIDDEN, "typed": [], "reason": row.reason and HIDDEN}
            _change(connection, now, late, late.c.id == row.id, texts, done)
            connection.execute(delete(file).where(file.c.entry_id == row.id))
            audit.record(connection, now, None, late.name, row.id, ERASE)


def _remove_photos(connection: Connection, now: datetime, owners: Sequence[str], done: Erased) -> None:
    """Remove the photographs of issues and rows; how many a field had stays, as counts do."""
    photo = tables.photo
    for part in _parts(owners):
        of = or_(photo.c.issue_id.in_(part), photo.c.row_id.in_(part))
        rows = connection.execute(select(photo.c.id, photo.c.sha256).where(of)).all()
        audit.note_unfit(connection, now, None, photo.name, [row.id for row in rows])
        connection.execute(delete(photo).where(of))
        audit.record_many(
            connection, now, None, [audit.AuditEntry(photo.name, row.id, ERASE) for row in rows]
        )
        kept = set(connection.execute(select(photo.c.sha256)).scalars()) if rows else set()
        done.photos += [row.sha256 for row in rows if row.sha256 not in kept]


def _redact_returns(
    connection: Connection,
    now: datetime,
    campaign_id: str,
    before: Mapping[Table, Mapping[str, int]],
    done: Erased,
) -> None:
    """Take the records' texts out of signed returns; the audit keeps the hash that was signed."""
    signed = tables.signed_return
    if not any(before.values()):
        return
    key = audit_key(connection)
    rows = connection.execute(select(signed).where(signed.c.campaign_id == campaign_id)).mappings().all()
    for row in map(dict, rows):
        document = thaw(row["content"])
        if not is_genuine(key, row) or not _redact(connection, document, before):
            continue
        content = freeze(document)
        new = {"content": content, "sha256": digest(content)}
        new["seal"] = seal(key, row | new)
        audit.note_unfit(connection, now, None, signed.name, [row["id"]])
        connection.execute(update(signed).where(signed.c.id == row["id"]).values(new))
        change = {"from": row["sha256"], "to": new["sha256"]}
        audit.record(connection, now, None, signed.name, row["id"], ERASE, change)
        done.rows[signed.name] = done.rows.get(signed.name, 0) + 1


def _redact(
    connection: Connection, document: dict[str, Any], before: Mapping[Table, Mapping[str, int]]
) -> bool:
    """Put the stored texts into a return's records; whether any of its records is among those erased."""
    changed = False
    for table, versions in before.items():
        lines = [line for line in document[table.name] if line["id"] in versions]
        for part in _parts([line["id"] for line in lines]):
            query = select(table).where(table.c.id.in_(part))
            now_stored = {row["id"]: row for row in connection.execute(query).mappings()}
            for line in (each for each in lines if each["id"] in now_stored):
                stored = now_stored[line["id"]]
                columns = [*TAKEN_OUT[table]]
                if (
                    line["version"] == versions[line["id"]]
                ):  # what was signed is what is recorded: it stays so
                    columns += ["version", "changed_at"]
                line |= {name: plain(stored[name]) for name in columns if name in line}
                changed = True
    return changed


def _ids(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[str]:
    return list(connection.execute(select(table.c.id).where(which).order_by(table.c.id)).scalars())


def _rows_naming(connection: Connection, household_id: str) -> list[str]:
    """Rows of registers about a household: linked to it, or with its householder's name in its village."""
    row, household = tables.register_row, tables.household
    named = select(household.c.village_code, household.c.householder)
    village_code, name = connection.execute(named.where(household.c.id == household_id)).one()
    found = _ids(connection, row, row.c.household_id == household_id)
    here = (row.c.village_code == village_code,)
    for row_id, texts in connection.execute(select(row.c.id, row.c.texts).where(*here)):
        if row_id not in found and name in str([*texts.values()]):
            found.append(row_id)
    return found


def _versions(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(ids):
        rows = connection.execute(select(table.c.id, table.c.version).where(table.c.id.in_(part)))
        found |= {row.id: row.version for row in rows}
    return found


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
