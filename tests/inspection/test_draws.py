"""A draw is sealed, opened and repeated; its list is the team's alone, from its first day in the unit on."""

import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from build_scripts.sampling.drawn_order import seed_hash
from forms_server.access import Role
from forms_server.cli import main
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.inspection import draw_verifying
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WEST, WEST_BRIDGE
from tests.server.conftest import NOW, SignedIn
from tests.server.pages import post, text_of, token
from tests.visits.builders import household_id
from tests.whole import vouch

DRAWS = "/inspection/draws"
LIST = "/inspection/"
SEED = "rain-on-the-roof-2022"


@pytest.fixture
def households(app: Flask) -> None:
    """Twelve households in each of three villages."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        for number in range(36):
            village = (EAST_WILLOW, EAST_DAM, WEST_BRIDGE)[number % 3]
            row = {
                "id": household_id(number), "campaign_id": "small", "township_code": village[:9], "village_code": village,
                "householder": f"赵某{number}", "folded_name": f"赵某{number}", "household_type": "bianyuan" if number % 4 else "yiban",
                "people": 3, "active": True, "created_at": NOW, "changed_at": NOW,
            }  # fmt: skip
            connection.execute(insert(tables.household).values(row))
        vouch(connection, NOW)


def seal(office: FlaskClient, seed: str = SEED) -> str:
    """Seal a seed; return the draw's address."""
    sealed = post(office, DRAWS, **{"draw-id": str(uuid4()), "seed": seed})
    return str(re.search(r"/inspection/draws/[0-9a-f-]{36}", sealed.text).group())


def opened(office: FlaskClient, seed: str = SEED) -> str:
    address = seal(office, seed)
    assert post(office, f"{address}/open", address, seed=seed, back=address).status_code == 303
    return address


