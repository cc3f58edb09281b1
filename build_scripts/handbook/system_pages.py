"""How to use the server, with pictures of its pages: one page a topic, from ``system_help.yml``.

The words are the program's, not the campaign's: the same for every campaign. The pictures show the campaign's own
units and forms, and lie in its folder (``pictures/``, taken by ``make pictures``); without them the steps stand alone.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, link, numbered, page, plain, title
from build_scripts.handbook.page_urls import SYSTEM, to
from checklist.model import Campaign

WIDTH = 390
"""Of a picture, in CSS pixels: a phone's."""
_LABEL = re.compile(r"【(.+?)】")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureOf(_Part):
    """Of which page a picture is taken."""

    who: str
    """Account of the demonstration; empty before signing in."""
    page: str
    """Endpoint."""
    shows: str
    """The page's heading; empty where it names a person or a place."""

    @property
    def file(self) -> str:
        """Name of the picture; one page has one."""
        return f"{self.page.replace('.', '-').replace('_', '-')}.webp"


class HelpPart(_Part):
    """Some steps on one page."""

    steps: tuple[str, ...]
    picture: PictureOf

    @property
    def labels(self) -> list[str]:
        """The words of the page that the steps quote."""
        return [label for step in self.steps for label in _LABEL.findall(step)]


class HelpTopic(_Part):
    """One topic."""

    id: str
    title: str
    summary: str
    asked: tuple[str, ...]
    """How readers ask for it: for the search alone."""
    parts: tuple[HelpPart, ...]


@cache
def topics() -> tuple[HelpTopic, ...]:
    """Return the topics in reading order."""
    content: list[Any] = yaml.safe_load(
        Path(__file__).with_name("system_help.yml").read_text(encoding="utf-8")
    )
    return tuple(HelpTopic.model_validate(each) for each in content)


def system_pages(campaign: Campaign) -> dict[str, str]:
    """Return path to Markdown of the index and of each topic."""
    made = {page_urls.system_page(topic.id): _page(topic, campaign.pictures) for topic in topics()}
    return {SYSTEM: _index(), **made}


def _index() -> str:
    lines = (
        f"**{link(topic.title, to(SYSTEM, page_urls.system_page(topic.id)))}** "
        f"<small>{plain(topic.summary)}</small>"
        for topic in topics()
    )
    return page(title("填报系统怎么用"), block("names-wide", bullets(lines)))


def _page(topic: HelpTopic, pictures: Mapping[str, bytes]) -> str:
    here = page_urls.system_page(topic.id)
    parts = (_part(topic, part, here, pictures) for part in topic.parts)
    return page(title(topic.title), f"**{plain(topic.summary)}**", *parts)


def _part(topic: HelpTopic, part: HelpPart, here: str, pictures: Mapping[str, bytes]) -> str:
    steps, content = numbered(map(_step, part.steps)), pictures.get(part.picture.file)
    return block("steps", steps, _picture(topic, part.picture, here, content)) if content else steps


def _step(step: str) -> str:
    return _LABEL.sub(lambda label: f"**{label[1]}**", plain(step))


def _picture(topic: HelpTopic, picture: PictureOf, here: str, content: bytes) -> str:
    where = to(here, page_urls.system_picture(picture.file))
    return f"![页面：{plain(topic.title)}]({where}){{ loading=lazy width={WIDTH} height={_height(content)} }}"


def _height(content: bytes) -> int:
    """Height of a picture in pixels, for a page that does not jump while it loads."""
    assert content[12:16] == b"VP8L", "lossless, as make pictures writes them"
    bits = int.from_bytes(content[21:25], "little")
    return ((bits >> 14) & 0x3FFF) + 1


def picture_files(campaign: Campaign) -> Mapping[str, bytes]:
    """Return path to content of the pictures that the pages show."""
    shown = {part.picture.file for topic in topics() for part in topic.parts}
    return {
        page_urls.system_picture(name): content
        for name, content in campaign.pictures.items()
        if name in shown
    }


def asked_words() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name of each topic's page with how readers ask for it."""
    for topic in topics():
        yield topic.id, topic.asked
