"""A signed return: frozen, its later changes, its paper with the hash, and the scans of it."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.returns.pdf_rewriting import rewrite_pdf
from forms_server.returns.return_document import digest
from forms_server.web.returns import signed_return_page
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.handing_in import (
    PDF,
    UNIT,
    edit,
    sign,
    signed_returns,
    upload,
    write_report,
)
from tests.server.pages import post, text_of
from tests.server.records import GENERAL, HOUSEHOLD, ISSUE, file, page

SignedIn = Callable[..., FlaskClient]


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
        assert answer.data == rewrite_pdf(PDF)
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
