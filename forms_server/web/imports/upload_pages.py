"""Shared pages of imports: upload with a preview, then confirmation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from flask import abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from build_scripts.intake.refusal import Unreadable
from forms_server.imports.upload_flow import Book, Found, ImportKind, Preview, UploadExpired, UploadFlow
from forms_server.imports.uploads import Uploads
from forms_server.records.record import EditConflict
from forms_server.web.current_services import services

Page = str | tuple[str, int]

SHOWN_PROBLEMS = 300
"""How many a page shows."""


@dataclass(frozen=True)
class UploadPages(Generic[Book, Found]):
    """Presentation of one kind of import."""

    called: str
    """What is imported into, in words."""
    template: str
    """Of the preview; it gets ``found``, ``token``, ``name``, ``seen`` and ``shown_problems``."""
    kind: Callable[[], ImportKind[Book, Found]]
    """For the account that asks."""
    index: Callable[[str], str]
    """The page with the upload, and the sentence of a refusal."""
    preview: Callable[[Found], Mapping[str, Any]]
    """What the preview shows besides."""
    done: Callable[[Found], Response]
    """What is answered once it is imported."""

    def check(self) -> Page:
        """Read the file that was sent and show what would be done with it; nothing is stored."""
        file = request.files.get("file")
        if not file or not file.filename:
            return self.index("还没有选文件；请先选一个 Excel 文件，再点“核对”。"), 422
        try:
            return self._shown(self.flow().check(file.read()), file.filename)
        except Unreadable as error:
            return self._refused(file.filename, error)

    def confirm(self, token: str) -> Response | Page:
        """Import a file as it was shown: all of it, or nothing."""
        name = request.form.get("name", "")
        try:
            after = self.flow().confirm(token, request.form.get("seen"), name)
        except Unreadable as error:
            return self._refused(name, error)
        except UploadExpired:
            abort(404)
        except EditConflict:
            abort(409)
        if after.done:
            return self.done(after.found)
        flash(f"核对以后{self.called}又有了变动，没有导入。请看过下面的结果，再点一次导入。", "warning")
        return self._shown(after, name)

    def look_again(self, token: str) -> tuple[bytes, Found]:
        """A kept file and what importing it would do now; 404 where there is none.

        Raises:
            Unreadable: it can't be read any more.
        """
        try:
            return self.flow().look_again(token)
        except UploadExpired:
            abort(404)

    def flow(self) -> UploadFlow[Book, Found]:
        """The imports of the account that asks."""
        used = services()
        return UploadFlow(Uploads(used.config.home), used.engine, g.account.id, self.kind())

    def _shown(self, preview: Preview[Found], name: str) -> Page:
        found = preview.found
        page = render_template(
            self.template,
            found=found,
            token=preview.token,
            name=name,
            seen=preview.seen,
            shown_problems=SHOWN_PROBLEMS,
            **self.preview(found),
        )
        return (page, 422) if found.errors else page

    def _refused(self, name: str, error: Unreadable) -> Page:
        return self.index(f"没有读“{name}”：{error}"), 422
