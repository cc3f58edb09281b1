"""Signing: only the unit's principal, with the password, what is complete and was seen, once; and then it is frozen."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forms_server.access import Role
from forms_server.accounts.sign_in_throttle import MAX_FAILURES
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.returns.return_document import thaw
from tests.builders import EAST, OFFICE, WATER, WEST
from tests.server.conftest import NOW, PASSWORD
from tests.server.handing_in import (
    SIGN,
    UNIT,
    edit,
    fields_of,
    move_clock,
    sign,
    signed_returns,
)
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]


class TestWhatIsMissing:
    def test_everything_is_listed_with_where_to_mend_it(self, principal: FlaskClient):
        html = page(principal.get(UNIT))
        assert [link["href"] for link in html.select(".lacks a")] == [
            "/zero/#zero-income", "/zero/#zero-housing", "/zero/#zero-water", "/report/#work", "/report/#next",
        ]  # fmt: skip
        assert not html.select(f"a[href='{SIGN}']")

    def test_a_contradiction_is_listed(self, reporter: FlaskClient, principal: FlaskClient, ready: str):
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "李某某", "problem_type": "water"})
        assert "“饮水安全”勾选了经排查无问题，又登记了 1 个问题，前后矛盾" in text_of(principal.get(UNIT))

    def test_a_record_without_a_required_value_leads_to_itself(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.issue).values(content=None))
        assert [link["href"] for link in page(principal.get(UNIT)).select(".lacks a")] == [ready]

    def test_overdue_issues_are_told_and_do_not_stop_the_signature(
        self, app: Flask, signed_in: SignedIn, ready: str
    ):
        move_clock(app, datetime(2022, 9, 1, 8))
        principal = signed_in(EAST, Role.PRINCIPAL)
        html = page(principal.get(UNIT))
        assert "1 个问题过了整改时限" in html.text
        assert html.select(f"a[href='{SIGN}']")

    def test_the_signature_is_refused_before_everything_is_there(self, app: Flask, principal: FlaskClient):
        assert principal.get(SIGN).location == UNIT
        answer = sign(principal, **{"signature-id": str(uuid4())})
        assert answer.status_code == 422
        assert "还有 5 处没有补齐" in text_of(answer)
        assert signed_returns(app) == []


class TestSignature:
    def test_what_is_signed_is_shown_before(self, principal: FlaskClient, ready: str):
        words = text_of(principal.get(SIGN))
        assert "走访了三个村。" in words
        assert "户内问题 1 条" in words

    def test_a_signed_return_is_frozen_with_its_hash(self, app: Flask, principal: FlaskClient, ready: str):
        answer = sign(principal)
        assert answer.status_code == 303
        [row] = signed_returns(app)
        assert answer.location == f"/returns/{row['id']}"
        assert row["sha256"] == hashlib.sha256(row["content"].encode()).hexdigest()
        assert (row["number"], row["late"], row["state"], row["signed_at"]) == (1, False, "signed", NOW)
        document = thaw(row["content"])
        assert [issue["content"] for issue in document["issue"]] == [ISSUE["content"]]
        assert [line["problem_type_id"] for line in document["zero_report"]] == ["income", "water"]
        assert [part["text"] for part in document["report_text"]] == ["月底前改完。", "走访了三个村。"]
        words = text_of(principal.get(answer.location))
        assert "存档与签字时一致" in words
        assert row["sha256"][:8] in words

    def test_a_wrong_password_signs_nothing_and_keeps_the_page(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        answer = sign(principal, "wrong-password")
        assert answer.status_code == 422
        assert "密码不对" in text_of(answer)
        assert signed_returns(app) == []
        again = post(principal, SIGN, page="/password", password=PASSWORD, **fields_of(answer))
        assert again.status_code == 303

    def test_wrong_passwords_lock_the_account_even_for_the_right_one(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        for _ in range(MAX_FAILURES):
            sign(principal, "wrong-password")
        answer = sign(principal)
        assert answer.status_code == 422
        assert "暂停登录" in text_of(answer)
        assert signed_returns(app) == []

    @pytest.mark.parametrize(
        "role", [Role.REPORTER, Role.DEPARTMENT, Role.INSPECTOR, Role.OFFICE, Role.ADMIN]
    )
    def test_nobody_else_signs(self, app: Flask, signed_in: SignedIn, ready: str, role: Role):
        unit = {Role.REPORTER: EAST, Role.OFFICE: OFFICE, Role.ADMIN: OFFICE}.get(role, WATER)
        other = signed_in(unit, role)
        assert other.get(SIGN).status_code == 403
        assert sign(other, **{"signature-id": str(uuid4())}).status_code == 403
        assert signed_returns(app) == []

    def test_another_units_principal_does_not_sign_for_it(self, app: Flask, signed_in: SignedIn, ready: str):
        other = signed_in(WEST, Role.PRINCIPAL)
        assert other.get(SIGN).status_code == 404
        assert sign(other, **{"signature-id": str(uuid4())}).status_code == 404
        assert signed_returns(app) == []

    def test_the_id_of_another_units_return_signs_nothing_and_shows_nothing(
        self, app: Flask, signed_in: SignedIn, principal: FlaskClient, ready: str
    ):
        sign(principal)
        west, [signed] = signed_in(WEST, Role.PRINCIPAL), signed_returns(app)
        fields = {"signature-id": signed["id"], "seen": signed["sha256"], "password": PASSWORD}
        answer = post(west, f"/returns/units/{WEST}/sign", page="/password", **fields)
        assert answer.status_code == 404
        assert len(signed_returns(app)) == 1

    def test_a_reporters_session_with_the_principals_password_does_not_sign(
        self, app: Flask, reporter: FlaskClient, principal: FlaskClient, ready: str
    ):
        fields = fields_of(principal.get(SIGN))
        answer = post(reporter, SIGN, page="/password", password=PASSWORD, **fields)
        assert answer.status_code == 403
        assert signed_returns(app) == []

    def test_a_session_that_has_ended_does_not_sign(self, app: Flask, principal: FlaskClient, ready: str):
        fields = fields_of(principal.get(SIGN))
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(tables.session.delete())
        answer = principal.post(SIGN, data={"csrf_token": "x", "password": PASSWORD, **fields})
        assert answer.status_code == 401
        assert signed_returns(app) == []

    def test_the_same_signature_sent_twice_is_one(self, app: Flask, principal: FlaskClient, ready: str):
        fields = fields_of(principal.get(SIGN))
        answers = [post(principal, SIGN, page="/password", password=PASSWORD, **fields) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        assert len(signed_returns(app)) == 1

    def test_the_same_content_is_not_signed_twice(self, app: Flask, principal: FlaskClient, ready: str):
        fields = fields_of(principal.get(SIGN))
        sign(principal)
        assert principal.get(SIGN).location == UNIT
        answer = post(
            principal, SIGN, page="/password", password=PASSWORD, **{**fields, "signature-id": str(uuid4())}
        )
        assert answer.status_code == 409
        assert "内容没有改动，不用再签" in text_of(answer)
        assert len(signed_returns(app)) == 1

    def test_what_changed_since_the_page_was_shown_is_not_signed_unseen(
        self, app: Flask, reporter: FlaskClient, principal: FlaskClient, ready: str
    ):
        fields = fields_of(principal.get(SIGN))
        edit(reporter, ready, content="屋顶漏雨。")
        answer = post(principal, SIGN, page="/password", password=PASSWORD, **fields)
        assert answer.status_code == 409
        assert "内容又有改动，没有签字" in text_of(answer)
        assert signed_returns(app) == []

    def test_a_mistyped_password_never_leads_to_signing_what_was_not_shown(
        self, app: Flask, reporter: FlaskClient, principal: FlaskClient, ready: str
    ):
        fields = fields_of(principal.get(SIGN))
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "李某某", "content": "西屋漏雨。"})
        mistyped = post(principal, SIGN, page="/password", password="wrong-password", **fields)
        assert mistyped.status_code == 409
        words = text_of(mistyped)
        assert "密码不对" in words
        assert "内容又有改动，没有签字" in words
        assert "999001001-reporter-（东河镇）登记： 户内问题" in words
        # There is nothing on it to sign with; what was shown first signs nothing either.
        assert not page(mistyped).select("input[name=signature-id]")
        answer = post(principal, SIGN, page="/password", password=PASSWORD, **fields)
        assert answer.status_code == 409
        assert "您打开签字页以后的改动" in text_of(answer)
        assert signed_returns(app) == []

    @pytest.mark.parametrize("position", ["", "x", "-1", "9" * 40])
    def test_a_position_that_is_none_shows_no_changes(
        self, reporter: FlaskClient, principal: FlaskClient, ready: str, position: str
    ):
        fields = fields_of(principal.get(SIGN)) | {"position": position}
        edit(reporter, ready, content="屋顶漏雨。")
        answer = post(principal, SIGN, page="/password", password=PASSWORD, **fields)
        assert answer.status_code == 409
        assert "您打开签字页以后的改动" not in text_of(answer)

    @pytest.mark.parametrize("signature_id", ["", "x", "../../etc"])
    def test_a_form_that_is_not_ours_is_refused(self, principal: FlaskClient, ready: str, signature_id: str):
        assert sign(principal, **{"signature-id": signature_id}).status_code == 400

    def test_a_unit_of_which_nothing_is_expected_cannot_sign(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        fields = fields_of(principal.get(SIGN))
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(tables.expected_return.delete())
        assert "不要求这个单位报送" in text_of(principal.get(UNIT))
        assert post(principal, SIGN, page="/password", password=PASSWORD, **fields).status_code == 403

    @pytest.mark.parametrize(
        ("now", "late"), [(datetime(2022, 8, 31, 12), False), (datetime(2022, 8, 31, 12, 0, 1), True)]
    )
    def test_late_returns_are_taken_and_marked(
        self, app: Flask, signed_in: SignedIn, ready: str, now: datetime, late: bool
    ):
        move_clock(app, now)
        answer = sign(signed_in(EAST, Role.PRINCIPAL))
        assert answer.status_code == 303
        assert signed_returns(app)[0]["late"] is late
