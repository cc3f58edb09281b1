"""URLs of filtered ledgers."""

from flask import url_for

from checklist.model import RecordForm
from forms_server.records.keyset_paging import Position
from forms_server.records.ledger_filters import Filters, Sorting, parameters, parameters_of
from forms_server.web.records.pagination_cursors import written
from forms_server.web.records.requested_record import blueprint


def ledger_address(
    form: RecordForm, filters: Filters, sorting: Sorting = Sorting.NEWEST, place: Position | None = None
) -> str:
    """URL of a ledger with these filters."""
    return url_for(
        "records.index",
        form_id=form.id,
        **parameters_of(filters),
        sort=sorting.value if sorting is Sorting.DUE else None,
        **written(place),
    )


blueprint.add_app_template_global(parameters, "asking")
