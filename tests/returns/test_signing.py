"""Signing in the database, on SQLite and on PostgreSQL: the same content, the same hash, one number after another."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from checklist.model import Campaign
from forms_server import audit
from forms_server.db.tables import signed_return
from forms_server.desk import NotAllowed, NotFound
from forms_server.records import record_rows, record_store, zero_reports
from forms_server.returns import frozen_returns, report_text, scans, signing
from forms_server.returns.return_content import gather
from forms_server.returns.return_document import digest, freeze
from forms_server.returns.signing import Incomplete, SameAgain, Signature
from tests.builders import EAST, WEST
from tests.records.builders import NOON, form_of, household_issue, proposed, withdraw
from tests.records.builders import report as report_rectified
from tests.records.conftest import At

pytestmark = pytest.mark.usefixtures("expected")


@pytest.fixture
def ready(at: At, campaign: Campaign) -> str:
    """The east's return is complete; the id of its issue."""
    with at("east") as desk:
        issue = record_store.create(desk, household_issue(campaign))
        record_store.create(desk, proposed(campaign, 2))
        zero_reports.save(desk, EAST, set(), {"income", "water"})
        report_text.save(desk, EAST, {"work": "走访了三个村。", "next": "月底前改完。"})
    return issue.id


def seen(at: At) -> str:
    """The hash of the return as it is now."""
    with at("east") as desk:
        return digest(freeze(gather(desk.connection, desk.campaign, desk.campaign.unit_by_code[EAST])))


def sign(at: At, who: str = "east-principal", signature_id: str | None = None) -> frozen_returns.SignedReturn:
    hash_of_page = seen(at)
    with at(who) as desk:
        return signing.sign(desk, Signature(signature_id or str(uuid4()), EAST, hash_of_page))


def test_what_is_signed_is_found_again_and_genuine(at: At, ready: str):
    done = sign(at)
    with at("east") as desk:
        document = frozen_returns.frozen(desk.connection, done.id)
    assert document is not None
    assert digest(freeze(document)) == done.sha256
    assert [row["householder"] for row in document["proposed_household"]] == ["张某某"]
    assert [(line["problem_type_id"], line["reported"]) for line in document["figures"]] == [
        ("housing", "yes"), ("income", "yes"), ("water", "zero"),
    ]  # fmt: skip


def test_numbers_follow_each_other_and_no_content_twice(at: At, campaign: Campaign, ready: str):
    first = sign(at)
    with pytest.raises(SameAgain):
        sign(at)
    with at("east") as desk:
        report_text.save(desk, EAST, {"work": "走访了四个村。"})
    second = sign(at)
    assert (first.number, second.number) == (1, 2)
    with at("office") as desk:
        assert [each.number for each in frozen_returns.of_unit(desk.connection, campaign, EAST)] == [2, 1]


def test_the_same_signature_again_is_the_same_return(at: At, ready: str):
    signature_id = str(uuid4())
    assert sign(at, signature_id=signature_id) == sign(at, signature_id=signature_id)


def test_an_incomplete_return_is_not_signed(at: At, ready: str):
    with at("east") as desk:
        zero_reports.save(desk, EAST, {"income", "water"}, {"income"})
    with pytest.raises(Incomplete) as refused:
        sign(at)
    assert [lack.key for lack in refused.value.lacks] == ["water"]


@pytest.mark.parametrize("who", ["east", "willow", "west", "office", "admin", "department", "inspector"])
def test_nobody_but_the_principal_signs(at: At, ready: str, who: str):
    with pytest.raises(NotAllowed):
        sign(at, who)


def test_an_altered_copy_is_noticed_and_does_not_stand_in_the_way_of_a_new_one(at: At, ready: str):
    first = sign(at)
    with at("office") as desk:
        desk.connection.execute(update(signed_return).values(signed_name="别人"))
    with at("office") as desk:
        assert frozen_returns.frozen(desk.connection, first.id) is None
    assert sign(at).number == 2


def test_the_database_itself_keeps_a_number_from_being_given_twice(at: At, campaign: Campaign, ready: str):
    sign(at)
    with at("east") as desk:
        report_text.save(desk, EAST, {"work": "走访了四个村。"})
    sign(at)
    with pytest.raises(IntegrityError), at("office") as desk:
        desk.connection.execute(update(signed_return).values(number=1))


class TestChangedSince:
    def changed(self, at: At, done: frozen_returns.SignedReturn) -> bool:
        with at("east") as desk:
            return EAST in frozen_returns.changed_after(desk.connection, desk.campaign, [done])

    def test_nothing_has_changed_right_after(self, at: At, ready: str):
        assert not self.changed(at, sign(at))

    @pytest.mark.parametrize("what", ["untick", "withdraw", "report"])
    def test_whatever_the_unit_does_counts(self, at: At, campaign: Campaign, ready: str, what: str):
        done = sign(at)
        with at("east") as desk:
            form = form_of(campaign, "household-issues")
            record = record_rows.get(desk, form, ready)
            if what == "untick":
                zero_reports.save(desk, EAST, {"income"}, set())
            elif what == "withdraw":
                withdraw(desk, record, 1, "登记有误")
            else:
                report_text.save(desk, EAST, {"work": "走访了四个村。"})
        assert self.changed(at, done)

    def test_what_a_command_does_to_the_units_records_counts(self, at: At, campaign: Campaign, ready: str):
        with at("west") as desk:
            other = record_store.create(desk, household_issue(campaign, 7, WEST))
        done = sign(at)
        for record_id, changed in ((other.id, False), (ready, True)):
            with at("east") as desk:
                audit.record(
                    desk.connection, desk.now, None, "issue", record_id, "edit", {"fields": ["content"]}
                )
            assert self.changed(at, done) is changed

    def test_what_another_unit_does_is_not_its_change(self, at: At, campaign: Campaign, ready: str):
        done = sign(at)
        with at("west") as desk:
            report_text.save(desk, "999001002", {"work": "西岭镇写的。"})
        assert not self.changed(at, done)

    def test_what_the_office_verified_is_not_its_change(self, at: At, campaign: Campaign, ready: str):
        with at("east", NOON) as desk:
            record = record_rows.get(desk, form_of(campaign, "household-issues"), ready)
            report_rectified(desk, record, 1, {"outcome": "已修好。"}, NOON.date())
        done = sign(at)
        with at("office", NOON + timedelta(days=1)) as desk:
            record = record_rows.get(desk, form_of(campaign, "household-issues"), ready)
            signing.audit.record(desk.connection, desk.now, desk.account, "issue", record.id, "verify")
        assert not self.changed(at, done)


class TestScans:
    PDF = b"%PDF-1.7\n%%EOF\n"

    def test_a_scan_is_kept_byte_for_byte(self, at: At, ready: str):
        done = sign(at)
        with at("east") as desk:
            scans.add(desk, done, self.PDF)
        with at("office") as desk:
            [scan] = scans.of_return(desk.connection, done.id)
            assert scans.read(desk.connection, done.id, scan.id) == ("application/pdf", self.PDF)

    def test_enough_is_enough(self, at: At, ready: str):
        done = sign(at)
        with at("east") as desk:
            for number in range(scans.MOST_SCANS):
                scans.add(desk, done, self.PDF + b"\n" * number)
        with pytest.raises(scans.BadScan, match="最多附 20 个"), at("east") as desk:
            scans.add(desk, done, self.PDF + b" ")


def test_a_return_of_nobody_is_not_judged(at: At):
    with pytest.raises(NotFound), at("office") as desk:
        signing.receive(desk, str(uuid4()))
