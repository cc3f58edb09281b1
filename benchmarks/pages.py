"""Benchmark of all pages at the end of a campaign: p95 of each, for each role, and the slowest.

Run from the project's root: ``.venv/bin/python -m benchmarks.pages``, or with ``--help`` for a smaller run. A seeded
generator fills a database (``benchmarks/finished_campaign.py``); the real server answers one reader at a time on
127.0.0.1. The addresses are those that the test of all pages walks through, so that no page is left out.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import click
from sqlalchemy import Connection, Engine

from benchmarks.finished_campaign import Campaigner
from benchmarks.load_generator import CHECKLIST, open_client, running_huitoukan, timed
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.account import Account, Role
from forms_server.accounts import account_store, sessions
from forms_server.clock import Clock
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.inspection import teams
from forms_server.inspection.teams import Days
from forms_server.server_settings import Config
from forms_server.web.app import create_app
from tests.examples import Place, Reader, places

GOAL = 300
"""Milliseconds that p95 of every page stays under."""


@click.command()
@click.option("--requests", default=20, show_default=True, help="Requests of each page.")
@click.option("--share", default=1.0, show_default=True, help="Share of the campaign's records.")
@click.option("--every", is_flag=True, help="Print every page, not only the slowest of each route.")
def main(requests: int, share: float, every: bool) -> None:
    """Print p95 of each page, the slowest first."""
    campaign = load_campaign(CHECKLIST)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        with running_huitoukan(campaign, home, lambda engine: _fill(engine, campaign, share)) as (
            server,
            engine,
        ):
            found = [
                (timed([open_client(server.host, {"Cookie": f"huitoukan={token}"}, {})],
                       lambda client, place=place: client.get(place.address, 200, 303), requests).p95, role, place)
                for role, token, seen in _readers(engine, campaign, home)
                for place in seen
                if place.is_page
            ]  # fmt: skip
    _tell(sorted(found, key=lambda each: each[0], reverse=True), every=every)


def _tell(found: list[tuple[float, Role, Place]], *, every: bool) -> None:
    told: set[str] = set()
    for p95, role, place in found:
        if every or place.endpoint not in told:
            told.add(place.endpoint)
            click.echo(f"p95 {p95:7.1f} ms  {role.value:<10} {place.endpoint:<24} {place.address}")
    p95, role, place = found[0]
    click.echo(
        f"{len(found)} pages; the slowest: {place.address} for {role.value}, {p95:.0f} ms (goal: under {GOAL})"
    )


def _fill(engine: Engine, campaign: Campaign, share: float) -> None:
    with transaction(engine) as connection:
        Campaigner(connection, campaign, campaign.notice.deadline.at + timedelta(hours=3)).fill(share)


def _readers(engine: Engine, campaign: Campaign, home: Path) -> Iterator[tuple[Role, str, list[Place]]]:
    """A signed-in account of each role, with its pages."""
    settings = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(CHECKLIST)}
    app = create_app(Config.from_environment(settings), campaign)
    services = app.extensions["huitoukan"]
    for name, account in _accounts(engine, campaign).items():
        with transaction(engine) as connection:
            token = sessions.start(connection, Clock().now(), account.id, timedelta(days=2), "benchmark")
        with services.engine.connect() as connection:
            click.echo(f"reading as {name}", err=True)
            yield account.role, token, places(app, Reader(services, connection, account))


def _accounts(engine: Engine, campaign: Campaign) -> dict[str, Account]:
    """An account of each role, and one of a village."""
    township, office = campaign.units.townships[0], campaign.units.office
    wanted = {
        "reporter": (township, Role.REPORTER, None),
        "village": (township, Role.REPORTER, township.villages[0].code),
        "principal": (township, Role.PRINCIPAL, None),
        "department": (campaign.units.county_units[0], Role.DEPARTMENT, None),
        "inspector": (office, Role.INSPECTOR, None),
        "office": (office, Role.OFFICE, None),
        "admin": (office, Role.ADMIN, None),
    }
    found = {}
    with transaction(engine) as connection:
        for name, (unit, role, village) in wanted.items():
            new = account_store.NewAccount(name, unit.code, role, village, name)
            account_id = account_store.add(
                connection, Clock().now(), None, new, "-", must_change_password=False
            )
            account = account_store.find(connection, account_id)
            assert account is not None
            if role is Role.INSPECTOR:
                _send_everywhere(connection, campaign, account)
                account = account_store.find(connection, account_id)
                assert account is not None
            found[name] = account
    return found


def _send_everywhere(connection: Connection, campaign: Campaign, inspector: Account) -> None:
    """Assign the inspector's team to all units."""
    office = replace(inspector, role=Role.OFFICE)
    desk = Desk(connection, campaign, office, Clock().now())
    team_id, phases = str(uuid4()), campaign.notice.phases
    teams.form_team(desk, team_id, "督导组")
    for unit in campaign.filing_units:
        teams.assign(desk, str(uuid4()), team_id, unit.code, Days(phases[0].start, phases[-1].end))
    teams.add_member(desk, team_id, inspector.id, leads=True)


if __name__ == "__main__":
    main()
