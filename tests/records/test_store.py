"""Records: idempotent creation, permissions, optimistic locking, one audit row per change."""

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select

from checklist.model import Campaign
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import NotNow, State
from forms_server.records import record_rows, record_store
from forms_server.records.doubles import PossiblySame
from forms_server.records.move_making import TooEarly
from forms_server.records.record import EditConflict, Filing, Record
from tests.builders import EAST_DAM, EAST_WILLOW
from tests.records.builders import (
    ACCOUNTS,
    MORNING,
    NOON,
    household_issue,
    proposed,
    record_id,
    report,
    withdraw,
)
from tests.records.conftest import At

TODAY = date(2022, 8, 15)


def _audit(engine: Engine, subject_id: str) -> list[tuple[str, dict[str, object]]]:
    """Action and change of a record's audit rows, oldest first."""
    query = select(tables.audit).where(tables.audit.c.subject_id == subject_id).order_by(tables.audit.c.id)
    with engine.connect() as connection:
        return [(row.action, row.change) for row in connection.execute(query)]


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.issue)).scalar_one()


def _filed(at: At, filing: Filing, who: str = "east") -> Record:
    with at(who) as desk:
        return record_store.create(desk, filing)


def _edited(at: At, base: Record, who: str = "east", version: int | None = None, **values: object) -> Record:
    """Edit a record's current state with a given base version."""
    with at(who, NOON) as desk:
        current = record_rows.get(desk, base.form, base.id)
        return record_store.edit(desk, current, version or base.version, {**base.values, **values})


