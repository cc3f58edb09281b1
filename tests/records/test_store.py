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
from forms_server.records.record import EditConflict, Record
from tests.builders import EAST_DAM
from tests.records.builders import (
    ACCOUNTS,
    MORNING,
    NOON,
    audit_of,
    edit_record,
    file_record,
    household_issue,
    record_id,
    report,
    withdraw,
)
from tests.records.conftest import At

TODAY = date(2022, 8, 15)


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.issue)).scalar_one()


class TestFiling:
    def test_a_record_comes_back_as_it_wasfile_record(self, at: At, campaign: Campaign, engine: Engine):
        filing = household_issue(campaign, item="house-safe")
        record = file_record(at, filing)
        assert record.values == filing.values
        assert (record.state, record.version, record.item_id) == (State.RECTIFYING, 1, "house-safe")
        assert (record.unit_code, record.created_by, record.created_at) == (
            filing.unit_code, ACCOUNTS["east"].id, MORNING,
        )  # fmt: skip
        assert audit_of(engine, record.id) == [("file", {"to": "rectifying"})]

    def test_the_area_follows_from_the_problem_type(self, at: At, campaign: Campaign, engine: Engine):
        file_record(at, household_issue(campaign, problem_type="income"))
        with engine.connect() as connection:
            assert connection.execute(select(tables.issue.c.area_id)).scalar_one() == "income"

    def test_an_item_of_another_area_is_not_kept(self, at: At, campaign: Campaign):
        assert file_record(at, household_issue(campaign, item="income-drop")).item_id is None

    def test_the_same_filing_again_is_the_same_record(self, at: At, campaign: Campaign, engine: Engine):
        first = file_record(at, household_issue(campaign))
        assert file_record(at, household_issue(campaign)) == first
        assert _count(engine) == 1
        assert len(audit_of(engine, first.id)) == 1

    def test_the_same_filing_again_after_it_was_rectified_is_the_same_record(
        self, at: At, campaign: Campaign
    ):
        record = file_record(at, household_issue(campaign))
        with at("east") as desk:
            report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        assert file_record(at, household_issue(campaign)).state is State.RECTIFIED

    @pytest.mark.parametrize("other", [{"content": "屋顶漏雨。"}, {"item": "house-safe"}])
    def test_the_same_id_with_other_content_is_a_conflict(
        self, at: At, campaign: Campaign, other: dict[str, str]
    ):
        first = file_record(at, household_issue(campaign))
        with pytest.raises(EditConflict) as conflict:
            file_record(at, household_issue(campaign, **other))
        assert conflict.value.current == first

    def test_another_units_id_does_not_show_its_record(self, at: At, campaign: Campaign):
        file_record(at, household_issue(campaign))
        with pytest.raises(NotFound):
            file_record(at, household_issue(campaign, unit="999001002"), "west")

    def test_an_id_of_another_form_does_not_show_its_record(self, at: At, campaign: Campaign):
        filing = household_issue(campaign)
        file_record(at, filing)
        general = replace(filing, form=campaign.form_by_id["general-issues"])
        with pytest.raises(NotFound):
            file_record(at, general)

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
        assert len(audit_of(engine, record_id(1))) == 1


