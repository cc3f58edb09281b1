"""As-of time and finality of published figures, as stated in every title, sheet, file name and page."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from build_scripts.counting.summary_lines import NotASummary
from checklist.date_formats import as_of, file_stamp, short_moment

INTERIM = "中间数字"
FILE = "published.json"
"""Lies beside the figures: for programs, and for the handbook."""

_CSV = "summary.csv"


@dataclass(frozen=True)
class PublishedState:
    """Whether figures are final, and their moment."""

    as_of: datetime
    """Wall-clock time in Asia/Shanghai."""
    received: int
    """Returns that are received and current."""
    expected: int
    as_signed: bool = False
    """Whether compiled from the signed returns rather than the current records."""
    changed: int = 0
    """Number of returns outdated by later changes."""
    settled: bool = True
    """Whether all accounts agree."""

    @property
    def final(self) -> bool:
        """Whether the figures may be handed up as the campaign's result."""
        return self.settled and self.received == self.expected

    @property
    def words(self) -> str:
        """The statement below the title of a page or document."""
        source = "按签字报送的内容，" if self.as_signed else ""
        moment = f"{source}{as_of(self.as_of)}"
        later = f"，另有 {self.changed} 个签字以后又有改动" if self.changed and self.as_signed else ""
        if self.final:
            return f"{moment}，{self.expected} 个单位的报送全部接收。"
        return (
            f"{INTERIM}：{moment}，{self.expected} 个单位已接收 {self.received} 个（{self.share}）{later}。"
        )

    @property
    def share(self) -> str:
        """Received and expected returns: 2/44."""
        return f"{self.received}/{self.expected}"

    @property
    def in_title(self) -> str:
        """Suffix of a title; empty for final figures, so that the annex keeps its title."""
        return "" if self.final else f"（{INTERIM} {self.share}，{as_of(self.as_of)}）"

    def sheet_name(self, name: str) -> str:
        """Return the sheet's name, marked if interim, within 31 characters and Excel's character set."""
        if self.final:
            return name
        moment = short_moment(self.as_of).replace(" ", "").replace(":", "：")
        mark = f"{INTERIM}{self.received}／{self.expected}截至{moment}"
        return f"{name[: _LONGEST_SHEET_NAME - len(mark) - 1]} {mark}".strip()

    def file_name(self, path: str) -> str:
        """Return the file name, marked if the figures are interim."""
        if self.final:
            return path
        stem, dot, extension = path.rpartition(".")
        return f"{stem}-{INTERIM}-{self.received}of{self.expected}-{file_stamp(self.as_of)}{dot}{extension}"

    @property
    def csv(self) -> str:
        """The name of the figures' file."""
        return self.file_name(_CSV)


_LONGEST_SHEET_NAME = 31


def to_json(state: PublishedState) -> dict[str, Any]:
    """The state for programs."""
    return {
        "final": state.final,
        "as_of": state.as_of.isoformat(timespec="minutes"),
        "received": state.received,
        "expected": state.expected,
        "as_signed": state.as_signed,
        "changed": state.changed,
        "settled": state.settled,
        "csv": state.csv,
    }


def read_state(folder: Path) -> PublishedState | None:
    """Read the state of a folder's figures; None if it was not recorded.

    Raises:
        NotASummary: the file is not one of ours.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return PublishedState(
            datetime.fromisoformat(said["as_of"]),
            int(said["received"]),
            int(said["expected"]),
            as_signed=bool(said["as_signed"]),
            changed=int(said["changed"]),
            settled=bool(said["settled"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotASummary(f"{path} 不是完整的汇总结果；请重新汇总。") from error
