"""The units that issues name as responsible: a table beside the text, kept in step with it by every writer.

The text is what was typed and what leaves in workbooks; the table answers "which issues name this unit" by an index.
It follows from the text and the campaign's names, so that a campaign with other aliases reads all of it again.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, select

from checklist.model import Campaign
from checklist.values.responsible_units import unit_reader
from forms_server.db.bulk_insert import insert_rows
from forms_server.db.tables import issue, issue_unit

UNITS_TEXT = "responsible_unit"
"""The column and the field with the text."""

_NAMES = ("issue_id", "unit_code", "position", "elsewhere")
_AT_ONCE = 500


class Naming(NamedTuple):
    """An issue with the text that names its responsible units."""

    issue_id: str
    filer: str
    text: str | None


def name_units(connection: Connection, campaign: Campaign, naming: Naming) -> None:
    """Write down the units of a new issue."""
    name_units_of_many(connection, campaign, [naming])


def name_other_units(connection: Connection, campaign: Campaign, naming: Naming) -> None:
    """Write down the units of an issue whose text has changed."""
    connection.execute(delete(issue_unit).where(issue_unit.c.issue_id == naming.issue_id))
    name_units(connection, campaign, naming)


def name_units_of_many(connection: Connection, campaign: Campaign, namings: Iterable[Naming]) -> None:
    """Write down the units of many new issues."""
    insert_rows(connection, issue_unit, _NAMES, list(_rows(campaign, namings)))


def read_all_again(connection: Connection, campaign: Campaign) -> int:
    """Bring the table in step with a campaign's issues: after a migration, a restore, or other names in ``units.yml``.

    Returns:
        The number of issues whose units were not what their text says.
    """
    stale = list(_stale(connection, campaign))
    for start in range(0, len(stale), _AT_ONCE):
        some = stale[start : start + _AT_ONCE]
        ids = [naming.issue_id for naming in some]
        connection.execute(delete(issue_unit).where(issue_unit.c.issue_id.in_(ids)))
        name_units_of_many(connection, campaign, some)
    return len(stale)


def _stale(connection: Connection, campaign: Campaign) -> Iterator[Naming]:
    """Issues whose rows are not those of their text."""
    read = unit_reader(campaign).read
    for naming, rows in groupby(_stored(connection, campaign), key=_naming):
        found = [(row.named, bool(row.elsewhere)) for row in rows if row.named]
        if found != [(code, code != naming.filer) for code in read(naming.text).codes]:
            yield naming


def _naming(row: Any) -> Naming:
    return Naming(row.id, row.unit_code, row.responsible_unit)


def _stored(connection: Connection, campaign: Campaign) -> Iterable[Row[Any]]:
    """Every issue with its rows in their order; once with none where it has no rows."""
    query = (
        select(
            issue.c.id,
            issue.c.unit_code,
            issue.c.responsible_unit,
            issue_unit.c.unit_code.label("named"),
            issue_unit.c.elsewhere,
        )
        .join_from(issue, issue_unit, isouter=True)
        .where(issue.c.campaign_id == campaign.id)
        .order_by(issue.c.id, issue_unit.c.position)
    )
    return connection.execute(query)


def _rows(campaign: Campaign, namings: Iterable[Naming]) -> Iterator[tuple[str, str, int, bool]]:
    read = unit_reader(campaign).read
    for issue_id, filer, text in namings:
        for position, code in enumerate(read(text).codes):
            yield issue_id, code, position, code != filer
