"""Erased names are nowhere in the database; counts, states and seals stay as they were."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import JSON, String, select, update

from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.health.health_finding import HealthLevel
from forms_server.health.retention_health import retention_finding
from forms_server.personal_data.erasure import (
    _OF_CAMPAIGNS,
    _OF_HOUSEHOLDS,
    _OF_ISSUES,
    ERASE,
    erase_campaign,
    erase_household,
    holds_names,
    pseudonymised_at,
)
from forms_server.personal_data.hidden_columns import HIDDEN, STAYS, TAKEN_OUT
from forms_server.record_verification import unfit_records
from forms_server.returns.sealing import is_genuine
from forms_server.stored_number_masking import TEXTS
from tests.builders import EAST_DAM, small_campaign
from tests.server.handing_in import sign
from tests.server.pages import text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, stored
from tests.whole import vouch

NOW = datetime(2024, 9, 1, 9)
CAMPAIGN = small_campaign()
NAME, OTHER = "欧阳某某", "慕容某某"
TEXT = f"{NAME}家屋顶漏雨"


@pytest.fixture
def filled(app, reporter, principal, ready):
    """Two households with an issue and a proposal each, a draft, a batch's change, and a signed return."""
    issue = {**ISSUE, "content": TEXT, "measures": f"请{NAME}换瓦", "people": "4"}
    first = file(reporter, HOUSEHOLD, **{**issue, "householder": NAME}).location.rsplit("/", 1)[1]
    file(reporter, PROPOSED, **{**FAMILY, "householder": NAME, "reason": f"{NAME}住院"})
    file(reporter, HOUSEHOLD, **{**ISSUE, "householder": OTHER, "village": EAST_DAM, "content": "水管不通"})
    with transaction(app.extensions["huitoukan"].engine) as connection:
        batch = {
            "id": "b", "campaign_id": CAMPAIGN.id, "unit_code": "x", "kind": "ledger", "file_name": "台账.xlsx",
            "sha256": "0" * 64, "counts": {}, "created_at": NOW, "content": TEXT.encode(),
        }  # fmt: skip
        connection.execute(tables.import_batch.insert().values(batch))
        change = {
            "batch_id": "b",
            "subject": "issue",
            "subject_id": first,
            "effect": "new",
            "after": {"content": TEXT},
        }
        connection.execute(tables.import_change.insert().values(change))
        account = connection.execute(select(tables.account.c.id).limit(1)).scalar_one()
        draft = {
            "account_id": account, "page": "edit", "record_id": first, "campaign_id": CAMPAIGN.id,
            "form_id": "household-issues", "typed": {"content": TEXT}, "saved_at": NOW,
        }  # fmt: skip
        connection.execute(
            tables.draft.insert().values({k: v for k, v in draft.items() if k in tables.draft.c})
        )
        unfiled = {**draft, "record_id": "unfiled", "typed": {"householder": NAME}}
        connection.execute(
            tables.draft.insert().values({k: v for k, v in unfiled.items() if k in tables.draft.c})
        )
        late = {
            "id": "late", "campaign_id": CAMPAIGN.id, "account_id": account, "title": f"{NAME}的问题", "action": "/",
            "typed": [["householder", NAME]], "typed_at": NOW, "received_at": NOW, "state": "refused",
        }  # fmt: skip
        connection.execute(tables.late_entry.insert().values(late))
        said = {"id": "late-2", "title": "问题", "typed": [], "reason": f"{NAME}家已经另外登记"}
        connection.execute(tables.late_entry.insert().values({**late, **said}))
        photo = {"entry_id": "late", "position": 1, "field": "photo", "file_name": "1.jpg", "content": b"x"}
        connection.execute(tables.late_file.insert().values(photo))
        vouch(connection, NOW)
    assert sign(principal).status_code == 303
    return app


def everything(app) -> str:
    """All texts of all tables."""
    with app.extensions["huitoukan"].engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in tables.metadata.sorted_tables
            for row in connection.execute(
                select(*(column for column in table.c if isinstance(column.type, String | JSON)))
            )
        )


def household_of(app, name):
    return next(row["id"] for row in stored(app, "household") if row["householder"] == name)


def counts(app):
    figures = {
        name: sorted(str(sorted(row.items())) for row in stored(app, name)) for name in ("tally", "day_tally")
    }
    states = [(row["id"], row["state"], row["people"]) for row in stored(app)]
    return figures, states


def erase(app, name):
    with transaction(app.extensions["huitoukan"].engine) as connection:
        return erase_household(connection, NOW, CAMPAIGN.id, household_of(app, name))


def test_a_households_name_is_nowhere_after_it_was_erased(filled):
    before = counts(filled)
    assert NAME in everything(filled)
    done = erase(filled, NAME)
    assert NAME not in everything(filled)
    assert OTHER in everything(filled)
    assert counts(filled) == before
    assert done.rows["household"] == 1
    assert done.rows["issue"] == 1
    assert done.rows["signed_return"] == 1
    assert stored(filled, "import_batch")[0]["content"] is None