class TestFiling:
    def test_a_record_comes_back_as_it_was_filed(self, at: At, campaign: Campaign, engine: Engine):
        filing = household_issue(campaign, item="house-safe")
        record = _filed(at, filing)
        assert record.values == filing.values
        assert (record.state, record.version, record.item_id) == (State.RECTIFYING, 1, "house-safe")
        assert (record.unit_code, record.created_by, record.created_at) == (
            filing.unit_code, ACCOUNTS["east"].id, MORNING,
        )  # fmt: skip
        assert _audit(engine, record.id) == [("file", {"to": "rectifying"})]

    def test_the_area_follows_from_the_problem_type(self, at: At, campaign: Campaign, engine: Engine):
        _filed(at, household_issue(campaign, problem_type="income"))
        with engine.connect() as connection:
            assert connection.execute(select(tables.issue.c.area_id)).scalar_one() == "income"

    def test_an_item_of_another_area_is_not_kept(self, at: At, campaign: Campaign):
        assert _filed(at, household_issue(campaign, item="income-drop")).item_id is None

    def test_the_same_filing_again_is_the_same_record(self, at: At, campaign: Campaign, engine: Engine):
        first = _filed(at, household_issue(campaign))
        assert _filed(at, household_issue(campaign)) == first
        assert _count(engine) == 1
        assert len(_audit(engine, first.id)) == 1

    def test_the_same_filing_again_after_it_was_rectified_is_the_same_record(
        self, at: At, campaign: Campaign
    ):
        record = _filed(at, household_issue(campaign))
        with at("east") as desk:
            report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        assert _filed(at, household_issue(campaign)).state is State.RECTIFIED

    @pytest.mark.parametrize("other", [{"content": "屋顶漏雨。"}, {"item": "house-safe"}])
    def test_the_same_id_with_other_content_is_a_conflict(
        self, at: At, campaign: Campaign, other: dict[str, str]
    ):
        first = _filed(at, household_issue(campaign))
        with pytest.raises(EditConflict) as conflict:
            _filed(at, household_issue(campaign, **other))
        assert conflict.value.current == first

    def test_another_units_id_does_not_show_its_record(self, at: At, campaign: Campaign):
        _filed(at, household_issue(campaign))
        with pytest.raises(NotFound):
            _filed(at, household_issue(campaign, unit="999001002"), "west")

    def test_an_id_of_another_form_does_not_show_its_record(self, at: At, campaign: Campaign):
        filing = household_issue(campaign)
        _filed(at, filing)
        general = replace(filing, form=campaign.form_by_id["general-issues"])
        with pytest.raises(NotFound):
            _filed(at, general)

    def test_many_at_once_make_one_record(self, campaign: Campaign, engine: Engine):
        made: list[Record] = []
        start = Barrier(6)

        def file() -> None:
            start.wait()
            with transaction(engine) as connection:
                made.append(
                    record_store.create(
                        Desk(connection, campaign, ACCOUNTS["east"], MORNING), household_issue(campaign)
                    )
                )

        threads = [Thread(target=file) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 6
        assert _count(engine) == 1
        assert len(_audit(engine, record_id(1))) == 1


class TestGate:
    @pytest.mark.parametrize("who", ["west", "water", "office", "admin", "department", "inspector"])
    def test_nobody_else_files_for_a_unit(self, at: At, campaign: Campaign, engine: Engine, who: str):
        with pytest.raises(NotAllowed):
            _filed(at, household_issue(campaign), who)
        assert _count(engine) == 0

    @pytest.mark.parametrize("who", ["east", "east-principal", "willow"])
    def test_those_of_the_unit_file(self, at: At, campaign: Campaign, who: str):
        assert _filed(at, household_issue(campaign), who).version == 1

    def test_someone_bound_to_a_village_files_for_no_other(self, at: At, campaign: Campaign):
        with pytest.raises(NotAllowed, match="本村"):
            _filed(at, household_issue(campaign, village=EAST_DAM), "willow")

    def test_someone_bound_to_a_village_moves_no_record_out_of_it(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        with pytest.raises(NotAllowed):
            _edited(at, record, "willow", village=EAST_DAM)

    def test_records_of_another_village_are_not_there_for_someone_bound_to_one(
        self, at: At, campaign: Campaign
    ):
        record = _filed(at, household_issue(campaign, village=EAST_DAM))
        with pytest.raises(NotFound), at("willow") as desk:
            record_rows.get(desk, record.form, record.id)

    @pytest.mark.parametrize("who", ["west", "water", "admin", "inspector"])
    def test_another_units_record_is_not_there(self, at: At, campaign: Campaign, who: str):
        record = _filed(at, household_issue(campaign))
        with pytest.raises(NotFound), at(who) as desk:
            record_rows.get(desk, record.form, record.id)

    def test_the_office_sees_but_does_not_change(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        with at("office") as desk:
            assert record_rows.get(desk, record.form, record.id) == record
            for change in (
                lambda: record_store.edit(desk, record, 1, {**record.values, "content": "别的"}),
                lambda: report(desk, record, 1, {"outcome": "好"}, TODAY),
                lambda: withdraw(desk, record, 1, "错"),
            ):
                with pytest.raises(NotAllowed):
                    change()


class TestEditing:
    def test_an_edit_changes_what_it_names_and_says_so(self, at: At, campaign: Campaign, engine: Engine):
        record = _filed(at, household_issue(campaign))
        edited = _edited(at, record, content="屋顶漏雨。", people=None)
        assert edited.values["content"] == "屋顶漏雨。"
        assert "people" not in edited.values
        assert (edited.version, edited.created_at, edited.changed_at) == (2, MORNING, NOON)
        assert _audit(engine, record.id)[1:] == [("edit", {"fields": ["content", "people"]})]

    def test_an_edit_that_changes_nothing_leaves_no_trace(self, at: At, campaign: Campaign, engine: Engine):
        record = _filed(at, household_issue(campaign))
        assert _edited(at, record) == record
        assert len(_audit(engine, record.id)) == 1

    def test_the_second_of_two_editors_is_shown_the_first_ones_version(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        first = _edited(at, record, content="屋顶漏雨。")
        with pytest.raises(EditConflict) as conflict:
            _edited(at, record, measures="翻修屋顶。")
        assert conflict.value.current == first
        assert _edited(at, record, version=2, measures="翻修屋顶。").version == 3

    def test_an_edit_sent_twice_is_one(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        first = _edited(at, record, content="屋顶漏雨。")
        assert _edited(at, record, content="屋顶漏雨。") == first

    def test_the_outcome_is_edited_only_once_it_was_reported(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        assert "outcome" not in _edited(at, record, outcome="已修好。").values
        with at("east") as desk:
            rectified = report(
                desk, record_rows.get(desk, record.form, record.id), 1, {"outcome": "已修好。"}, TODAY
            )
        assert _edited(at, rectified, outcome="已修好，户主确认。").values["outcome"] == "已修好，户主确认。"

    def test_an_edit_of_what_was_found_keeps_the_outcome_of_one_sent_back(
        self, at: At, campaign: Campaign, engine: Engine
    ):
        record = _filed(at, household_issue(campaign))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        with transaction(engine) as connection:
            connection.execute(tables.issue.update().values(state="rectifying"))
        edited = _edited(at, rectified, content="屋顶漏雨。")
        assert edited.values["outcome"] == "已修好。"

    def test_a_withdrawn_record_is_not_edited(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        with at("east") as desk:
            withdrawn = withdraw(desk, record, 1, "重复登记")
        with pytest.raises(NotNow, match="已撤销"):
            _edited(at, withdrawn, content="屋顶漏雨。")

    def test_of_racing_edits_one_is_saved_and_none_is_lost(self, at: At, campaign: Campaign, engine: Engine):
        record = _filed(at, household_issue(campaign))
        outcomes: list[str] = []
        start = Barrier(2)

        def race(words: str) -> None:
            with engine.connect() as connection:
                seen = record_rows.get(
                    Desk(connection, campaign, ACCOUNTS["east"], NOON), record.form, record.id
                )
            start.wait()
            try:
                with transaction(engine) as connection:
                    record_store.edit(
                        Desk(connection, campaign, ACCOUNTS["east"], NOON),
                        seen,
                        1,
                        {**seen.values, "content": words},
                    )
                outcomes.append("saved")
            except EditConflict:
                outcomes.append("conflict")

        threads = [Thread(target=race, args=(words,)) for words in ("甲", "乙")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["conflict", "saved"]
        assert [action for action, _ in _audit(engine, record.id)] == ["file", "edit"]


class TestMoves:
    def test_a_report_keeps_outcome_and_day(self, at: At, campaign: Campaign, engine: Engine):
        record = _filed(at, household_issue(campaign))
        with at("east", NOON) as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        assert (rectified.state, rectified.rectified_on, rectified.version) == (State.RECTIFIED, TODAY, 2)
        assert rectified.values == {**record.values, "outcome": "已修好。"}
        assert _audit(engine, record.id)[1:] == [("report", {"from": "rectifying", "to": "rectified"})]

    def test_reporting_the_same_twice_is_one_report(self, at: At, campaign: Campaign, engine: Engine):
        record = _filed(at, household_issue(campaign))
        for _ in range(2):
            with at("east") as desk:
                report(desk, record_rows.get(desk, record.form, record.id), 1, {"outcome": "已修好。"}, TODAY)
        assert len(_audit(engine, record.id)) == 2

    def test_reporting_something_else_again_is_refused(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        with pytest.raises(NotNow), at("east") as desk:
            report(desk, rectified, 2, {"outcome": "没有修好。"}, TODAY)

    def test_a_report_on_an_older_version_is_a_conflict(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        edited = _edited(at, record, content="屋顶漏雨。")
        with pytest.raises(EditConflict), at("east") as desk:
            report(desk, edited, record.version, {"outcome": "已修好。"}, TODAY)

    def test_nothing_was_rectified_before_the_campaigns_first_day(self, at: At, campaign: Campaign):
        record = _filed(at, household_issue(campaign))
        with pytest.raises(TooEarly), at("east") as desk:
            report(desk, record, 1, {"outcome": "已修好。"}, date(2022, 8, 8))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, date(2022, 8, 9))
        assert rectified.rectified_on == date(2022, 8, 9)

    def test_a_withdrawn_record_keeps_its_reason_out_of_the_audit(
        self, at: At, campaign: Campaign, engine: Engine
    ):
        record = _filed(at, household_issue(campaign))
        for _ in range(2):
            with at("east") as desk:
                withdrawn = withdraw(
                    desk, record_rows.get(desk, record.form, record.id), 1, "与张某某的那条重复"
                )
        assert (withdrawn.state, withdrawn.state_reason) == (State.WITHDRAWN, "与张某某的那条重复")
        assert _audit(engine, record.id)[1:] == [("withdraw", {"from": "rectifying", "to": "withdrawn"})]


class TestProposedHouseholds:
    def test_the_same_name_in_the_same_village_asks(self, at: At, campaign: Campaign):
        first = _filed(at, proposed(campaign))
        with pytest.raises(PossiblySame) as asked:
            _filed(at, proposed(campaign, 2, reason="别的理由"))
        assert asked.value.others == (first,)

    def test_it_is_stored_once_confirmed_as_another_household(self, at: At, campaign: Campaign):
        _filed(at, proposed(campaign))
        assert _filed(at, proposed(campaign, 2, different=True)).id == record_id(2)

    def test_a_resend_asks_nothing(self, at: At, campaign: Campaign):
        first = _filed(at, proposed(campaign))
        _filed(at, proposed(campaign, 2, different=True))
        assert _filed(at, proposed(campaign)) == first

    @pytest.mark.parametrize("other", [{"village": EAST_DAM}, {"householder": "李某某"}])
    def test_another_village_or_name_asks_nothing(self, at: At, campaign: Campaign, other: dict[str, str]):
        _filed(at, proposed(campaign))
        assert _filed(at, proposed(campaign, 2, **other)).version == 1

    def test_a_withdrawn_household_asks_nothing(self, at: At, campaign: Campaign):
        first = _filed(at, proposed(campaign))
        with at("east") as desk:
            withdraw(desk, first, 1, "不符合条件")
        assert _filed(at, proposed(campaign, 2)).version == 1

    def test_an_edit_into_an_others_name_asks(self, at: At, campaign: Campaign):
        _filed(at, proposed(campaign))
        second = _filed(at, proposed(campaign, 2, householder="李某某"))
        with pytest.raises(PossiblySame):
            _edited(at, second, householder="张某某")
        assert _edited(at, second, reason="别的理由").version == 2

    def test_issues_of_one_household_are_many(self, at: At, campaign: Campaign):
        _filed(at, household_issue(campaign))
        assert _filed(at, household_issue(campaign, 2, village=EAST_WILLOW)).version == 1


def test_no_audit_row_holds_what_a_person_typed(at: At, campaign: Campaign, engine: Engine):
    record = _filed(at, household_issue(campaign))
    edited = _edited(at, record, householder="李某某", content="屋顶漏雨。")
    with at("east") as desk:
        rectified = report(desk, edited, 2, {"outcome": "已修好。"}, TODAY)
        withdraw(desk, rectified, 3, "重复")
    written = str(_audit(engine, record.id))
    typed = {"张某某", "李某某", "屋顶漏雨", "已修好", "重复", "王某某"}
    assert not {words for words in typed if words in written}
