"""How to use the server, with pictures of its pages: one page a topic, from ``system_help.yml``.

The words are the program's, not the campaign's: the same for every campaign. ``make pictures`` takes the pictures.
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

PICTURES = Path(__file__).with_name("system_pictures")
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


def system_pages() -> dict[str, str]:
    """Return path to Markdown of the index and of each topic."""
    return {SYSTEM: _index(), **{page_urls.system_page(topic.id): _page(topic) for topic in topics()}}


def _index() -> str:
    lines = (
        f"**{link(topic.title, to(SYSTEM, page_urls.system_page(topic.id)))}** "
        f"<small>{plain(topic.summary)}</small>"
        for topic in topics()
    )
    return page(title("填报系统怎么用"), block("names-wide", bullets(lines)))


def _page(topic: HelpTopic) -> str:
    here = page_urls.system_page(topic.id)
    return page(
        title(topic.title), f"**{plain(topic.summary)}**", *(_part(topic, part, here) for part in topic.parts)
    )


def _part(topic: HelpTopic, part: HelpPart, here: str) -> str:
    return block("steps", numbered(map(_step, part.steps)), _picture(topic, part.picture, here))


def _step(step: str) -> str:
    return _LABEL.sub(lambda label: f"**{label[1]}**", plain(step))


def _picture(topic: HelpTopic, picture: PictureOf, here: str) -> str:
    where = to(here, page_urls.system_picture(picture.file))
    size = _size(picture.file)
    return f"![页面：{plain(topic.title)}]({where}){{ loading=lazy width={WIDTH} height={size} }}"


@cache
def _size(name: str) -> int:
    """Height of a picture in pixels, for a page that does not jump while it loads."""
    head = (PICTURES / name).read_bytes()[:32]
    assert head[12:16] == b"VP8L", "lossless, as make pictures writes them"
    bits = int.from_bytes(head[21:25], "little")
    return ((bits >> 14) & 0x3FFF) + 1


def picture_files() -> Mapping[str, bytes]:
    """Return path to content of the pictures."""
    return {
        page_urls.system_picture(path.name): path.read_bytes() for path in sorted(PICTURES.glob("*.webp"))
    }


def asked_words() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name of each topic's page with how readers ask for it."""
    for topic in topics():
        yield topic.id, topic.asked
