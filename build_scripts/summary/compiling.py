"""Compiles the summary, from a source of records to the files in their folder."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from build_scripts.summary.publish import NotPublished, replace_folder, results
from build_scripts.summary.query import BadSource
from build_scripts.summary.reconcile import Unreconciled, check_counts, check_summary
from build_scripts.summary.source import read_counts
from build_scripts.summary.table import Summary, frame_of, summarise
from checklist.model import Campaign

FAILURES = (BadSource, Unreconciled, NotPublished)
"""What can go wrong from outside; each says in a sentence what to do, and leaves everything as it was."""


def compile_summary(campaign: Campaign, source: str, engine: str = "auto") -> Summary:
    """Count a source and shape it into annex 2.

    Raises:
        BadSource: the source can't be read, or holds only records of other campaigns.
        Unreconciled: figures that do not agree.
    """
    counts = frame_of(read_counts(source, engine), campaign)
    check_counts(counts, campaign)
    summary = summarise(counts, campaign)
    check_summary(summary, counts, campaign)
    return summary


def publish(summary: Summary, campaign: Campaign, folder: Path) -> None:
    """Write all results, with a bar on a terminal.

    Raises:
        NotPublished: they can't take the folder's place.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("正在写汇总表", total=len(summary.units))

        def followed() -> Iterator[tuple[str, bytes]]:
            for path, content in results(summary, campaign):
                progress.advance(task, path.startswith("units/"))
                yield path, content

        replace_folder(folder, followed())


def outcome(summary: Summary, folder: Path) -> str:
    """What to know before sending it: the county's figures, and how many units have not reported everything."""
    total = summary.county.total
    waiting = sum(any(line.reported == "no" for line in table.lines) for table in summary.units)
    return (
        f"已汇总 {len(summary.units)} 个单位：共排查问题 {total.found} 个，已整改 {total.rectified} 个，"
        f"正在整改 {total.rectifying} 个；拟识别监测对象 {total.proposed_households} 户 {total.proposed_people} 人。\n"
        f"还有 {waiting} 个单位没有报全。结果在 {folder}"
    )