def test_the_audit_keeps_the_fact_and_not_the_name(filled):
    household_id = household_of(filled, NAME)
    erase(filled, NAME)
    rows = [row for row in stored(filled, "audit") if row["action"] == ERASE]
    assert household_id in {row["subject_id"] for row in rows if row["subject"] == "household"}
    assert NAME not in str(rows)


def test_a_signed_return_is_genuine_still_and_up_to_date(filled, office):
    address = f"/returns/{stored(filled, 'signed_return')[0]['id']}"
    signed = stored(filled, "signed_return")[0]["sha256"]
    erase(filled, NAME)
    with filled.extensions["huitoukan"].engine.connect() as connection:
        [row] = connection.execute(select(tables.signed_return)).mappings()
        key = filled.extensions["huitoukan"].config.audit_key()
    assert is_genuine(key, dict(row))
    shown = text_of(office.get(address))
    assert "已核验" in shown
    assert "签字以后内容又有改动" not in shown
    assert HIDDEN in shown
    assert f"签字时（纸上）的校验码是 {signed[:4]}" in shown


def test_a_return_that_was_tampered_with_is_not_sealed_anew(filled):
    with transaction(filled.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.signed_return).values(sha256="0" * 64))
    assert "signed_return" not in erase(filled, NAME).rows
    assert {row["sha256"] for row in stored(filled, "signed_return")} == {"0" * 64}
    with transaction(filled.extensions["huitoukan"].engine) as connection:
        vouch(connection, NOW)


def test_a_campaign_is_pseudonymised_with_its_counts(filled):
    before = counts(filled)
    engine = filled.extensions["huitoukan"].engine
    with engine.connect() as connection:
        assert holds_names(connection, CAMPAIGN.id)
    with transaction(engine) as connection:
        erase_campaign(connection, NOW, CAMPAIGN.id)
    assert not {NAME, OTHER, ISSUE["householder"]} & set(everything(filled))
    for name in (NAME, OTHER, ISSUE["householder"], "漏雨", "水管"):
        assert name not in everything(filled), name
    assert counts(filled) == before
    with engine.connect() as connection:
        assert not holds_names(connection, CAMPAIGN.id)
        assert list(unfit_records(connection)) == []
        assert pseudonymised_at(connection, CAMPAIGN.id) == NOW
    names = {row["householder"] for row in stored(filled, "household")}
    assert len(names) == len(stored(filled, "household"))  # each has a pseudonym of its own
    assert {row["householder"] for row in stored(filled)} <= names


def test_an_unknown_household_is_not_erased(filled):
    with pytest.raises(KeyError), transaction(filled.extensions["huitoukan"].engine) as connection:
        erase_household(connection, NOW, CAMPAIGN.id, "nobody")


def test_general_issues_lose_no_more_than_their_texts(app, reporter, ready):
    general = {name: ISSUE[name] for name in ("problem_type", "content", "responsible_person", "deadline")}
    file(reporter, GENERAL, **general, level="township")
    with transaction(app.extensions["huitoukan"].engine) as connection:
        erase_campaign(connection, NOW, CAMPAIGN.id)
    found = next(row for row in stored(app) if row["form_id"] == "general-issues")
    assert (found["content"], found["householder"]) == (HIDDEN, None)


def test_the_doctor_reminds_when_the_time_is_over(filled):
    engine = filled.extensions["huitoukan"].engine
    until = CAMPAIGN.personal_data.kept_until(CAMPAIGN.notice.deadline.at.date())
    last = datetime.combine(until, datetime.min.time())
    with engine.connect() as connection:
        assert retention_finding(connection, CAMPAIGN, last).level is HealthLevel.OK
        reminder = retention_finding(connection, CAMPAIGN, last + timedelta(days=1))
    assert reminder.level is HealthLevel.WARNING
    assert "personal-data pseudonymise" in reminder.remedy
    with transaction(engine) as connection:
        erase_campaign(connection, NOW, CAMPAIGN.id)
    with engine.connect() as connection:
        assert retention_finding(connection, CAMPAIGN, last + timedelta(days=1)).level is HealthLevel.OK


def test_every_table_with_such_a_text_is_gone_through():
    of_records = {
        tables.issue,
        tables.proposed_household,
        tables.visit,
        tables.household,
        tables.register_row,
    }
    others = {
        tables.draft,
        tables.exemption,
        tables.finding,
        tables.import_change,
        tables.late_entry,
        tables.late_file,
    }
    of_households = {table for table, _ in _OF_HOUSEHOLDS}
    assert set(TAKEN_OUT) == of_records | others | of_households | {*_OF_ISSUES, *_OF_CAMPAIGNS}


def test_every_text_that_people_write_is_taken_out_or_said_to_stay():
    for table, columns in TEXTS.items():
        taken, stays = set(TAKEN_OUT.get(table, ())), set(STAYS.get(table, ()))
        assert taken | stays == set(columns), table.name
        assert not taken & stays
