"""The office takes in a morning's mails: one page says of every file whose it is, what it holds and what is missing."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.intake.mail_attachments import Attachment, attachments_of_all
from build_scripts.intake.numberless_copy import numberless_attachment
from build_scripts.intake.personal_cells import NumberRemoval
from build_scripts.intake.refusal import Unreadable
from forms_server.accounts.unit_filer import NoFiler
from forms_server.imports.attachment_intake import (
    STANDING_NAMES,
    AttachmentIntake,
    Standing,
    silent_units,
    with_imported,
)
from forms_server.imports.kept_attachments import KeptAttachments
from forms_server.records.record import EditConflict
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import open_for_unit
from forms_server.web.imports.upload_pages import Page
from forms_server.web.records.record_words import unit_name

blueprint = Blueprint("attachments", __name__, url_prefix="/attachments")

_PATIENCE = 15.0
"""Seconds of a request within which another file is begun; the page goes on by itself."""


@blueprint.get("/")
def index() -> str:
    """The page that takes files."""
    return _index()


@blueprint.post("/")
def receive() -> Response | Page:
    """Keep the files that were sent, unpacked, and begin to look at them."""
    sent = (each for each in request.files.getlist("files") if each.filename)
    try:
        files = list(attachments_of_all((str(each.filename), each.read()) for each in sent))
        removal = NumberRemoval.of(services().campaign)
        with _kept().one_at_a_time():
            files = [numberless_attachment(file, removal) for file in files]
        if not files:
            raise Unreadable("attachments-none")
    except Unreadable as error:
        return _index(str(error)), 422
    token = _kept().keep(g.account.id, _told_apart(files))
    _go_on(token)
    return redirect(url_for("attachments.show", token=token), 303)


@blueprint.get("/<token>")
def show(token: str) -> str:
    """What was found out so far."""
    files, used = _files(token), services()
    with used.engine.connect() as connection:
        reports = with_imported(connection, used.campaign, _kept().reports(g.account.id, token))
        silent = silent_units(connection, used.campaign, reports)
    numbered = sorted(enumerate(reports), key=lambda pair: _ORDER[pair[1].standing])
    return render_template(
        "imports/attachments.html",
        token=token,
        reports=numbered,
        left=len(files) - len(reports),
        tally=Counter(each.standing for each in reports),
        silent=silent,
        Standing=Standing,
        standing_names=STANDING_NAMES,
        unit_name=partial(unit_name, used.campaign),
    )


@blueprint.post("/<token>/more")
def more(token: str) -> Response:
    """Look at further files; at all of them again where something was imported or undone meanwhile."""
    _files(token)
    if "again" in request.form:
        kept = _kept()
        kept.write_down(g.account.id, token, [], kept.chosen(g.account.id, token))
    _go_on(token)
    return redirect(url_for("attachments.show", token=token), 303)


@blueprint.post("/<token>/<int:number>/unit")
def choose_unit(token: str, number: int) -> Response:
    """Say whose a file is, and look at it again."""
    files, kept = _files(token), _kept()
    code = request.form.get("unit", "")
    with kept.one_at_a_time():
        reports = kept.reports(g.account.id, token)
        if number >= len(reports) or code not in {unit.code for unit in services().campaign.filing_units}:
            abort(404)
        chosen = kept.chosen(g.account.id, token) | {files[number].name: code}
        reports[number] = _intake().look_at(files[number], code, reports[:number])
        kept.write_down(g.account.id, token, reports, chosen)
    return redirect(url_for("attachments.show", token=token, _anchor=f"file-{number}"), 303)


@blueprint.post("/<token>/<int:number>/open")
def open_(token: str, number: int) -> Response | Page:
    """The preview of one file, in which questions are answered and which imports it."""
    files, reports = _files(token), _kept().reports(g.account.id, token)
    if number >= len(reports) or not reports[number].unit_code:
        abort(404)
    try:
        return open_for_unit(files[number], reports[number].unit_code)
    except NoFiler as error:
        flash(str(error), "warning")
        return redirect(url_for("attachments.show", token=token), 303)


@blueprint.post("/<token>/import")
def import_(token: str) -> Response:
    """Import every file that leaves nothing to ask, each whole; the others stay as they are."""
    files = _files(token)
    taken = sum(_take_in(token, number, file) for number, file in enumerate(files))
    flash(f"已导入 {taken} 份。导错了可以在“导入记录”里一份一份撤回。", "success")
    return redirect(url_for("attachments.show", token=token), 303)


def _take_in(token: str, number: int, file: Attachment) -> bool:
    """Import a file if it is ready, look at it anew if it is so no longer; returns whether it was imported."""
    kept, used = _kept(), services()
    with kept.one_at_a_time():
        reports = kept.reports(g.account.id, token)
        with used.engine.connect() as connection:
            now = with_imported(connection, used.campaign, reports[number : number + 1])
        if not now or now[0].standing is not Standing.READY:
            return False
        try:
            done = _intake().take_in(file, used.campaign.unit_by_code[now[0].unit_code])
        except (Unreadable, NoFiler, EditConflict):
            done = None
        if not done:  # something changed since
            reports[number] = _intake().look_at(file, now[0].unit_code, reports[:number])
            kept.write_down(g.account.id, token, reports, kept.chosen(g.account.id, token))
        return done is not None


def _go_on(token: str) -> None:
    """Look at the files that are left, until the request has taken long enough; others' uploads come in between."""
    files, kept, until = _files(token), _kept(), time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with kept.one_at_a_time():
            chosen, reports = kept.chosen(g.account.id, token), kept.reports(g.account.id, token)
            if len(reports) >= len(files):
                return
            file = files[len(reports)]
            reports.append(_intake().look_at(file, chosen.get(file.name), reports))
            kept.write_down(g.account.id, token, reports, chosen)


def _told_apart(files: list[Attachment]) -> list[Attachment]:
    """Number files of one name, which several mails may bring."""
    seen: Counter[str] = Counter()
    named = []
    for file in files:
        seen[file.name] += 1
        again = f"（{seen[file.name]}）" if seen[file.name] > 1 else ""
        named.append(replace(file, name=f"{file.name}{again}"))
    return named


def _files(token: str) -> list[Attachment]:
    files = _kept().files(g.account.id, token)
    if files is None:
        abort(404)
    return files


def _kept() -> KeptAttachments:
    return KeptAttachments(services().config.home)


def _intake() -> AttachmentIntake:
    used = services()
    return AttachmentIntake(used.campaign, used.engine, used.clock, g.account)


def _index(refusal: str = "") -> str:
    return render_template("imports/attachments_index.html", refusal=refusal, last=_kept().last(g.account.id))


_ORDER: Mapping[Standing, int] = {
    standing: place
    for place, standing in enumerate(
        (
            Standing.NO_UNIT,
            Standing.ASKS,
            Standing.WRONG,
            Standing.READY,
            Standing.UNREADABLE,
            Standing.OTHER,
            Standing.REPEATED,
            Standing.SAME,
            Standing.DONE,
        )
    )
}
"""What is left to do comes first."""
