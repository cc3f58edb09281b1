"""Attachments between their upload and their import: one morning's files an account, deleted after a day."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

from build_scripts.intake.mail_attachments import Attachment
from forms_server.imports.attachment_intake import AttachmentReport, Standing
from forms_server.imports.uploads import Uploads

_NAMES, _REPORTS, _CHOSEN = "names.json", "reports", "chosen"


class KeptAttachments:
    """The files that accounts sent, with what was found out about them."""

    def __init__(self, home: Path) -> None:
        self._uploads = Uploads(home, "attachments")

    def keep(self, account_id: str, files: Sequence[Attachment]) -> str:
        """Store files, replacing the account's last ones; returns their token."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_NAMES, json.dumps([[file.name, file.refusal] for file in files]))
            for number, file in enumerate(files):
                archive.writestr(str(number), file.data)
        return self._uploads.keep(account_id, packed.getvalue())

    def files(self, account_id: str, token: str) -> list[Attachment] | None:
        """Return the account's files; None if they are missing or expired."""
        packed = self._uploads.find(account_id, token)
        if packed is None:
            return None
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = json.loads(archive.read(_NAMES))
            return [
                Attachment(name, archive.read(str(number)), refusal)
                for number, (name, refusal) in enumerate(names)
            ]

    def one_at_a_time(self) -> AbstractContextManager[None]:
        """Lock for looking at files, which uploads of one workbook take as well: each may take much memory."""
        return self._uploads.one_at_a_time()

    def last(self, account_id: str) -> str | None:
        """Return the token of the account's files; None if it has none."""
        return self._uploads.last(account_id)

    def write_down(
        self, account_id: str, token: str, reports: Sequence[AttachmentReport], chosen: Mapping[str, str]
    ) -> None:
        """Store what was found out so far, and the units that were chosen by a file's name."""
        said = {_REPORTS: json.dumps([asdict(each) for each in reports]), _CHOSEN: json.dumps(chosen)}
        self._uploads.keep_answers(account_id, token, said)

    def reports(self, account_id: str, token: str) -> list[AttachmentReport]:
        """Return what was found out so far: of the first files."""
        said = json.loads(self._uploads.answers(account_id, token).get(_REPORTS, "[]"))
        return [
            AttachmentReport(
                **{
                    **each,
                    "standing": Standing(each["standing"]),
                    "choices": tuple(each["choices"]),
                    "said": tuple(each["said"]),
                }
            )
            for each in said
        ]

    def chosen(self, account_id: str, token: str) -> dict[str, str]:
        """Return the units that were chosen: a file's name to a unit's code."""
        found: dict[str, str] = json.loads(self._uploads.answers(account_id, token).get(_CHOSEN, "{}"))
        return found
