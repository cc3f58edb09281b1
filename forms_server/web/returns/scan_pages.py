"""Scans of the signed and sealed paper: uploaded by the unit, visible to the unit and the office."""

from uuid import UUID

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from forms_server.photos.photo_limits import PhotoLimits
from forms_server.photos.photo_reencoding import UnusablePhoto, make_picture
from forms_server.returns import scans
from forms_server.returns.pdf_rewriting import UnusablePdf, rewrite_pdf
from forms_server.returns.scans import BadScan
from forms_server.web.records.requested_record import desk
from forms_server.web.returns.requested_return import blueprint, readable_return
from forms_server.web.returns.signed_return_page import page

SCAN_LIMITS = PhotoLimits(longest=3600)
"""An A4 page at 300 dots an inch stays readable."""

_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@blueprint.post("/<uuid:return_id>/scans")
def add_scan(return_id: UUID) -> AnyResponse | tuple[str, int]:
    """Store the uploaded files, all or none."""
    files = [file.read() for file in request.files.getlist("scan")] or [b""]
    try:
        with desk() as at:  # before anything is decoded for it
            readable_return(at, return_id)
        remade = [_remade(data) for data in files]
        with desk(writes=True) as at:
            current = readable_return(at, return_id)
            for data in remade:
                scans.add(at, current, data)
    except BadScan as error:
        return page(return_id, refusal=str(error)), 422
    flash(f"已上传 {len(files)} 个扫描件。", "success")
    return redirect(url_for("returns.show", return_id=return_id), 303)


def _remade(data: bytes) -> bytes:
    """A scan as it is kept: read in a sandbox and written anew, without metadata and whatever else was in it.

    Raises:
        BadScan: it is no scan.
    """
    try:
        if scans.media_type(data) == scans.PDF:
            return rewrite_pdf(data)
        return make_picture(data, SCAN_LIMITS).large
    except UnusablePhoto as error:
        raise BadScan(f"这个扫描件{error}。") from error
    except UnusablePdf as error:
        raise BadScan(str(error)) from error


@blueprint.get("/<uuid:return_id>/scans/<uuid:scan_id>")
def scan(return_id: UUID, scan_id: UUID) -> Response:
    """Send a scan: pictures inline, anything else as an attachment."""
    with desk() as at:
        current = readable_return(at, return_id)
        found = scans.read(at.connection, current.id, str(scan_id))
    if found is None:
        abort(404)
    kind, data = found
    shown = "inline" if kind.startswith("image/") else "attachment"
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f"{shown}; filename=scan.{_EXTENSIONS[kind]}"
    # Sandbox the content, which is untrusted.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
