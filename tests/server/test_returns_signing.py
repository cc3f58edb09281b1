"""Signing: only the unit's principal, with the password, what is complete and was seen, once; and then it is frozen."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forms_server.access import Role
from forms_server.accounts.sign_in_throttle import MAX_FAILURES
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.returns.return_document import digest, thaw
from forms_server.web.returns import signed_return_page
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW, PASSWORD
from tests.server.handing_in import (
    PDF,
    SIGN,
    UNIT,
    complete,
    fields_of,
    sign,
    signed_returns,
    upload,
    write_report,
)
from tests.server.pages import post, text_of
from tests.server.records import GENERAL, HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def reporter(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


@pytest.fixture
def principal(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.PRINCIPAL)


@pytest.fixture
def ready(reporter: FlaskClient) -> str:
    """The east's return is complete; the address of its issue."""
    return complete(reporter)


def edit(client: FlaskClient, record: str, version: int = 1, **fields: str) -> None:
    answer = post(client, f"{record}/edit", **{**ISSUE, **fields, "base-version": str(version)})
    assert answer.status_code == 303


def move_clock(app: Flask, now: datetime) -> None:
    services = app.extensions["huitoukan"]
    object.__setattr__(services, "clock", Clock(now))


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


class TestAfterwards:
    def test_a_change_needs_a_new_return_and_the_difference_is_shown(
        self, app: Flask, reporter: FlaskClient, principal: FlaskClient, ready: str
    ):
        sign(principal)
        edit(reporter, ready, content="屋顶漏雨。")
        file(reporter, GENERAL, level="county", problem_type="housing", content="没有台账。",
             responsible_person="王某某", deadline="8月底前")  # fmt: skip
        write_report(reporter, work="走访了四个村。")
        html = page(principal.get(UNIT))
        assert "改动要重新签字报送才算数" in html.text
        words = html.select_one(".difference").get_text(" ", strip=True)
        assert "共排查问题数： 1 → 2" in words
        assert "新增 1 条记录" in words
        assert "具体内容： 西屋山墙有裂缝。 → 屋顶漏雨。" in words
        assert "走访了四个村。" in words
        second = sign(principal)
        assert [row["number"] for row in signed_returns(app)] == [1, 2]
        assert "与第 1 次报送相比的改动" in text_of(principal.get(second.location))

    def test_the_frozen_copy_stays_what_it_was(
        self, reporter: FlaskClient, principal: FlaskClient, ready: str
    ):
        address = str(sign(principal).location)
        before = reporter.get(f"{address}/content.json").data
        edit(reporter, ready, content="屋顶漏雨。")
        assert reporter.get(f"{address}/content.json").data == before
        assert "西屋山墙有裂缝。" in text_of(reporter.get(address))

    def test_a_long_ledger_shows_its_first_records_and_counts_all(
        self, reporter: FlaskClient, principal: FlaskClient, ready: str, monkeypatch: pytest.MonkeyPatch
    ):
        file(reporter, HOUSEHOLD, **{**ISSUE, "householder": "李某某", "content": "西屋漏雨。"})
        monkeypatch.setattr(signed_return_page, "SHOWN_RECORDS", 1)
        html = page(principal.get(str(sign(principal).location)))
        [ledger] = [each for each in html.select("details") if "户内问题 2 条" in each.summary.text]
        assert len(ledger.select("tbody tr")) == 1
        assert "只显示前 1 条，全部在存档文件里" in ledger.text

    def test_the_file_of_the_frozen_copy_has_the_hash_of_the_paper(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        address = str(sign(principal).location)
        answer = principal.get(f"{address}/content.json")
        assert "attachment" in answer.headers["Content-Disposition"]
        assert hashlib.sha256(answer.data).hexdigest() == signed_returns(app)[0]["sha256"]

    @pytest.mark.parametrize("with_hash", [False, True])
    def test_a_frozen_copy_that_was_altered_is_noticed(
        self, app: Flask, signed_in: SignedIn, principal: FlaskClient, ready: str, with_hash: bool
    ):
        address = str(sign(principal).location)
        content = signed_returns(app)[0]["content"].replace("西屋山墙有裂缝。", "一切都好。")
        values = {"content": content, **({"sha256": digest(content)} if with_hash else {})}
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.signed_return).values(values))
        office = signed_in(OFFICE, Role.OFFICE)
        for client in (principal, office):
            words = text_of(client.get(address))
            assert "这份存档被改动过" in words
            assert "一切都好" not in words
            for name in ("paper", "content.json"):
                refused = client.get(f"{address}/{name}")
                assert refused.status_code == 409
                assert "这份存档被改动过" in text_of(refused)
        answer = post(office, f"{address}/receive", page="/password")
        assert answer.status_code == 303
        assert "与签字时不一致，不能接收" in text_of(office.get("/returns/"))
        assert signed_returns(app)[0]["state"] == "signed"

    @pytest.mark.parametrize(
        "change",
        [{"signed_name": "别人"}, {"late": True}, {"signed_at": datetime(2022, 8, 1)}, {"content": "x"}],
    )
    def test_altered_facts_are_noticed_too(
        self, app: Flask, principal: FlaskClient, ready: str, change: dict[str, object]
    ):
        address = str(sign(principal).location)
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.signed_return).values(change))
        assert "这份存档被改动过" in text_of(principal.get(address))
        assert principal.get(UNIT).status_code == 200

    def test_the_signature_is_audited_with_number_and_hash(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        sign(principal)
        with app.extensions["huitoukan"].engine.connect() as connection:
            query = select(tables.audit.c.change).where(tables.audit.c.action == "sign")
            [change] = connection.execute(query).scalars()
        assert change == {"number": 1, "sha256": signed_returns(app)[0]["sha256"], "late": False}

    @pytest.mark.parametrize(
        "other",
        [
            (WEST, Role.REPORTER),
            (WEST, Role.PRINCIPAL),
            (WATER, Role.DEPARTMENT),
            (WATER, Role.INSPECTOR),
            (EAST, Role.REPORTER, EAST_WILLOW),
        ],
    )
    def test_to_others_it_is_not_there(
        self, signed_in: SignedIn, principal: FlaskClient, ready: str, other: tuple[str, ...]
    ):
        address = str(sign(principal).location)
        client = signed_in(*other)
        for each in (UNIT, address, f"{address}/paper", f"{address}/content.json"):
            assert client.get(each).status_code == 404


class TestPaper:
    def test_it_is_annex_2_with_lines_to_sign_and_the_hash(
        self, app: Flask, principal: FlaskClient, ready: str
    ):
        address = str(sign(principal).location)
        html = page(principal.get(f"{address}/paper"))
        assert html.h1.text == "东河镇整改情况汇总表"
        assert [line.text for line in html.select(".paper-line dt")] == ["单位:", "负责人签字:"]
        rows = [[cell.text for cell in row.select("td")] for row in html.select(".annex tr")]
        assert rows[2:] == [["0"] * 5, ["1", "0", "1", "0", "0"], ["0"] * 5, ["1", "0", "1", "0", "0"]]
        printed = html.select_one(".paper .hash").text.replace(" ", "")
        assert printed == signed_returns(app)[0]["sha256"]


class TestScans:
    @pytest.fixture
    def address(self, principal: FlaskClient, ready: str) -> str:
        return str(sign(principal).location)

    def scan_of(self, client: FlaskClient, address: str) -> str:
        return str(page(client.get(address)).select_one(".scans a")["href"])

    def test_the_unit_adds_one_and_the_office_sees_it(
        self, reporter: FlaskClient, signed_in: SignedIn, address: str
    ):
        assert upload(reporter, address, PDF).status_code == 303
        office = signed_in(OFFICE, Role.OFFICE)
        answer = office.get(self.scan_of(office, address))
        assert answer.data == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == "attachment; filename=scan.pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_a_return_without_its_paper_is_not_all_done(
        self, reporter: FlaskClient, signed_in: SignedIn, address: str
    ):
        office = signed_in(OFFICE, Role.OFFICE)
        link = page(reporter.get(UNIT)).find("a", string="打印第 1 次报送的汇总表")
        assert link["href"] == address
        assert "打印第" not in text_of(office.get(UNIT))
        upload(reporter, address, PDF)
        assert "打印第" not in text_of(reporter.get(UNIT))
        assert "不用再做什么" in text_of(reporter.get(UNIT))

    def test_the_same_file_is_kept_once(self, reporter: FlaskClient, address: str):
        upload(reporter, address, PDF, PDF)
        upload(reporter, address, PDF)
        assert len(page(reporter.get(address)).select(".scans a")) == 1

    @pytest.mark.parametrize("data", [b"", b"<html>", b"MZ"])
    def test_what_is_no_scan_is_refused_and_nothing_kept(
        self, reporter: FlaskClient, address: str, data: bytes
    ):
        answer = upload(reporter, address, PDF + b" ", data)
        assert answer.status_code == 422
        assert page(answer).select_one("[role=alert]") is not None
        assert not page(reporter.get(address)).select(".scans a")

    def test_too_much_is_refused(self, reporter: FlaskClient, address: str):
        assert upload(reporter, address, PDF + b" " * 10 * 1024 * 1024).status_code == 422
        assert upload(reporter, address, PDF + b" " * 12 * 1024 * 1024).status_code == 413

    def test_others_neither_add_nor_see(self, reporter: FlaskClient, signed_in: SignedIn, address: str):
        upload(reporter, address, PDF)
        where = self.scan_of(reporter, address)
        west = signed_in(WEST, Role.PRINCIPAL)
        assert west.get(where).status_code == 404
        assert upload(west, address, PDF + b" ").status_code == 404
        assert upload(signed_in(OFFICE, Role.OFFICE), address, PDF + b" ").status_code == 403

    def test_a_scan_of_another_return_is_not_there(self, reporter: FlaskClient, address: str):
        upload(reporter, address, PDF)
        other = self.scan_of(reporter, address).replace(address, f"/returns/{uuid4()}")
        assert reporter.get(other).status_code == 404
        assert reporter.get(f"{address}/scans/{uuid4()}").status_code == 404
