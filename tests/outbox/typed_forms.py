"""What a cadre types into forms and sheets, numbered so that each arrival can be told from the others."""

import re
from pathlib import Path
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Page

from tests.builders import EAST_WILLOW

ISSUE = "/records/household-issues/new"
PROPOSED = "/records/proposed-household/new"


def content(number: int) -> str:
    """The words by which an issue is found again, with what is easily altered on the way."""
    return f"第{number}处：西屋山墙有裂缝，\n“约2厘米” & <宽>；100%"


def picture(folder: Path, number: int) -> Path:
    """A photograph of its own."""
    path = folder / f"照片{number}.jpg"
    Image.new("RGB", (64, 48), (number * 5 % 256, number * 11 % 256, 90)).save(path, "JPEG")
    return path


def begin_issue(page: Page, number: int) -> None:
    """The first half of an issue's form, which is open."""
    page.locator("[name=village]").select_option(EAST_WILLOW)
    page.locator("[name=householder]").fill(f"户主{_word(number)}")
    page.locator("[name=household_type]").select_option("yiban")
    page.locator("[name=problem_type]").select_option("housing")
    page.locator("[name=content]").fill(content(number))


def end_issue(page: Page, photo: Path | None = None) -> None:
    """The other half."""
    for name, text in {
        "measures": "请人鉴定。",
        "responsible_person": "王某某",
        "responsible_unit": "河长办",
        "deadline": "8月底前",
        "people": "4",
    }.items():
        page.locator(f".form-control[name={name}]").fill(text)
    if photo:
        page.locator("input[name=photos]").set_input_files(photo)


def submit(page: Page, name: str = "登记") -> None:
    """Press the form's button."""
    page.get_by_role("button", name=name, exact=True).click()


def arrived(page: Page) -> None:
    """Wait for the page of the record."""
    page.wait_for_url(re.compile(r"/records/[a-z-]+/[0-9a-f-]{36}$"))


def new_id() -> str:
    """Id of a record."""
    return str(uuid4())


def _word(number: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:02}")
