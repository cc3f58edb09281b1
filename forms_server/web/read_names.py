"""Notes in the audit that this account read names of another unit's households."""

from collections.abc import Iterable

from flask import current_app, g

from forms_server.db.looking_on import as_oneself
from forms_server.sight_log import SightLog
from forms_server.web.current_services import services


def note_read(what: str, ids_by_unit: Iterable[tuple[str, str | None]]) -> None:
    """Note what was shown.

    Args:
        what: the table of what was read.
        ids_by_unit: the id of each, and the code of the unit whose it is; one's own unit's are not noted.
    """
    log: SightLog = current_app.extensions["sights"]
    reader = g.viewer or g.account
    with as_oneself():
        log.note(services(), reader, what, [each for each, unit in ids_by_unit if unit != reader.unit_code])
