"""What the home pages say about returns: to a unit what it has to do next, to the office what has come."""

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
    """Where a unit is with its return."""

    last: SignedReturn | None
    changed: bool
    """Whether anything changed after the last signature, whoever changed it."""
    changed_by_others: bool
    """Whether others changed anything of it, such as a department that sent an issue back."""
    parts: int
    """Parts of the report."""
    written: int
    """Those of them that are written."""

    @property
    def sent_back(self) -> bool:
        """Whether the office wants something mended."""
        return self.last is not None and self.last.state is ReturnState.SENT_BACK

    @property
    def stale(self) -> bool:
        """Whether the last return no longer says what the records say, so that it waits for a new signature."""
        return self.changed and not self.sent_back


@dataclass(frozen=True)
class Count:
    """Where all units are, for the office."""

    expected: int
    come: int
    to_receive: int
    stale: int
    """Those that changed after the signature."""
    missing: int
    """Those of which nothing has come although the deadline is past."""


def notice() -> ReturnNotice | None:
    """Of the account's own unit; None where it hands nothing in, or the account sees only a village of it."""
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
    """Of all units."""
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
