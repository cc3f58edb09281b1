"""Two signatures of one unit's return at the same moment, from two clients of the real server: one is made."""

from functools import partial

import pytest
from sqlalchemy import select, update

from checklist.loading.loader import load_campaign
from forms_server.account import Role
from forms_server.accounts import account_store
from forms_server.accounts.passwords import hash_password
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.records import zero_reports
from forms_server.returns import report_text
from forms_server.returns.return_content import gather
from forms_server.returns.return_document import digest, freeze
from tests.pages.conftest import CHECKLIST
from tests.racing.county import UNIT, Answer, County, Person, new_id
from tests.racing.test_over_http import at_once, county

__all__ = ["county"]

ROUNDS = 6
PASSWORD = "Long-enough-7396"
SIGN = f"/returns/units/{UNIT}/sign"
CAMPAIGN = load_campaign(CHECKLIST)


@pytest.fixture
def principals(county: County) -> list[Person]:
    """Two principals of the unit, whose return lacks nothing; the first is signed in twice."""
    people = [county.person(name, Role.PRINCIPAL) for name in ("first", "second", "first")]
    with transaction(county.engine) as connection:
        connection.execute(update(tables.account).values(password_hash=hash_password(PASSWORD)))
        account = account_store.find_by_name(connection, "first")
        assert account
        desk = Desk(connection, CAMPAIGN, account, Clock().now())
        zero_reports.save(desk, UNIT, set(), set(CAMPAIGN.problem_type_by_id))
    return people


def write(county: County, words: str) -> str:
    """Write the report; the hash of the return as it is then."""
    with transaction(county.engine) as connection:
        account = account_store.find_by_name(connection, "first")
        assert account
        desk = Desk(connection, CAMPAIGN, account, Clock().now())
        assert CAMPAIGN.report_form
        report_text.save(desk, UNIT, {part.id: words for part in CAMPAIGN.report_form.parts})
        return digest(freeze(gather(connection, CAMPAIGN, CAMPAIGN.unit_by_code[UNIT])))


def sign(person: Person, seen: str, signature: str) -> Answer:
    return person.post(SIGN, password=PASSWORD, seen=seen, **{"signature-id": signature})


def numbers(county: County) -> list[int]:
    with county.engine.connect() as connection:
        query = select(tables.signed_return.c.number).order_by(tables.signed_return.c.number)
        return list(connection.scalars(query))


def test_of_two_signatures_at_once_exactly_one_is_made(county: County, principals: list[Person]):
    first, second, first_again = principals
    for number in range(1, ROUNDS + 1):
        seen = write(county, f"第{number}稿。")
        other = second if number % 2 else first_again
        answers = at_once([partial(sign, person, seen, new_id()) for person in (first, other)])
        assert sorted(answer.status for answer in answers) == [303, 409], [each.page for each in answers]
        assert numbers(county) == list(range(1, number + 1))


def test_one_signature_sent_many_times_at_once_is_made_once(county: County, principals: list[Person]):
    seen, signature = write(county, "初稿。"), new_id()
    answers = at_once([partial(sign, principals[0], seen, signature)] * 8)
    assert {(answer.status, answer.location) for answer in answers} == {(303, f"/returns/{signature}")}
    assert numbers(county) == [1]
