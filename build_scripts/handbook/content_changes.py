"""What changed in the handbook's content since it was last built: noted by day, listed on a page, marked where it is.

The history is one JSON file in the home: a digest of each piece of content as last seen, and the changes by day.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from build_scripts.atomic_files import write_whole
from build_scripts.handbook import page_urls
from build_scripts.handbook.answer_cards import anchor
from build_scripts.handbook.markdown import bullets, heading, link, page, plain, short, title
from build_scripts.handbook.page_urls import UPDATES, to
from checklist.date_formats import full_day, short_day
from checklist.model import Campaign, RecordForm

HISTORY = "handbook-history.json"
"""File in the home."""
MOST_CHANGES = 500
NEW, CHANGED, GONE = "新增", "改了", "去掉"


@dataclass(frozen=True)
class Piece:
    """A piece of content with its place."""

    title: str
    page: str
    anchor: str
    digest: str


@dataclass(frozen=True)
class Change:
    """What happened to a piece, and on which day that was noticed (YYYY-MM-DD)."""

    day: str
    how: str
    title: str
    page: str
    anchor: str


@dataclass(frozen=True)
class History:
    """The pieces as last seen, and the changes, the oldest first."""

    campaign: str
    """Its id: another campaign begins another history."""
    pieces: Mapping[str, Piece]
    changes: tuple[Change, ...] = ()


def pieces_of(campaign: Campaign) -> dict[str, Piece]:
    """Return key to piece: phases, items, answers, facts and fields, in reading order."""
    return {f"{each.page}#{each.anchor}": each for each in _pieces(campaign)}


def _pieces(campaign: Campaign) -> Iterator[Piece]:
    notice = campaign.notice
    yield Piece("报送截止", page_urls.HOME, "deadline", _digest(notice.deadline, notice.contact))
    for phase in notice.phases:
        yield Piece(phase.name, page_urls.PHASES, phase.id, _digest(phase))
    for area, item in campaign.item_by_id.values():
        yield Piece(short(item.text, 40), page_urls.area_page(area), item.id, _digest(item))
    for policy in campaign.policies:
        here = page_urls.policy_page(policy)
        for answer in policy.answers:
            yield Piece(answer.question, here, anchor(answer), _digest(answer))
        for fact in policy.facts:
            yield Piece(short(fact.statement, 40), here, fact.id, _digest(fact))
    for form in campaign.forms:
        for field in form.fields if isinstance(form, RecordForm) else ():
            name = f"{form.name}：{field.label}"
            yield Piece(name, page_urls.form_page(form), page_urls.field_anchor(form, field), _digest(field))


def _digest(*nodes: BaseModel) -> str:
    words = "\n".join(node.model_dump_json() for node in nodes)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def compared(before: History, now: Mapping[str, Piece], day: date) -> History:
    """Add what differs to the history."""
    found = [
        *(_change(day, NEW if key not in before.pieces else CHANGED, piece)
          for key, piece in now.items()
          if key not in before.pieces or before.pieces[key].digest != piece.digest),
        *(_change(day, GONE, piece) for key, piece in before.pieces.items() if key not in now),
    ]  # fmt: skip
    return History(before.campaign, now, (*before.changes, *found)[-MOST_CHANGES:])


def _change(day: date, how: str, piece: Piece) -> Change:
    return Change(day.isoformat(), how, piece.title, piece.page, piece.anchor)


def read_history(home: Path) -> History | None:
    """Read the history; None before the first build, or where the file is none of ours."""
    try:
        content: dict[str, Any] = json.loads((home / HISTORY).read_text(encoding="utf-8"))
        pieces = {key: Piece(**each) for key, each in content["pieces"].items()}
        return History(content["campaign"], pieces, tuple(Change(**each) for each in content["changes"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def history_now(home: Path, campaign: Campaign, day: date) -> History:
    """Compare the campaign with what was last built; the first time there is no change."""
    now = pieces_of(campaign)
    before = read_history(home)
    same = before is not None and before.campaign == campaign.id
    return compared(before, now, day) if before and same else History(campaign.id, now)


def write_history(home: Path, history: History) -> None:
    """Write the history, once the site that shows it is published."""
    content = {
        "campaign": history.campaign,
        "pieces": {key: asdict(piece) for key, piece in history.pieces.items()},
        "changes": [asdict(change) for change in history.changes],
    }
    write_whole(home / HISTORY, json.dumps(content, ensure_ascii=False, indent=1).encode())


def updates_page(history: History) -> str:
    """Render the changes by day, the latest first."""
    days = sorted({change.day for change in history.changes}, reverse=True)
    return page(
        title("更新"),
        f"内容版本 {stamp(history)}。打印出来的手册，版本和这里不一样的，以这里为准。",
        *(part for day in days for part in _day(history, day)),
        "" if days else "从第一次生成手册到现在，内容没有改动。",
        hide=("navigation",),
        searched=False,
    )


def _day(history: History, day: str) -> Iterator[str]:
    yield heading(2, plain(full_day(date.fromisoformat(day))), f"day-{day}")
    yield bullets(_line(history, change) for change in history.changes if change.day == day)


def _line(history: History, change: Change) -> str:
    if f"{change.page}#{change.anchor}" not in history.pieces:  # gone since
        return f"**{change.how}**：{plain(change.title)}"
    return f"**{change.how}**：{link(change.title, to(UPDATES, change.page, change.anchor))}"


def stamp(history: History) -> str:
    """Return a short name of the content as it is: the same content has the same."""
    return hashlib.sha256("".join(each.digest for each in history.pieces.values()).encode()).hexdigest()[:8]


def with_marks(pages: Mapping[str, str], history: History) -> dict[str, str]:
    """Mark the changed pieces on their pages with the day."""
    marked = dict(pages)
    latest = {(each.page, each.anchor): each for each in history.changes}
    for (path, place), change in latest.items():
        if f"{path}#{place}" in history.pieces:
            marked[path] = _marked(marked[path], place, change)
    return marked


def _marked(markdown: str, place: str, change: Change) -> str:
    """Insert the mark below the heading, or at the beginning of the block, of that anchor."""
    mark = (
        f'<span class="badge badge--changed">{short_day(date.fromisoformat(change.day))}{change.how}</span>'
    )
    found = re.compile(
        rf'(^#+ .*\{{#{place}(?: [^}}\n]*)?\}}$|^<div[^>\n]* id="{place}" markdown="1">$)', re.MULTILINE
    )
    return found.sub(lambda match: f"{match[0]}\n\n{mark}", markdown, count=1)
