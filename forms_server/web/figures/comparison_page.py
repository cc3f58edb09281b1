"""对比: the present figures beside those of a day, of a round, of the last published summary or of a file."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, render_template, request

from build_scripts.counting.comparison import Comparison, Measured, compared, measured_in_rows
from build_scripts.counting.count_query import BadSource, Records
from build_scripts.summary.compared_sources import is_round, measured_in_file, measured_round, measured_then
from build_scripts.summary.compiling import summary_of
from checklist.date_formats import as_of
from checklist.model import Campaign
from checklist.register_periods import period_words
from forms_server.records.live_record_source import live_records
from forms_server.visits.visit_rounds import known_rounds, round_on
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("comparison", __name__, url_prefix="/comparison")

PUBLISHED = "published"
"""Value of the choice: the summary that the command published last."""

MOST_BYTES = 2_000_000
"""Of a file; a county's summary has some sixty kilobytes."""


@blueprint.get("/")
def index() -> str | tuple[str, int]:
    """Compare with what the address asks for; without anything ask."""
    return _page(request.args.get("with", "").strip()[:40])


@blueprint.post("/")
def of_file() -> str | tuple[str, int]:
    """Compare with an uploaded ``summary.csv``; nothing is stored."""
    sent = request.files.get("summary")
    content = sent.read(MOST_BYTES + 1) if sent else b""
    if not content:
        return _page("", problem="请选一份以前汇总出来的 summary.csv。")
    if len(content) > MOST_BYTES:
        return _page("", problem="这份文件太大，不是汇总结果。")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "summary.csv"
        file.write_bytes(content)
        try:
            old = measured_in_file(file)
        except BadSource:
            return _page("", problem="这份文件不是汇总命令写的 summary.csv，请核对。")
    return _page("", old=old)


def _page(asked: str, old: Measured | None = None, problem: str = "") -> str | tuple[str, int]:
    campaign, now = services().campaign, services().clock.now()
    found: Comparison | None = None
    with desk() as at:
        rounds = known_rounds(at.connection, campaign, now.date())
        if asked or old:
            try:
                found = _compared(live_records(at.connection), campaign, asked, old)
            except BadSource as error:
                problem = str(error)
    page = render_template(
        "comparison.html",
        asked=asked,
        found=found,
        problem=problem,
        published=PUBLISHED,
        has_published=(_published() / "published.json").is_file(),
        rounds=_offered(rounds),
        largest=now.date(),
    )
    return (page, 422) if problem else page


def _compared(records: Records, campaign: Campaign, asked: str, old: Measured | None) -> Comparison:
    """Rounds stand beside the present round, all else beside the present figures.

    Raises:
        BadSource: what to compare with is not there.
    """
    now = services().clock.now()
    present = round_on(campaign, now.date())
    if is_round(campaign, asked) and present:
        new = measured_round(records, campaign, present)
    else:
        new = measured_in_rows(f"现在（{as_of(now)}）", summary_of(records, campaign)[0].rows)
    if old is None:
        old = (
            measured_in_file(_published()) if asked == PUBLISHED else measured_then(records, campaign, asked)
        )
    return compared(old, new, campaign, campaign.summary_table.total_label)


def _published() -> Path:
    return services().config.home / "summary"


def _offered(rounds: Sequence[str]) -> list[tuple[str, str]]:
    return [(each, period_words(each)) for each in rounds[1:]]
