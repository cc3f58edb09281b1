"""The units that issues name as responsible: a table beside the text, kept in step with it by every writer.

The text is what was typed and what leaves in workbooks; the table answers "which issues name this unit" by an index.
It follows from the text and the campaign's names, so that a campaign with other aliases reads all of it again.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

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
    if rows := list(_rows(campaign, [naming])):
        connection.execute(insert(issue_unit), [dict(zip(_NAMES, row, strict=True)) for row in rows])


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
    own = issue.c.campaign_id == campaign.id
    query = select(issue.c.id, issue.c.unit_code, issue.c.responsible_unit).where(own)
    right = {naming.issue_id: naming for row in connection.execute(query) for naming in [Naming(*row)]}
    stale = _stale(connection, campaign, right)
    for start in range(0, len(stale), _AT_ONCE):
        ids = stale[start : start + _AT_ONCE]
        connection.execute(delete(issue_unit).where(issue_unit.c.issue_id.in_(ids)))
        name_units_of_many(connection, campaign, [right[each] for each in ids])
    return len(stale)


def _stale(connection: Connection, campaign: Campaign, right: dict[str, Naming]) -> list[str]:
    """Ids of issues whose rows are not those of their text."""
    there: dict[str, list[tuple[Any, ...]]] = {}
    query = (
        select(*(issue_unit.c[name] for name in _NAMES)).join(issue).where(issue.c.campaign_id == campaign.id)
    )
    for row in connection.execute(query):
        there.setdefault(row.issue_id, []).append((*row[:3], bool(row.elsewhere)))
    return [
        issue_id
        for issue_id, naming in right.items()
        if sorted(there.get(issue_id, [])) != sorted(_rows(campaign, [naming]))
    ]


def _rows(campaign: Campaign, namings: Iterable[Naming]) -> Iterator[tuple[str, str, int, bool]]:
    read = unit_reader(campaign).read
    for issue_id, filer, text in namings:
        for position, code in enumerate(read(text).codes):
            yield issue_id, code, position, code != filer
