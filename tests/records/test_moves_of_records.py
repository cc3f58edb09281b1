"""Reports, withdrawals and proposed households in the database: idempotent, audited, asked about once."""

from datetime import date

import pytest
from sqlalchemy import Engine

from checklist.model import Campaign
from forms_server.editable_states import NotNow, State
from forms_server.records import record_rows
from forms_server.records.doubles import PossiblySame
from forms_server.records.record import EditConflict
from forms_server.records.rectification_day import TooEarly
from tests.builders import EAST_DAM, EAST_WILLOW
from tests.records.builders import (
    NOON,
    audit_of,
    edit_record,
    file_record,
    household_issue,
    proposed,
    record_id,
    report,
    withdraw,
)
from tests.records.conftest import At

TODAY = date(2022, 8, 15)


class TestMoves:
    def test_a_report_keeps_outcome_and_day(self, at: At, campaign: Campaign, engine: Engine):
        record = file_record(at, household_issue(campaign))
        with at("east", NOON) as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        assert (rectified.state, rectified.rectified_on, rectified.version) == (State.RECTIFIED, TODAY, 2)
        assert rectified.values == {**record.values, "outcome": "已修好。"}
        assert audit_of(engine, record.id)[1:] == [("report", {"from": "rectifying", "to": "rectified"})]

    def test_reporting_the_same_twice_is_one_report(self, at: At, campaign: Campaign, engine: Engine):
        record = file_record(at, household_issue(campaign))
        for _ in range(2):
            with at("east") as desk:
                report(desk, record_rows.get(desk, record.form, record.id), 1, {"outcome": "已修好。"}, TODAY)
        assert len(audit_of(engine, record.id)) == 2

    def test_reporting_something_else_again_is_refused(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        with pytest.raises(NotNow), at("east") as desk:
            report(desk, rectified, 2, {"outcome": "没有修好。"}, TODAY)

    def test_a_report_on_an_older_version_is_a_conflict(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        edited = edit_record(at, record, content="屋顶漏雨。")
        with pytest.raises(EditConflict), at("east") as desk:
            report(desk, edited, record.version, {"outcome": "已修好。"}, TODAY)

    def test_nothing_was_rectified_before_the_campaigns_first_day(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        with pytest.raises(TooEarly), at("east") as desk:
            report(desk, record, 1, {"outcome": "已修好。"}, date(2022, 8, 8))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, date(2022, 8, 9))
        assert rectified.rectified_on == date(2022, 8, 9)

    def test_a_withdrawn_record_keeps_its_reason_out_of_the_audit(
        self, at: At, campaign: Campaign, engine: Engine
    ):
        record = file_record(at, household_issue(campaign))
        for _ in range(2):
            with at("east") as desk:
                withdrawn = withdraw(
                    desk, record_rows.get(desk, record.form, record.id), 1, "与张某某的那条重复"
                )
        assert (withdrawn.state, withdrawn.state_reason) == (State.WITHDRAWN, "与张某某的那条重复")
        assert audit_of(engine, record.id)[1:] == [("withdraw", {"from": "rectifying", "to": "withdrawn"})]


class TestProposedHouseholds:
    def test_the_same_name_in_the_same_village_asks(self, at: At, campaign: Campaign):
        first = file_record(at, proposed(campaign))
        with pytest.raises(PossiblySame) as asked:
            file_record(at, proposed(campaign, 2, reason="别的理由"))
        assert asked.value.others == (first,)

    def test_it_is_stored_once_confirmed_as_another_household(self, at: At, campaign: Campaign):
        file_record(at, proposed(campaign))
        assert file_record(at, proposed(campaign, 2, different=True)).id == record_id(2)

    def test_a_resend_asks_nothing(self, at: At, campaign: Campaign):
        first = file_record(at, proposed(campaign))
        file_record(at, proposed(campaign, 2, different=True))
        assert file_record(at, proposed(campaign)) == first

    @pytest.mark.parametrize("other", [{"village": EAST_DAM}, {"householder": "李某某"}])
    def test_another_village_or_name_asks_nothing(self, at: At, campaign: Campaign, other: dict[str, str]):
        file_record(at, proposed(campaign))
        assert file_record(at, proposed(campaign, 2, **other)).version == 1

    def test_a_withdrawn_household_asks_nothing(self, at: At, campaign: Campaign):
        first = file_record(at, proposed(campaign))
        with at("east") as desk:
            withdraw(desk, first, 1, "不符合条件")
        assert file_record(at, proposed(campaign, 2)).version == 1

    def test_an_edit_into_an_others_name_asks(self, at: At, campaign: Campaign):
        file_record(at, proposed(campaign))
        second = file_record(at, proposed(campaign, 2, householder="李某某"))
        with pytest.raises(PossiblySame):
            edit_record(at, second, householder="张某某")
        assert edit_record(at, second, reason="别的理由").version == 2

    def test_issues_of_one_household_are_many(self, at: At, campaign: Campaign):
        file_record(at, household_issue(campaign))
        assert file_record(at, household_issue(campaign, 2, village=EAST_WILLOW)).version == 1


def test_no_audit_row_holds_what_a_person_typed(at: At, campaign: Campaign, engine: Engine):
    record = file_record(at, household_issue(campaign))
    edited = edit_record(at, record, householder="李某某", content="屋顶漏雨。")
    with at("east") as desk:
        rectified = report(desk, edited, 2, {"outcome": "已修好。"}, TODAY)
        withdraw(desk, rectified, 3, "重复")
    written = str(audit_of(engine, record.id))
    typed = {"张某某", "李某某", "屋顶漏雨", "已修好", "重复", "王某某"}
    assert not {words for words in typed if words in written}