def sent(app: Flask, account: str, unit: str, first: date) -> None:
    """An inspector's team, and its days in the unit."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        who = connection.execute(
            select(tables.account.c.id).where(tables.account.c.name == account)
        ).scalar_one()
        team = {"id": str(uuid4()), "campaign_id": "small", "name": account, "created_at": NOW}
        connection.execute(insert(tables.team).values(team))
        member = {
            "id": str(uuid4()),
            "team_id": team["id"],
            "account_id": who,
            "leads": True,
            "added_at": NOW,
        }
        connection.execute(insert(tables.team_member).values(member))
        place = {
            "id": str(uuid4()),
            "team_id": team["id"],
            "unit_code": unit,
            "first_day": first,
            "last_day": first,
            "created_at": NOW,
        }
        connection.execute(insert(tables.assignment).values(place))
        vouch(connection, NOW)


def faults(app: Flask) -> list[str]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        row = connection.execute(select(tables.draw)).mappings().one()
        return list(draw_verifying.faults(connection, row))


def test_only_the_hash_is_stored_before_the_draw(app, office, households):
    address = seal(office)
    with app.extensions["huitoukan"].engine.connect() as connection:
        row = connection.execute(select(tables.draw)).mappings().one()
    assert row["seed"] is None
    assert row["seed_sha256"] == seed_hash(SEED)
    page = office.get(address).text
    assert seed_hash(SEED) in page
    assert SEED not in page


def test_another_seed_than_the_sealed_one_draws_nothing(app, office, households):
    address = seal(office)
    sent_form = {"csrf_token": token(office, address), "seed": SEED + "x", "back": address}
    assert "对不上" in text_of(office.post(f"{address}/open", data=sent_form, follow_redirects=True))
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert connection.execute(select(tables.draw_row)).all() == []


def test_a_short_seed_is_refused(office):
    sent_form = {"csrf_token": token(office, DRAWS), "seed": "short", "draw-id": str(uuid4()), "back": DRAWS}
    assert "太短的能被猜出来" in text_of(office.post(DRAWS, data=sent_form, follow_redirects=True))


def test_two_draws_with_one_seed_and_one_list_are_the_same(app, office, households):
    opened(office)
    opened(office)
    with app.extensions["huitoukan"].engine.connect() as connection:
        columns = [each for each in tables.draw_row.c if each.name != "draw_id"]
        numbers = select(tables.draw.c.id).order_by(tables.draw.c.number)
        first, second = (
            set(connection.execute(select(*columns).where(tables.draw_row.c.draw_id == draw_id)).all())
            for draw_id in connection.execute(numbers).scalars().all()
        )
    assert first == second
    assert len(first) > 12


def test_the_team_sees_its_list_from_its_first_day_and_nobody_else_does(
    app, office, households, signed_in: SignedIn
):
    opened(office)
    here, later, elsewhere = (
        signed_in(OFFICE, Role.INSPECTOR, name=name) for name in ("今天", "明天", "别处")
    )
    sent(app, "今天", EAST, NOW.date())
    sent(app, "明天", EAST, date(2022, 8, 21))
    sent(app, "别处", WEST, NOW.date())
    assert len(re.findall("赵某", text_of(here.get(LIST)))) >= 3
    assert "东河镇" not in text_of(elsewhere.get(LIST))
    assert "赵某" in text_of(elsewhere.get(LIST))
    assert "赵某" not in text_of(later.get(LIST))
    for role in (Role.REPORTER, Role.PRINCIPAL):
        unit = signed_in(EAST, role)
        for address in (LIST, DRAWS):
            assert unit.get(address).status_code == 403
    assert here.get(DRAWS).status_code == 403


def test_who_cannot_be_looked_at_is_replaced_in_drawn_order_with_a_reason(app, office, households, signed_in):
    address = opened(office)
    inspector, other = (signed_in(OFFICE, Role.INSPECTOR, name=name) for name in ("一组", "二组"))
    sent(app, "一组", EAST, NOW.date())
    sent(app, "二组", WEST, NOW.date())
    with app.extensions["huitoukan"].engine.connect() as connection:
        rows = connection.execute(
            select(tables.draw_row)
            .where(tables.draw_row.c.kind == "household")
            .order_by(tables.draw_row.c.rank)
        ).all()
    east = [row for row in rows if row.group_code.startswith(EAST)]
    gone = next(row for row in east if row.why and row.stratum == "watched")
    left = [
        row
        for row in east
        if not row.why and (row.group_code, row.stratum) == (gone.group_code, gone.stratum)
    ]
    replacing = f"{address}/households/{gone.subject_id}/replace"
    assert (
        other.post(replacing, data={"csrf_token": token(other, LIST), "reason": "全户外出"}).status_code
        == 404
    )
    refused = inspector.post(
        replacing,
        data={"csrf_token": token(inspector, LIST), "reason": " ", "back": LIST},
        follow_redirects=True,
    )
    assert "请写明为什么换户" in text_of(refused)
    for _ in range(2):
        assert post(inspector, replacing, LIST, reason="全户外出").status_code == 303
    with app.extensions["huitoukan"].engine.connect() as connection:
        (row,) = connection.execute(select(tables.draw_replacement)).all()
        names = dict(connection.execute(select(tables.household.c.id, tables.household.c.householder)).all())
    assert (row.replacement_id, row.reason) == (left[0].subject_id, "全户外出")
    shown = inspector.get(LIST).text
    assert f"{names[row.replacement_id]}</a>" in shown
    assert f"{names[gone.subject_id]}</a>" not in shown
    assert faults(app) == []


def replaced_by_another(connection) -> None:
    """Let somebody else stand in than the next in drawn order."""
    table = tables.draw_replacement
    row = connection.execute(select(table)).one()
    other = next(
        each.subject_id
        for each in connection.execute(select(tables.draw_row).where(tables.draw_row.c.why == ""))
        if each.kind == "household" and each.subject_id != row.replacement_id
    )
    connection.execute(update(table).values(replacement_id=other))


def without_reason(connection) -> None:
    """Take the reason away."""
    connection.execute(update(tables.draw_replacement).values(reason=" "))


def vanished(connection) -> None:
    """Say that nobody was replaced."""
    connection.execute(delete(tables.draw_replacement))


def smuggled_in(connection) -> None:
    """Replace one more, past the program."""
    done = connection.execute(select(tables.draw_replacement)).mappings().one()
    kind = tables.draw_row.c.kind == "household"
    rows = connection.execute(select(tables.draw_row).where(kind)).all()
    known = {done["subject_id"], done["replacement_id"]}
    gone = next(each for each in rows if each.why and each.subject_id not in known)
    left = next(each for each in rows if not each.why and each.subject_id not in known)
    more = {"subject_id": gone.subject_id, "replacement_id": left.subject_id}
    connection.execute(insert(tables.draw_replacement).values({**done, **more}))


def test_replacements_are_verified_too(app, office, households, signed_in):
    """In turn each way to tamper with them, each told by name on the page and by the command."""
    address = opened(office)
    inspector = signed_in(OFFICE, Role.INSPECTOR, name="一组")
    sent(app, "一组", EAST, NOW.date())
    engine = app.extensions["huitoukan"].engine
    with engine.connect() as connection:
        drawn = tables.draw_row.c.why != "", tables.draw_row.c.kind == "household"
        rows = connection.execute(select(tables.draw_row).where(*drawn)).all()
    first = next(row for row in rows if row.group_code.startswith(EAST) and row.stratum == "watched")
    replacing = f"{address}/households/{first.subject_id}/replace"
    assert post(inspector, replacing, LIST, reason="全户外出").status_code == 303
    assert faults(app) == []
    assert "递补的 1 户也都是依次递补的" in text_of(office.get(address))
    with engine.connect() as connection:
        kept = connection.execute(select(tables.draw_replacement)).mappings().one()
    told = {
        replaced_by_another: ("审计记录里换成的是", "依次应当由"),
        without_reason: ("没有写理由",),
        vanished: ("递补的记录不见了",),
        smuggled_in: ("审计记录里没有这次换户",),
    }
    for tamper, words in told.items():
        with transaction(engine) as connection:
            tamper(connection)
        found = faults(app)
        assert [each for each in words if any(each in one for one in found)] == list(words), (tamper, found)
        assert "对不上" in text_of(office.get(address))
        with transaction(engine) as connection:
            connection.execute(delete(tables.draw_replacement))
            connection.execute(insert(tables.draw_replacement).values(dict(kept)))
    assert faults(app) == []


def swapped(connection) -> None:
    """Put one that was left in the place of one that was drawn."""
    row = tables.draw_row
    rows = connection.execute(select(row).where(row.c.kind == "household").order_by(row.c.rank)).all()
    one = next(each for each in rows if each.why and each.stratum == "watched")
    two = next(
        each
        for each in rows
        if not each.why and each.group_code == one.group_code and each.stratum == one.stratum
    )
    for each, other in ((one, two), (two, one)):
        values = {"rank": other.rank, "why": other.why}
        connection.execute(update(row).where(row.c.subject_id == each.subject_id).values(values))


def struck(connection) -> None:
    """Strike one from the list."""
    row = tables.draw_row
    gone = connection.execute(select(row.c.subject_id).where(row.c.why == "").limit(1)).scalar_one()
    connection.execute(delete(row).where(row.c.subject_id == gone))


def reseeded(connection) -> None:
    """Say that another seed was sealed, and opened."""
    connection.execute(update(tables.draw).values(seed="another seed of sixteen"))


@pytest.mark.parametrize("tamper", [swapped, struck, reseeded])
def test_the_command_tells_what_was_tampered_with(
    app, office, households, tamper, tmp_path: Path, monkeypatch
):
    opened(office)
    assert faults(app) == []
    with transaction(app.extensions["huitoukan"].engine) as connection:
        tamper(connection)
    found = faults(app)
    assert found
    if tamper is swapped:
        assert len([each for each in found if each.startswith("户")]) == 2
    with transaction(app.extensions["huitoukan"].engine) as connection:
        vouch(connection, NOW)


def test_the_command_repeats_all_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    assert CliRunner().invoke(main, ["init"]).exit_code == 0
    told = CliRunner().invoke(main, ["draw", "verify"])
    assert (told.exit_code, told.output) == (0, "还没有抽过样。\n")
