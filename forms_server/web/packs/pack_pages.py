"""外带包: the page that works without network, and what its script asks the server."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from flask import Response, g, jsonify, make_response, render_template, request, send_file

from checklist.date_formats import full_moment
from checklist.reading.names import short_village
from forms_server.access import FILERS
from forms_server.account import Account
from forms_server.accounts.browser_name import browser_name
from forms_server.db.engine import transaction
from forms_server.db.tables import household, register_row
from forms_server.desk import Desk
from forms_server.packs.pack_content import MOST_HOUSEHOLDS, TooMuch, packed_draw, packed_work
from forms_server.packs.pack_standing import (
    DAYS,
    WRONG_TRIES,
    contact,
    is_known,
    may_take,
    take_along,
)
from forms_server.packs.packed_registers import MOST_ROWS, TooManyRows, packed_registers, takable
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.packs.pack_making import draw_as_json, ids_by_unit, ids_drawn, work_as_json
from forms_server.web.packs.register_packing import rows_by_unit
from forms_server.web.packs.requested_pack import blueprint, sent_pack_id
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.response_headers import POLICY
from forms_server.web.visits.visit_list_page import villages

SHORTEST_PIN = 6
"""Characters; whoever has the disk can try out short ones (SECURITY.md)."""


NOTHING = "现在没有可以带走的：选的村里没有农户和要整改的问题，或者督导名单里没有要看的。"

Read = Mapping[str, Iterable[tuple[str, str | None]]]
"""By table, whose names are read: the id of each, and the unit's."""


@blueprint.get("/")
def index() -> Response:
    """Show the frame without any name; the browser's script fills it from the pack, which holds pictures, too."""
    names = services().campaign.reading.names
    with desk() as at:
        takes = may_take(at)
        registers = takable(at.campaign, at.account) if takes else []
    page = render_template(
        "packs/index.html",
        takes=takes,
        villages=villages() if g.account.role in FILERS else [],
        registers=registers,
        most_rows=MOST_ROWS,
        short_name=lambda name: short_village(name, names),
        days=DAYS,
        wrong_tries=WRONG_TRIES,
        shortest_pin=SHORTEST_PIN,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; img-src 'self' data:"
    return response


@blueprint.post("/pack")
def make() -> Response | tuple[Response, int]:
    """Write down that this browser takes a pack along, and answer with what it holds."""
    pack_id, browser = sent_pack_id(), browser_name(request.headers.get("User-Agent", ""))
    with desk() as at:
        try:
            content, read = _content(at)
        except TooMuch:
            most = f"选的村一共超过 {MOST_HOUSEHOLDS} 户，一次带不了这么多，请少选几个村。"
            return jsonify(error=most), 422
        except TooManyRows:
            rows = f"选的台账在这些村一共超过 {MOST_ROWS} 行，一次带不了这么多，请少选几本台账或者几个村。"
            return jsonify(error=rows), 422
    if not any(content.get(name) for name in ("households", "issues", "own_work", "registers")):
        return jsonify(error=NOTHING), 422
    with desk(writes=True) as at:
        take_along(at, pack_id, browser, len(content["households"]), _packed_rows(content))
    for table, ids in read.items():
        note_read(table, ids)
    now = services().clock.now()
    return jsonify(id=pack_id, made=full_moment(now), days=DAYS, tries=WRONG_TRIES, **content)


def _content(at: Desk) -> tuple[dict[str, Any], Read]:
    if not may_take(at):
        return {"households": [], "issues": []}, {}
    if at.account.reads_assigned_units:
        drawn = packed_draw(at)
        return draw_as_json(at, drawn), {household.name: ids_drawn(drawn)}
    chosen = _villages(at.account)
    work = packed_work(at, chosen)
    registers = packed_registers(at, request.form.getlist("register"), chosen)
    read = {household.name: ids_by_unit(work), register_row.name: rows_by_unit(registers)}
    return work_as_json(at, work, registers), read


def _packed_rows(content: Mapping[str, Any]) -> int:
    return sum(len(each["rows"]) for each in content.get("registers", ()))


@blueprint.get("/workbook.xlsx")
def workbook() -> Response:
    """The account's own ledgers and households, for those whose browser cannot take a pack along."""
    # Lazy import: most workers never need XlsxWriter.
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from forms_server.packs.pack_workbook import personal_book

    note_export(services(), g.account, g.account.unit_code, "外带")
    with desk() as at:
        data = to_xlsx(personal_book(at))
    return send_file(BytesIO(data), XLSX, as_attachment=True, download_name="我的台账和要去的户.xlsx")


def _villages(account: Account) -> set[str]:
    """Codes of the chosen villages, among those of the account; the one that it is bound to."""
    if account.village_code:
        return {account.village_code}
    own = {village.code for _, group in villages() for village in group}
    return own & set(request.form.getlist("village"))


@blueprint.post("/contact")
def tell() -> Response:
    """Take down what a browser tells of its pack, and say whether it may keep it; nothing else is told."""
    waiting = request.form.get("waiting", "")
    number = int(waiting) if waiting.isascii() and waiting.isdigit() and len(waiting) < 6 else None
    pack_id, used = sent_pack_id(), services()
    with used.engine.connect() as connection:  # strangers' guesses take no lock
        if not is_known(connection, pack_id):
            return jsonify(held=False)
    with transaction(used.engine) as connection:
        held = contact(connection, used.clock.now(), pack_id, number, request.form.get("ended", ""))
    return jsonify(held=held)
