"""The demonstration: invented, judged as everything else is, the same each time."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from build_scripts.reconciliation.live_reconciliation import reconcile
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Stage
from checklist.values.judge import Context, check_record
from forms_server.account import Role
from forms_server.commands.demo_command import AFTER
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.demo.demo_answers import SURNAMES
from forms_server.demo.seed import seed
from forms_server.demo.stories import stories
from forms_server.editable_states import STATES_BY_KIND
from forms_server.record_verification import record_faults
from forms_server.records.live_record_source import live_records
from forms_server.returns.frozen_returns import changed_after
from forms_server.returns.return_standing import ReturnStage, Timeliness, standings
from tests.records.builders import AUDIT_KEY

ROOT = Path(__file__).parents[2]
SECOND = ROOT / "tests" / "campaigns"
CAMPAIGNS = (
    ROOT / "checklist" / "2022-huitoukan",
    SECOND / "2023-autumn-fire",
    SECOND / "2023-spring-school",
)


@pytest.fixture(scope="module", params=CAMPAIGNS, ids=lambda folder: folder.name)
def campaign(request: pytest.FixtureRequest) -> Campaign:
    return load_campaign(request.param)


def middle(campaign: Campaign) -> datetime:
    phase = campaign.notice.phases[0]
    return datetime.combine(phase.start + (phase.end - phase.start) / 2, datetime.min.time().replace(hour=9))


def test_every_story_passes_the_judge(campaign: Campaign) -> None:
    today = middle(campaign).date()
    for story in stories(campaign, today):
        checked = check_record(story.form, story.raw, Context(campaign, story.unit, today), set(Stage))
        assert [problem for problem in checked.problems if not problem.warning] == []


def test_stories_are_the_same_each_time_and_name_nobody(campaign: Campaign) -> None:
    today = middle(campaign).date()
    told = list(stories(campaign, today))
    assert told == list(stories(campaign, today))
    names = {story.raw["householder"] for story in told if "householder" in story.raw}
    assert all(name[0] in SURNAMES and name[1] == "某" for name in names)


def test_visits_answer_whatever_a_campaign_asks_once(tmp_path: Path) -> None:
    campaign = load_campaign(CAMPAIGNS[2])
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}", AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        seed(connection, campaign, campaign.notice.deadline.at + AFTER, "no password opens this")
        found = connection.execute(select(tables.visit.c.state)).scalars().all()
        signed = connection.execute(select(func.count()).select_from(tables.signed_return)).scalar_one()
        unvouched = list(record_faults(connection, lambda *_, **__: None))
    engine.dispose()
    assert unvouched == [], "audit verify finds nothing in a fresh demonstration"
    assert "finished" in found
    assert signed


def test_a_county_of_one_township_and_no_county_units_has_a_demonstration(tmp_path: Path) -> None:
    whole = load_campaign(CAMPAIGNS[1])
    units = whole.units.model_copy(
        update={"townships": whole.units.townships[:1], "county_units": (), "groups": ()}
    )
    # Made anew: a copy would keep what was found in all units.
    campaign = Campaign(**{name: getattr(whole, name) for name in Campaign.model_fields} | {"units": units})
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}", AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        shown = seed(connection, campaign, campaign.notice.deadline.at + AFTER, "no password opens this")
    engine.dispose()
    assert {account.role for account in shown} == set(Role) - {Role.DEPARTMENT}


def test_shipped_demonstration_has_every_state_and_role(tmp_path: Path) -> None:
    campaign = load_campaign(CAMPAIGNS[0])
    now = campaign.notice.deadline.at + AFTER
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}", AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        shown = seed(connection, campaign, now, "no password opens this")
        states = dict(
            connection.execute(
                select(tables.issue.c.state, func.count()).group_by(tables.issue.c.state)
            ).all()
        )
        latest = connection.scalar(select(func.max(tables.issue.c.changed_at)))
        returns = standings(connection, campaign, now)
        scans = connection.scalar(select(func.count()).select_from(tables.return_scan))
        kept = {
            name: connection.scalar(select(func.count()).select_from(tables.metadata.tables[name]))
            for name in ("import_batch", "remembered_reading", "finding", "extension")
        }
        requests = set(connection.scalars(select(tables.extension_request.c.state)))
        kinds = ("issue", "proposed_household", "household", "visit", "signed_return")
        ids = Counter(
            each for name in kinds for each in connection.scalars(select(tables.metadata.tables[name].c.id))
        )
        pairs = set(connection.scalars(select(tables.possible_double.c.state)))
        doubts = {each.kind: each for each in reconcile(live_records(connection), campaign).unsettled}
        stale = changed_after(
            connection,
            campaign,
            [each.last for each in returns if each.last and each.last.state == "received"],
        )
    assert set(states) == {state.value for state in STATES_BY_KIND["issue"]}
    assert sum(states.values()) > 200
    assert latest <= now
    assert {each.stage for each in returns} == set(ReturnStage)
    assert {each.timeliness for each in returns} == set(Timeliness) - {Timeliness.OPEN}
    assert max(each.last.number for each in returns if each.last) == 2
    assert scans
    assert all(kept.values()), kept
    assert {each: times for each, times in ids.items() if times > 1} == {}, "one id, one thing"
    assert requests == {"open", "refused"}
    assert {"open", "same"} <= pairs
    assert "double" in doubts
    assert any(stale.values())  # by the office, which sent an issue back after the signature
    assert {account.role for account in shown} == set(Role)


def test_another_campaign_has_a_demonstration_too(tmp_path: Path) -> None:
    campaign = load_campaign(CAMPAIGNS[1])
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}", AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        seed(connection, campaign, middle(campaign), "no password opens this")
        returns = standings(connection, campaign, middle(campaign))
    assert any(each.last for each in returns)
