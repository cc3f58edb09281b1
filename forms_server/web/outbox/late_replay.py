"""Posts a late entry in its author's name: the same views judge and store it as would have then."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from io import BytesIO
from typing import Any

from flask import current_app, g, make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import RequestRedirect

from forms_server.access import allowed
from forms_server.records.late_entries import HeldEntry
from forms_server.state_moves import MOVES
from forms_server.web.photos.left_photos import left_photos
from forms_server.web.photos.picture_files import FILES
from forms_server.web.request_limits import take_files

REPLAYED = frozenset(
    {
        *(move.endpoint for move in MOVES.values()),
        "records.new", "records.edit", "records.add_photos",
        "registers.new", "registers.edit", "registers.move", "registers.confirm", "registers.add_photos",
        "visits.begin", "visits.new", "visits.correct", "visits.save",
        "zero.save", "zero.save_village", "report.save",
        "inspection.save_sheet", "inspection.find", "inspection.save_check", "inspection.find_general",
    }
)  # fmt: skip
"""Routes of the forms that browsers keep and send."""

NOT_A_FORM = "这不是本系统的表，不能收下。"

_SAID = re.compile(r'<(?:li|p class="field-error"[^>]*)>(.*?)</(?:li|p)>', re.DOTALL)
_TAG = re.compile("<[^>]+>")


@dataclass(frozen=True)
class Replayed:
    """What was wrong, empty for nothing; and sentences about photographs that the stored record came without."""

    wrong: str = ""
    left: Sequence[str] = ()


def replay(held: HeldEntry) -> Replayed:
    """Post the entry as its account, whose rights are those of its role and unit.

    The audit names the account, as it would have. Idempotent like the posts themselves.
    """
    entry = held.entry
    data: MultiDict[str, Any] = MultiDict(entry.typed)
    for file in entry.files:
        data.add(file.field or FILES, (BytesIO(file.content), file.file_name or "photo.jpg"))
    with current_app.test_request_context(entry.action, method="POST", data=data, base_url=request.host_url):
        g.account, g.session = replace(held.account, disabled=False), None
        endpoint = request.endpoint or ""
        if endpoint not in REPLAYED or not allowed(g.account.role, endpoint, "POST"):
            return Replayed(NOT_A_FORM)
        take_files()
        return _post(endpoint)


def _post(endpoint: str) -> Replayed:
    try:
        response = make_response(current_app.view_functions[endpoint](**(request.view_args or {})))
    except RequestRedirect:
        return Replayed(NOT_A_FORM)
    except Exception as error:
        response = make_response(current_app.handle_user_exception(error))
    if response.status_code == 303:
        return Replayed(left=[each["why"] for each in left_photos()])
    said = [unescape(_TAG.sub("", words)).strip() for words in _SAID.findall(response.get_data(as_text=True))]
    return Replayed(" ".join(filter(None, said[:5])) or f"服务器现在不收（{response.status_code}）。")
