"""Scans of the signed and sealed paper: validated by content, stored with the return."""

import hashlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import uuid4

from PIL import Image
from sqlalchemy import Connection, func, insert, select

from build_scripts.sandbox.child_limits import MEGABYTE
from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import return_scan
from forms_server.desk import Desk
from forms_server.records.record_store import permit
from forms_server.returns.frozen_returns import SignedReturn

MOST_BYTES = 10 * MEGABYTE
MOST_BYTES_A_RETURN = 60 * MEGABYTE
MOST_SCANS = 20
_MOST_PIXELS = 100_000_000
"""Ten times an A4 page at 300 dots an inch."""
_PDF_END = 2048
"""Number of trailing bytes in which a PDF has its end marker."""


class BadScan(Exception):
    """Refused file; the message says what to send instead."""


@dataclass(frozen=True)
class Scan:
    """A scan without its bytes."""

    id: str
    media_type: str
    size: int
    created_at: datetime

    @property
    def is_picture(self) -> bool:
        """Whether a browser can display it inline."""
        return self.media_type.startswith("image/")


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-_PDF_END:]


def _is_picture(kind: str) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                picture = Image.open(BytesIO(data), formats=[kind])
            if picture.width * picture.height > _MOST_PIXELS:
                return False
            picture.verify()
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return False
        return True

    return check


PDF = "application/pdf"
KINDS: Mapping[str, Callable[[bytes], bool]] = {
    PDF: _is_pdf,
    "image/jpeg": _is_picture("JPEG"),
    "image/png": _is_picture("PNG"),
}
"""Accepted media types with their detectors."""


def media_type(data: bytes) -> str:
    """Detect the media type by content, ignoring the sender's claim.

    Raises:
        BadScan: unsupported type, or too large.
    """
    if not data:
        raise BadScan("还没有选文件，或者文件是空的；请选一个文件再上传。")
    if len(data) > MOST_BYTES:
        raise BadScan(f"文件超过了 {MOST_BYTES // MEGABYTE} MB；请降低扫描精度，或者分页上传。")
    for name, check in KINDS.items():
        if check(data):
            return name
    raise BadScan("不是完整的 PDF、JPEG 或 PNG 文件；请上传扫描件或照片的原文件。")


def add(desk: Desk, signed: SignedReturn, data: bytes) -> None:
    """Store a scan with a return. Idempotent: the same file is stored once.

    Raises:
        NotAllowed: the account has no such right for the unit.
        BadScan: the file is refused, or the return has the maximum number of scans.
    """
    permit(desk, Action.ADD_SCAN, signed.unit_code, None)
    kind, name = media_type(data), hashlib.sha256(data).hexdigest()
    query = select(return_scan.c.sha256).where(return_scan.c.return_id == signed.id)
    known = desk.connection.execute(query).scalars().all()
    if name in known:
        return
    if len(known) >= MOST_SCANS:
        raise BadScan(f"一次报送最多附 {MOST_SCANS} 个扫描件。")
    stored = select(func.coalesce(func.sum(return_scan.c.size), 0)).where(
        return_scan.c.return_id == signed.id
    )
    if desk.connection.execute(stored).scalar_one() + len(data) > MOST_BYTES_A_RETURN:
        raise BadScan(
            f"一次报送的扫描件一共不超过 {MOST_BYTES_A_RETURN // MEGABYTE} MB；请降低扫描精度，或者去掉重复的。"
        )
    scan_id = str(uuid4())
    row = {
        "id": scan_id,
        "return_id": signed.id,
        "sha256": name,
        "media_type": kind,
        "content": data,
        "size": len(data),
        "created_by": desk.account.id,
        "created_at": desk.now,
    }
    desk.connection.execute(insert(return_scan).values(row))
    change = {"return": signed.id, "sha256": name}
    audit.record(desk.connection, desk.now, desk.account, return_scan.name, scan_id, "add", change)


def of_return(connection: Connection, return_id: str) -> Sequence[Scan]:
    """Return a return's scans in upload order."""
    columns = [return_scan.c[name] for name in ("id", "media_type", "size", "created_at")]
    query = select(*columns).where(return_scan.c.return_id == return_id)
    return [
        Scan(*row) for row in connection.execute(query.order_by(return_scan.c.created_at, return_scan.c.id))
    ]


def read(connection: Connection, return_id: str, scan_id: str) -> tuple[str, bytes] | None:
    """Return media type and bytes of a return's scan; None if there is none."""
    query = select(return_scan.c.media_type, return_scan.c.content).where(
        return_scan.c.return_id == return_id, return_scan.c.id == scan_id
    )
    row = connection.execute(query).one_or_none()
    return (row.media_type, row.content) if row else None
