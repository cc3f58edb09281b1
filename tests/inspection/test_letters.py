"""The register of letters: each is written down once, presses once, and says who answered late."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.builders import EAST, WEST
from tests.inspection.county import County, answer, later, quiet_county, sent_out
from tests.inspection.test_draws import opened, seal
from tests.inspection.test_spot_photos import send, sheet_of
from tests.inspection.test_story import words_of
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of, token

__all__ = ["quiet_county"]

LETTERS = "/inspection/letters"


@pytest.fixture
def county(quiet_county: County) -> County:
    """Everybody may look: the team is there."""
    sent_out(quiet_county)
    opened(quiet_county.office)
    return quiet_county


def found(county: County, number: int):
    assert send(county.inspector, *sheet_of(county, number)).status_code == 303
    return county.rows("inspection_finding")[-1]


def sent(county: County, letter_id: str | None = None, **typed: str):
    """Send a letter; the page that comes of it, and what it says."""
    form = {
        "csrf_token": token(county.office, LETTERS),
        "letter-id": letter_id or str(uuid4()),
        "back": LETTERS,
    }
    done = county.office.post(LETTERS, data={**form, **typed}, follow_redirects=True)
    return done.request.path, text_of(done)


def test_the_same_findings_are_pressed_for_once(county: County, signed_in: SignedIn):
    """From two tabs, by a double click or again: one letter, until another deadline is missed."""
    first, second = found(county, 0), found(county, 2)
    later(county, signed_in, NOW + timedelta(days=4))
    tab = str(uuid4())
    address, _ = sent(county, tab, unit=EAST)
    assert sent(county, tab, unit=EAST)[0] == address, "a retry"
    where, said = sent(county, unit=EAST)
    assert (where, "已经下过督办单督〔2022〕1号" in said) == (LETTERS, True)
    assert "下督办单：东河镇" not in text_of(county.office.get(LETTERS))
    (letter,) = county.rows("letter")
    assert set(letter.facts["督办"]) == {first.id, second.id}

    # One more is late: it alone is pressed for.
    later(county, signed_in, NOW)
    third = found(county, 4)
    later(county, signed_in, NOW + timedelta(days=5))
    sent(county, unit=EAST)
    assert list(county.rows("letter")[1].facts["督办"]) == [third.id]

    # An objection to one was turned down: its new deadline is missed before the letter's.
    assert answer(county.units[EAST], first, "object", objection="鉴定为安全。").status_code == 303
    assert answer(county.office, first, "decide", upheld="yes", decision="看了报告。").status_code == 303
    assert sent(county, unit=EAST)[0] == LETTERS
    later(county, signed_in, NOW + timedelta(days=8))
    assert "1 个，督〔2022〕1号 督办过，期限已过，是再次督办" in text_of(county.office.get(LETTERS))
    again, _ = sent(county, unit=EAST)
    assert list(county.rows("letter")[2].facts["督办"]) == [first.id]
    words = words_of(county.units[EAST].get(f"{again}.docx").data)
    assert "督〔2022〕1号督办过、期限已过，现再次督办。" in words
    assert "再次督办" not in words_of(county.units[EAST].get(f"{address}.docx").data)

    # The first letter's own deadline is missed.
    later(county, signed_in, NOW + timedelta(days=12))
    sent(county, unit=EAST)
    assert list(county.rows("letter")[3].facts["督办"]) == [second.id]
    assert sent(county, unit=EAST)[0] == LETTERS


def test_a_circular_is_not_sent_twice_with_the_same_figures_on_a_day(county: County, signed_in: SignedIn):
    found(county, 0)
    sent(county)
    where, said = sent(county)
    assert (where, "今天已经发过督〔2022〕1号" in said) == (LETTERS, True)
    found(county, 2)
    assert sent(county)[0] != LETTERS
    later(county, signed_in, NOW + timedelta(days=1))
    assert sent(county)[0] != LETTERS
    assert [each.mark for each in county.rows("letter")] == [f"督〔2022〕{number}号" for number in (1, 2, 3)]


def test_a_circular_tells_every_seal_the_unopened_too(county: County, signed_in: SignedIn):
    seal(county.office, "another seed that may be the better one")
    found(county, 0)
    where, _ = sent(county)
    words = words_of(county.office.get(f"{where}.docx").data)
    first, second = county.rows("draw")
    assert f"第1次{first.seed_sha256}、第2次{second.seed_sha256}（未开封）" in words


def test_a_late_answer_is_marked_wherever_it_stands(county: County, signed_in: SignedIn):
    page, _ = sent(county)
    east, west = county.units[EAST], county.units[WEST]
    assert post(west, f"{page}/answer", page, answer="没有问题。").status_code == 303
    later(county, signed_in, NOW + timedelta(days=10))
    east, west = county.units[EAST], county.units[WEST]
    assert "逾期 3 天未答复" in text_of(east.get(LETTERS))
    assert "东河镇（逾期 3 天）" in text_of(county.office.get(page))
    assert "逾期" not in text_of(west.get(LETTERS))
    assert post(east, f"{page}/answer", page, answer="已认领。").status_code == 303
    later(county, signed_in, NOW + timedelta(days=13))
    assert "1 个单位逾期答复" in text_of(county.office.get(LETTERS))
    assert "逾期 3 天答复" in text_of(county.units[EAST].get(LETTERS))
    assert "逾期 3 天 已认领。" in text_of(county.office.get(page))
    again, _ = sent(county)
    words = words_of(county.office.get(f"{again}.docx").data)
    assert (
        "没有按时答复通报和督办单的：东河镇（督〔2022〕1号逾期3天）、县水利局（督〔2022〕1号逾期6天，还没有答复）。"
        in words
    )
    assert "西岭镇（督" not in words


def test_numbers_of_letters_begin_anew_each_year(county: County, signed_in: SignedIn):
    for moment in (datetime(2022, 12, 31, 23, 59), datetime(2023, 1, 1, 0, 1), datetime(2023, 1, 2)):
        later(county, signed_in, moment)
        sent(county)
    assert [(each.number, each.mark) for each in county.rows("letter")] == [
        (1, "督〔2022〕1号"),
        (2, "督〔2023〕1号"),
        (3, "督〔2023〕2号"),
    ]
