"""Answers to posts that a page's script sends: JSON in place of a redirect, so that the page stays until it is stored.

A post names itself by the header ``X-Outbox``: ``now`` where the page that it was typed on is open, ``later`` where it
waited in the outbox. An answer without that header comes from elsewhere (a proxy, a hotel's sign-in page). ``UNIT``
says for which unit it was typed.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, g, get_flashed_messages, jsonify, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WsgiResponse

from checklist.date_formats import full_moment
from forms_server.desk import Desk, NotFound
from forms_server.records.serial_number import serial
from forms_server.visits import visit_store
from forms_server.web.current_services import services
from forms_server.web.errors import error_page
from forms_server.web.photos.left_photos import left_photos
from forms_server.web.records.requested_record import desk, record_form, stored
from forms_server.web.registers.requested_register import asked_register, stored_row

HEADER = "X-Outbox"
NOW, LATER = "now", "later"
UNIT = "X-Outbox-Unit"

MOVED = (
    "这一份是您在{old}的时候填的，您的账号现在在{new}，没有登记。属于{old}的，请在“待发送”里看填的内容，"
    "交给{old}现在的填报人登记；属于{new}的，请照着重新填一份。"
)


def install(app: Flask) -> None:
    """Register the hooks; after the gate's, so that a view's redirect differs from one of the gate."""
    app.before_request(_admitted)
    app.before_request(_refuse_of_unit_left)
    app.after_request(_answer)


def is_scripted() -> bool:
    """Whether a page's script sent this request from the outbox."""
    return request.method == "POST" and request.headers.get(HEADER) in {NOW, LATER}


def _admitted() -> None:
    g.admitted = True


def _refuse_of_unit_left() -> WsgiResponse | None:
    """Take nothing that was typed for a unit that the account has left: it would count for the other one."""
    code = unquote(request.headers.get(UNIT, ""))
    if not (code and is_scripted() and g.account) or code == g.account.unit_code:
        return None
    units = services().campaign.unit_by_code
    old, new = (units[each].name if each in units else "原单位" for each in (code, g.account.unit_code))
    return error_page(403, MOVED.format(old=old, new=new), title="单位变了")


def _answer(response: Response) -> Response:
    if not is_scripted():
        return response
    target = response.headers.get("Location", "")
    if response.status_code != 303:
        response.headers[HEADER] = request.headers[HEADER]
        return response
    answer = jsonify(_receipt(target) if g.get("admitted") else {"done": False, "to": target})
    answer.headers[HEADER] = request.headers[HEADER]
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _receipt(target: str) -> dict[str, Any]:
    """What the outbox shows once a post is stored; a page that is open shows the flashed sentences itself."""
    said = get_flashed_messages() if request.headers[HEADER] == LATER else []
    number, version = _stored(target)
    at = full_moment(services().clock.now())
    told = {"done": True, "to": target, "at": at, "number": number, "version": version, "said": said}
    return {**told, "left": left_photos()}


def _stored(target: str) -> tuple[str, int | None]:
    """Number in its ledger, as its page has it, and version of what the address shows; empty and None for other pages.

    What the browser sends next about the same thing may build on that version.
    """
    try:
        assert request_ctx.url_adapter
        endpoint, values = request_ctx.url_adapter.match(urlsplit(target).path, method="GET")
        if endpoint not in _SHOWN:
            return "", None
        with desk() as at:
            return _SHOWN[endpoint](at, values)
    except (HTTPException, NotFound):
        return "", None


def _record(at: Desk, values: Mapping[str, Any]) -> tuple[str, int]:
    record = stored(at, record_form(values["form_id"]), values["record_id"])
    return f"{record.form.name}第 {serial(at.connection, at.campaign, record)} 条", record.version


def _visit(at: Desk, values: Mapping[str, Any]) -> tuple[str, int]:
    return "", visit_store.get(at, str(values["visit_id"])).version


def _row(at: Desk, values: Mapping[str, Any]) -> tuple[str, int]:
    row = stored_row(at, asked_register(values["register_id"]), values["row_id"])
    return f"{row.form.name}第 {row.number} 行", row.version


_SHOWN: Mapping[str, Callable[[Desk, Mapping[str, Any]], tuple[str, int]]] = {
    "records.show": _record,
    "visits.show": _visit,
    "visits.fill": _visit,
    "registers.show": _row,
}
"""Pages of what has versions, by endpoint."""