class TestGate:
    @pytest.mark.parametrize("who", ["west", "water", "office", "admin", "department", "inspector"])
    def test_nobody_else_files_for_a_unit(self, at: At, campaign: Campaign, engine: Engine, who: str):
        with pytest.raises(NotAllowed):
            file_record(at, household_issue(campaign), who)
        assert _count(engine) == 0

    @pytest.mark.parametrize("who", ["east", "east-principal", "willow"])
    def test_those_of_the_unit_file(self, at: At, campaign: Campaign, who: str):
        assert file_record(at, household_issue(campaign), who).version == 1

    def test_someone_bound_to_a_village_files_for_no_other(self, at: At, campaign: Campaign):
        with pytest.raises(NotAllowed, match="本村"):
            file_record(at, household_issue(campaign, village=EAST_DAM), "willow")

    def test_someone_bound_to_a_village_moves_no_record_out_of_it(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        with pytest.raises(NotAllowed):
            edit_record(at, record, "willow", village=EAST_DAM)

    def test_records_of_another_village_are_not_there_for_someone_bound_to_one(
        self, at: At, campaign: Campaign
    ):
        record = file_record(at, household_issue(campaign, village=EAST_DAM))
        with pytest.raises(NotFound), at("willow") as desk:
            record_rows.get(desk, record.form, record.id)

    @pytest.mark.parametrize("who", ["west", "water", "admin", "inspector"])
    def test_another_units_record_is_not_there(self, at: At, campaign: Campaign, who: str):
        record = file_record(at, household_issue(campaign))
        with pytest.raises(NotFound), at(who) as desk:
            record_rows.get(desk, record.form, record.id)

    def test_the_office_sees_but_does_not_change(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
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
        record = file_record(at, household_issue(campaign))
        edited = edit_record(at, record, content="屋顶漏雨。", people=None)
        assert edited.values["content"] == "屋顶漏雨。"
        assert "people" not in edited.values
        assert (edited.version, edited.created_at, edited.changed_at) == (2, MORNING, NOON)
        assert audit_of(engine, record.id)[1:] == [("edit", {"fields": ["content", "people"]})]

    def test_an_edit_that_changes_nothing_leaves_no_trace(self, at: At, campaign: Campaign, engine: Engine):
        record = file_record(at, household_issue(campaign))
        assert edit_record(at, record) == record
        assert len(audit_of(engine, record.id)) == 1

    def test_the_second_of_two_editors_is_shown_the_first_ones_version(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        first = edit_record(at, record, content="屋顶漏雨。")
        with pytest.raises(EditConflict) as conflict:
            edit_record(at, record, measures="翻修屋顶。")
        assert conflict.value.current == first
        assert edit_record(at, record, version=2, measures="翻修屋顶。").version == 3

    def test_an_edit_sent_twice_is_one(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        first = edit_record(at, record, content="屋顶漏雨。")
        assert edit_record(at, record, content="屋顶漏雨。") == first

    def test_the_outcome_is_edited_only_once_it_was_reported(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        assert "outcome" not in edit_record(at, record, outcome="已修好。").values
        with at("east") as desk:
            rectified = report(
                desk, record_rows.get(desk, record.form, record.id), 1, {"outcome": "已修好。"}, TODAY
            )
        assert (
            edit_record(at, rectified, outcome="已修好，户主确认。").values["outcome"] == "已修好，户主确认。"
        )

    def test_an_edit_of_what_was_found_keeps_the_outcome_of_one_sent_back(
        self, at: At, campaign: Campaign, engine: Engine
    ):
        record = file_record(at, household_issue(campaign))
        with at("east") as desk:
            rectified = report(desk, record, 1, {"outcome": "已修好。"}, TODAY)
        with transaction(engine) as connection:
            connection.execute(tables.issue.update().values(state="rectifying"))
        edited = edit_record(at, rectified, content="屋顶漏雨。")
        assert edited.values["outcome"] == "已修好。"

    def test_a_withdrawn_record_is_notedit_record(self, at: At, campaign: Campaign):
        record = file_record(at, household_issue(campaign))
        with at("east") as desk:
            withdrawn = withdraw(desk, record, 1, "重复登记")
        with pytest.raises(NotNow, match="已撤销"):
            edit_record(at, withdrawn, content="屋顶漏雨。")

    def test_of_racing_edits_one_is_saved_and_none_is_lost(self, at: At, campaign: Campaign, engine: Engine):
        record = file_record(at, household_issue(campaign))
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
        assert [action for action, _ in audit_of(engine, record.id)] == ["file", "edit"]
