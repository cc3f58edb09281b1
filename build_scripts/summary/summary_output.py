"""Output of ``summary``: text for people, JSON for scripts."""

import json
from collections.abc import Iterable
from pathlib import Path

from build_scripts.counting.differences import Difference, NotFinal, Unreconciled
from build_scripts.counting.final_or_interim import to_json
from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from build_scripts.reconciliation.awaited_returns import AwaitedReturn, in_groups
from build_scripts.summary.compiling import Compilation
from build_scripts.summary.reporting_completeness import standings
from checklist.model import Campaign


def in_words(compilation: Compilation, campaign: Campaign, folder: Path) -> str:
    """Render as text: the county's figures, incomplete units, findings for review."""
    summary = compilation.summary
    total = summary.county.total
    waiting = sum(bool(each.missing) for each in standings(summary))
    lines = [
        f"已汇总 {len(summary.units)} 个单位：共排查问题 {total.found} 个，已整改 {total.rectified} 个，"
        f"正在整改 {total.rectifying} 个{_households(total, campaign)}。",
        compilation.state.words,
        f"还有 {waiting} 个单位没有报全。结果在 {folder}",
    ]
    if not compilation.state.final:
        lines.append(f"这是中间数字，不能当正式汇总上报。明细在 {compilation.state.csv}")
    lines += [f"  {line}" for line in in_groups(compilation.awaited)]
    if compilation.unsettled:
        count = len(compilation.unsettled)
        lines.append(f"有 {count} 处账账不符（全部在 reconciliation.csv）：")
        lines += [f"  {difference}" for difference in compilation.unsettled[:_SHOWN]]
    if compilation.doubts:
        lines.append(f"有 {len(compilation.doubts)} 处请核对（全部在 reconciliation.csv）：")
        lines += [f"  {doubt}" for doubt in compilation.doubts[:_SHOWN]]
    return "\n".join(lines)


_SHOWN = 5


def _households(total: SummaryRow, campaign: Campaign) -> str:
    """The number of proposed households, if the campaign has such a form."""
    name = next((form.name for form in campaign.record_forms if form.kind == "household"), "")
    return f"；{name} {total.proposed_households} 户 {total.proposed_people} 人" if name else ""


def in_json(compilation: Compilation, campaign: Campaign, folder: Path) -> str:
    """Render as JSON, in full, with the column names of ``summary.csv``."""
    summary = compilation.summary
    missing = {each.unit_code: each.missing for each in standings(summary)}
    units = [
        {"unit_code": table.unit_code, "unit": table.unit, **_figures(table.total),
         "missing_problem_types": list(missing[table.unit_code])}
        for table in summary.units
    ]  # fmt: skip
    regions = [
        {"level": region.level, "code": region.table.unit_code, "name": region.table.unit,
         **_figures(region.table.total)}
        for region in summary.regions
    ]  # fmt: skip
    differences = _told((*compilation.unsettled, *compilation.doubts))
    whole = {
        "campaign_id": campaign.id,
        "interim": not compilation.state.final,
        **to_json(compilation.state),
        "awaited": _awaited(compilation.awaited),
        "folder": str(folder),
        "name": summary.county.unit,
        "total": _figures(summary.county.total),
        "units": units,
        "regions": regions,
        "differences": differences,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def refused_in_json(error: Unreconciled) -> str:
    """Render a refusal as JSON."""
    told = {"refused": True, "differences": _told(error.differences)}
    awaited = {"awaited": list(error.awaited), "received": error.share} if isinstance(error, NotFinal) else {}
    return json.dumps(told | awaited, ensure_ascii=False, indent=2)


def state_in_json(compilation: Compilation, campaign: Campaign) -> str:
    """Content of ``published.json``: final or interim, as-of time, awaited returns."""
    told = {
        "campaign_id": campaign.id,
        **to_json(compilation.state),
        "awaited": _awaited(compilation.awaited),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _awaited(awaited: Iterable[AwaitedReturn]) -> list[dict[str, str]]:
    return [{"unit_code": each.unit_code, "unit": each.unit, "why": str(each.why)} for each in awaited]


def _told(differences: Iterable[Difference]) -> list[dict[str, object]]:
    return [
        {"unit_code": each.unit_code, "problem_type_id": each.problem_type_id, "column": each.column,
         "kind": each.kind, "difference": each.sentence, "records": list(each.records)}
        for each in differences
    ]  # fmt: skip


def _figures(row: SummaryRow) -> dict[str, int]:
    return {column: row.figure(column) for column in FIGURES}
