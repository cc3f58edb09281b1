"""Returns on the home pages: a unit's next step, and the office's counts."""

from dataclasses import dataclass

from flask import g

from forms_server.returns import frozen_returns, report_text
from forms_server.returns.expected_returns import due_by_unit
from forms_server.returns.frozen_returns import ReturnState, SignedReturn
from forms_server.returns.return_standing import ReturnStage, Timeliness, standings
from forms_server.scope import may_read_return
from forms_server.web.current_services import services
from forms_server.web.returns.requested_return import blueprint


@dataclass(frozen=True)
class ReturnNotice:
    """Status of a unit's return."""

    last: SignedReturn | None
    changed: bool
    """Whether anything changed after the last signature."""
    changed_by_others: bool
    """Whether other units made changes, such as a department that sent an issue back."""
    parts: int
    """Number of parts of the report."""
    written: int
    """Number of written parts."""

    @property
    def sent_back(self) -> bool:
        """Whether the office sent it back."""
        return self.last is not None and self.last.state is ReturnState.SENT_BACK

    @property
    def stale(self) -> bool:
        """Whether the last return is outdated and must be signed again."""
        return self.changed and not self.sent_back


@dataclass(frozen=True)
class Count:
    """Counts of units by status, for the office."""

    expected: int
    come: int
    to_receive: int
    stale: int
    """Units with changes after signing."""
    missing: int
    """Units without a return past the deadline."""


def notice() -> ReturnNotice | None:
    """Status of the account's own unit; None if no return is expected of it, or for village accounts."""
    used, code = services(), g.account.unit_code
    if not may_read_return(g.account, code):
        return None
    with used.engine.connect() as connection:
        if code not in due_by_unit(connection, used.campaign):
            return None
        last = next(iter(frozen_returns.of_unit(connection, used.campaign, code)), None)
        changed = frozen_returns.changed_after(connection, used.campaign, [last] if last else [])
        parts = report_text.parts(connection, used.campaign, code)
    written = sum(bool(part.text.strip()) for part in parts.values())
    return ReturnNotice(last, code in changed, changed.get(code, False), len(parts), written)


@blueprint.app_template_global("return_count")
def count() -> Count:
    """Count all units."""
    used = services()
    with used.engine.connect() as connection:
        every = standings(connection, used.campaign, used.clock.now())
    return Count(
        expected=len(every),
        come=sum(each.last is not None for each in every),
        to_receive=sum(each.stage is ReturnStage.SIGNED for each in every),
        stale=sum(each.stage is ReturnStage.STALE for each in every),
        missing=sum(each.timeliness is Timeliness.MISSING for each in every),
    )
