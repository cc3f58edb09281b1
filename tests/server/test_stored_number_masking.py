"""Personal numbers that were stored before they were refused are masked, wherever people wrote them."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Connection, String, insert, select, update

from forms_server import audit, audit_chain
from forms_server.access import Role
from forms_server.cli import main
from forms_server.db import tables
from forms_server.db.engine import audit_key, make_engine, transaction
from forms_server.stored_number_masking import TEXTS, Masked, mask_stored
from tests.builders import EAST, EAST_WILLOW, OFFICE
from tests.server.conftest import NOW
from tests.server.handing_in import UNIT, complete, sign
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, HOUSEHOLD, ISSUE, PROPOSED, file, stored
from tests.server.test_drafts import keep

IDENTITY = "11010519491231002X"
"""The example number of the standard GB 11643."""
MOBILE = "13900001111"
HIDDEN = "屋漏，电话***********"

NEVER = {
    "id", "number", "name", "role", "state", "state_before", "form_id", "page", "way", "side", "answer", "level",
    "source", "action", "subject", "subject_id", "change", "client", "address", "place", "media_type", "seal",
    "answers", "verdict", "marks", "why", "plan", "seed", "stratum", "folded_name", "content", "kind", "record_table",
    "question_key", "counts", "effect", "stamp", "label", "meaning", "new_kind",
}  # fmt: skip
"""Columns of codes, and those that a seal covers; ``content`` of a return alone is not in ``TEXTS``."""

CODES = {
    ("account_request", "details"),  # codes and names of an account, which refuse such numbers
    ("account_request", "outcome"),
    ("field_pack", "browser"),
    ("field_pack", "ended_why"),
    ("issue", "handed_to"),  # a unit's code
    ("known_device", "network"),
    ("late_file", "field"),
    ("letter", "facts"),  # figures, names of units, ids
    ("letter", "mark"),
    ("person", "person_key"),
    ("register_row", "period"),
    ("register_row", "row_key"),
    ("chosen_column", "columns"),  # ids
    ("saved_filter", "query"),  # codes: what is typed is not kept
    ("second_factor", "salt"),
    ("sign_in_failure", "key"),
    ("spot_visit", "filled"),
    ("unit_contact", "person"),  # of whoever is telephoned, whose number it is for
    ("unit_contact", "phone"),
    ("visit", "round"),  # a round's id
}
"""Columns of codes whose names stand for texts elsewhere."""


def columns() -> list[tuple[str, str]]:
    found = []
    for table in tables.metadata.sorted_tables:
        for column in table.c:
            code = (
                column.name.endswith(("_id", "_code", "_token", "sha256", "hash", "digest"))
                or column.foreign_keys
            )
            if isinstance(column.type, String | JSON) and not code:
                found.append((table.name, column.name))
    return found


def test_every_column_of_text_is_masked_or_known_to_hold_none() -> None:
    masked = {(table.name, name) for table, names in TEXTS.items() for name in names}
    assert masked - set(columns()) <= {
        ("finding", "found_by"),
        ("issue", "found_by"),
        ("visit", "visited_by"),
    }
    left = {(table, name) for table, name in columns() if (table, name) not in masked and name not in NEVER}
    assert left == {("signed_return", "signed_name"), *CODES}


@pytest.fixture
def east(signed_in: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def masking(app: Flask) -> Masked:
    with transaction(app.extensions["huitoukan"].engine) as connection:
        return mask_stored(connection, NOW)


def change(app: Flask, table: str, **values: object) -> None:
    """Write into the database what an earlier version would have taken."""
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(update(tables.metadata.tables[table]).values(values))


def faultless(connection: Connection) -> bool:
    rows = connection.execute(select(tables.audit).order_by(tables.audit.c.id)).mappings()
    return audit_chain.first_fault(audit_key(connection), audit.read_head(connection), rows) is None


def test_what_was_stored_is_masked_once_and_records_get_a_new_version(app: Flask, east: FlaskClient) -> None:
    address = str(file(east, HOUSEHOLD, **ISSUE).location)
    file(east, PROPOSED, **{**FAMILY, "householder": ISSUE["householder"]})
    change(app, "issue", content=f"屋漏，电话{MOBILE}", extra={"people": 4, "note": [IDENTITY]})
    change(app, "proposed_household", reason=f"户主{IDENTITY}")
    change(app, "household", number=IDENTITY, householder=f"张某{MOBILE}")
    change(app, "account", display_name=f"李某{MOBILE}")
    assert masking(app).rows == {"account": 1, "household": 1, "issue": 1, "proposed_household": 1}
    [issue], [family], [household] = (
        stored(app, name) for name in ("issue", "proposed_household", "household")
    )
    assert (issue["content"], issue["version"]) == (HIDDEN, 2)
    assert issue["extra"] == {"people": 4, "note": ["*" * 18]}
    assert family["reason"] == "户主" + "*" * 18
    assert (household["number"], household["folded_name"]) == (None, "张某***********")
    assert masking(app) == Masked()
    assert "隐去个人号码 ：具体内容 后台命令" in text_of(east.get(address))
    with app.extensions["huitoukan"].engine.connect() as connection:
        assert faultless(connection)
    late = {**ISSUE, "content": f"屋漏，电话{MOBILE}", "base-version": "1"}
    assert post(east, f"{address}/edit", **late).status_code == 422
    assert stored(app)[0]["content"] == HIDDEN


def test_a_draft_keeps_no_number(app: Flask, east: FlaskClient) -> None:
    keep(east, HOUSEHOLD, householder="张某某", content=f"电话{MOBILE}，身份证{IDENTITY}")
    [draft] = stored(app, "draft")
    assert draft["typed"]["content"] == f"电话{'*' * 11}，身份证{'*' * 18}"
    assert draft["typed"]["householder"] == "张某某"


def test_a_signed_return_stays_sealed_and_current_and_shows_no_number(
    app: Flask, east: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    complete(east)
    change(app, "issue", content=f"屋漏，电话{MOBILE}")
    principal = signed_in(EAST, Role.PRINCIPAL)
    address = str(sign(principal).location)
    masking(app)
    shown = text_of(principal.get(address))
    assert MOBILE not in shown
    assert "内容又有改动" not in shown + text_of(principal.get(UNIT))
    office = signed_in(OFFICE, Role.OFFICE)
    assert post(office, f"{address}/receive", page="/password").status_code == 303
    assert stored(app, "signed_return")[0]["state"] == "received"
    assert MOBILE in str(stored(app, "signed_return")[0]["content"])


def test_the_command_tells_how_many(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    runner = CliRunner()
    assert runner.invoke(main, ["init"]).exit_code == 0
    engine = make_engine(f"sqlite:///{tmp_path}/huitoukan.sqlite3", b"key")
    with transaction(engine) as connection:
        household = {
            "id": "h", "campaign_id": "c", "township_code": EAST, "village_code": EAST_WILLOW, "active": True,
            "created_at": NOW, "changed_at": NOW, "householder": f"张某 {MOBILE}",
        }  # fmt: skip
        connection.execute(insert(tables.household).values(household))
        connection.execute(update(tables.account).values(name=MOBILE))
    first, again = (runner.invoke(main, ["mask"]) for _ in range(2))
    assert "已隐去文字里的身份证号、手机号、银行卡号（改成星号）：1 户名册。" in first.output
    assert "有 1 个账号名像是个人号码" in first.output
    assert MOBILE not in first.output
    assert "已隐去" not in again.output
