"""Shared pages of imports: upload with a preview, then confirmation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from flask import abort, flash, g, render_template, request
from werkzeug.wrappers import Response

from build_scripts.intake.asked_questions import by_kind, open_questions, told_once
from build_scripts.intake.refusal import Unreadable
from checklist.messages import say
from checklist.questions import lasting
from checklist.reading.personal_numbers import take_out
from forms_server.imports.upload_flow import Book, Found, ImportKind, Preview, UploadExpired, UploadFlow
from forms_server.imports.uploads import Uploads
from forms_server.records.record import EditConflict
from forms_server.web.current_services import services

Page = str | tuple[str, int]

SHOWN_PROBLEMS = 300
"""How many a page shows."""
SHOWN_QUESTIONS = 200
"""How many of a kind a page asks at once; the others follow."""
_ANSWER = "answer-"
"""Before a question's key, or a kind, in the name of a posted field."""


@dataclass(frozen=True)
class UploadPages(Generic[Book, Found]):
    """Presentation of one kind of import."""

    called: str
    """What is imported into, in words."""
    template: str
    """Of the preview; it gets ``found``, ``token``, ``name``, ``seen`` and ``shown_problems``."""
    kind: Callable[[Mapping[str, str]], ImportKind[Book, Found]]
    """For the account that asks, with the answers that it gave."""
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
        # Who corrects a file and sends it again need not answer again.
        answers = lasting(self.uploads().last_answers(g.account.id))
        return self.look_at(str(take_out(file.filename)), file.read(), answers)

    def look_at(self, name: str, data: bytes, answers: Mapping[str, str]) -> Page:
        """Show what would be done with a file, given these answers; nothing is stored."""
        try:
            preview = self.flow(answers).check(data)
        except Unreadable as error:
            return self._refused(name, error)
        self.uploads().keep_answers(g.account.id, preview.token, answers)
        return self._shown(preview, name)

    def confirm(self, token: str) -> Response | Page:
        """Import a file as it was shown: all of it, or nothing."""
        name, before = str(take_out(request.form.get("name", ""))), self._answers(token)
        answers = before | _posted()
        self.uploads().keep_answers(g.account.id, token, answers)
        try:
            after = self.flow(answers).confirm(token, request.form.get("seen"), name)
        except Unreadable as error:
            return self._refused(name, error)
        except UploadExpired:
            abort(404)
        except EditConflict:
            abort(409)
        if after.done:
            return self.done(after.found)
        flash(self._why_shown_again(after.found, answered=answers != before), "warning")
        return self._shown(after, name)

    def look_again(self, token: str) -> tuple[bytes, Found]:
        """A kept file and what importing it would do now; 404 where there is none.

        Raises:
            Unreadable: it can't be read any more.
        """
        try:
            return self.flow(self._answers(token)).look_again(token)
        except UploadExpired:
            abort(404)

    def flow(self, answers: Mapping[str, str]) -> UploadFlow[Book, Found]:
        """The imports of the account that asks."""
        return UploadFlow(self.uploads(), services().engine, g.account.id, self.kind(answers))

    @staticmethod
    def uploads() -> Uploads:
        """The folder of uploads."""
        return Uploads(services().config.files)

    def _answers(self, token: str) -> dict[str, str]:
        return self.uploads().answers(g.account.id, token)

    def _why_shown_again(self, found: Found, *, answered: bool) -> str:
        left = len(open_questions(found.questions))
        if left:
            return f"还有 {left} 处要您回答，没有导入。已经选的都记着。"
        if answered:
            return "已按您的回答重新核对。"
        return f"核对以后{self.called}又有了变动，没有导入。请看过下面的结果，再点一次导入。"

    def _shown(self, preview: Preview[Found], name: str) -> Page:
        found, unanswered = preview.found, open_questions(preview.found.questions)
        page = render_template(
            self.template,
            found=found,
            token=preview.token,
            name=name,
            numberless=preview.numberless,
            seen=preview.seen,
            shown_problems=SHOWN_PROBLEMS,
            asked=[
                (
                    kind,
                    say(kind, count=len(asked), counter=services().campaign.counter),
                    asked[:SHOWN_QUESTIONS],
                    len(asked) - SHOWN_QUESTIONS,
                )
                for kind, asked in by_kind(unanswered)
            ],
            settled=[each for each in found.questions if not each.question.is_open],
            unanswered=len(unanswered),
            wrong=[problem for problem in found.errors if not problem.question],
            told=told_once(each for each in found.problems if not each.question),
            **self.preview(found),
        )
        return (page, 422) if found.errors else page

    def _refused(self, name: str, error: Unreadable) -> Page:
        return self.index(f"没有读“{name}”：{error}"), 422


def _posted() -> dict[str, str]:
    """Return the answers that were posted: key of a question, or a kind, to the id of a choice."""
    return {
        name.removeprefix(_ANSWER): value for name, value in request.form.items() if name.startswith(_ANSWER)
    }
