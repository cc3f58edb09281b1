"""Drafts: autosaved, private to their author, deleted on submission."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from werkzeug.test import TestResponse

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.records.drafts import KEPT, MOST
from tests.builders import EAST, EAST_DAM, WEST
from tests.server.conftest import NOW
from tests.server.pages import post, text_of, token
from tests.server.records import HOUSEHOLD, ISSUE, file, page, stored, value_of

SignedIn = Callable[..., FlaskClient]


def keep(client: FlaskClient, address: str, /, **typed: str) -> TestResponse:
    """Do what the page's script does: sends all fields of the page, with those that were changed."""
    html = page(client.get(address))
    form = html.select_one("[data-draft]")
    assert form is not None
    fields = {
        field["name"]: value_of(html, field["name"]) for field in form.select("[name]:not([type=file])")
    }
    headers = {"X-CSRF-Token": fields["csrf_token"]}
    return client.post(form["data-draft"], json={**fields, **typed}, headers=headers)


def offers(client: FlaskClient, address: str) -> list[str]:
    """The addresses at which a page offers to go on."""
    return [link["href"] for link in page(client.get(address)).select(".draft-offer a")]


def drafts(app: Flask) -> int:
    with app.extensions["huitoukan"].engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.draft)).scalar_one())


class TestNewRecord:
    def test_what_is_typed_is_kept_and_offered_again(self, app: Flask, reporter: FlaskClient):
        answer = keep(reporter, HOUSEHOLD, householder="张某某", content="西屋\n山墙有裂缝。")
        assert answer.get_json() == {"saved": "09:00"}
        words = text_of(reporter.get(HOUSEHOLD))
        assert "2022年8月20日 09:00 有填到一半、还没有提交的内容：东河镇 张某某 西屋" in words
        [address] = offers(reporter, HOUSEHOLD)
        html = page(reporter.get(address))
        assert value_of(html, "householder") == "张某某"
        assert value_of(html, "content") == "西屋\n山墙有裂缝。"
        assert not html.select(".draft-offer")
        assert stored(app) == []

    def test_it_is_the_same_record_and_the_draft_goes_once_it_is_filed(
        self, app: Flask, reporter: FlaskClient
    ):
        keep(reporter, HOUSEHOLD, **ISSUE)
        html = page(reporter.get(offers(reporter, HOUSEHOLD)[0]))
        typed = {name: value_of(html, name) for name in ISSUE}
        assert file(reporter, HOUSEHOLD, value_of(html, "record-id"), **typed).status_code == 303
        assert (drafts(app), offers(reporter, HOUSEHOLD)) == (0, [])

    def test_the_item_is_kept(self, reporter: FlaskClient):
        keep(reporter, f"{HOUSEHOLD}?item=house-safe", content="漏雨")
        [address] = offers(reporter, HOUSEHOLD)
        assert "房屋是否安全" in text_of(reporter.get(address))

    def test_the_last_change_counts(self, app: Flask, reporter: FlaskClient):
        html = page(reporter.get(HOUSEHOLD))
        where = html.select_one("[data-draft]")["data-draft"]
        headers = {"X-CSRF-Token": value_of(html, "csrf_token")}
        for words in ("西屋", "西屋山墙"):
            reporter.post(where, json={"content": words}, headers=headers)
        assert drafts(app) == 1
        assert value_of(page(reporter.get(offers(reporter, HOUSEHOLD)[0])), "content") == "西屋山墙"

    def test_a_draft_that_comes_after_its_record_is_not_kept(self, app: Flask, reporter: FlaskClient):
        record_id = str(uuid4())
        file(reporter, HOUSEHOLD, record_id, **ISSUE)
        where = f"/records/household-issues/{record_id}/drafts/new"
        answer = reporter.post(where, json=ISSUE, headers={"X-CSRF-Token": token(reporter, HOUSEHOLD)})
        assert (answer.status_code, drafts(app)) == (409, 0)

    def test_a_draft_of_a_record_imported_by_another_account_is_not_offered(
        self, app: Flask, reporter: FlaskClient
    ):
        keep(reporter, HOUSEHOLD, **ISSUE)
        html = page(reporter.get(offers(reporter, HOUSEHOLD)[0]))
        file(reporter, HOUSEHOLD, value_of(html, "record-id"), **ISSUE)
        with transaction(app.extensions["huitoukan"].engine) as connection:
            row = {"page": "new", "record_id": value_of(html, "record-id"), "campaign_id": "small"}
            account = connection.execute(select(tables.issue.c.created_by)).scalar_one()
            other = {"account_id": account, "form_id": "household-issues", "typed": {}, "saved_at": NOW}
            connection.execute(insert(tables.draft).values(row | other))
        assert offers(reporter, HOUSEHOLD) == []

    def test_a_draft_can_be_deleted(self, app: Flask, reporter: FlaskClient):
        keep(reporter, HOUSEHOLD, content="漏雨")
        form = page(reporter.get(HOUSEHOLD)).select_one(".draft-offer form")
        answer = post(reporter, form["action"], page=HOUSEHOLD)
        assert (answer.status_code, answer.location, drafts(app)) == (303, HOUSEHOLD, 0)

    def test_each_page_has_a_draft_of_its_own(self, reporter: FlaskClient):
        for words in ("甲", "乙"):
            keep(reporter, HOUSEHOLD, content=words)
        assert len(offers(reporter, HOUSEHOLD)) == 2
        assert offers(reporter, "/records/general-issues/new") == []


class TestOtherPages:
    def test_an_edit_goes_on_from_the_version_that_it_began_with(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn, record: str
    ):
        keep(reporter, f"{record}/edit", measures="翻修屋顶。")
        principal = signed_in(EAST, Role.PRINCIPAL)
        post(principal, f"{record}/edit", **{**ISSUE, "content": "屋顶漏雨。", "base-version": "1"})
        [address] = offers(reporter, f"{record}/edit")
        html = page(reporter.get(address))
        fields = {name: value_of(html, name) for name in (*ISSUE, "base-version", "seen")}
        assert (fields["measures"], fields["base-version"]) == ("翻修屋顶。", "1")
        merged = page(post(reporter, f"{record}/edit", **fields))
        assert merged.select_one(".merge-theirs legend").text.startswith("具体内容")
        assert merged.select_one(".merge-mine legend").text.startswith("整改措施")

    @pytest.mark.parametrize(
        ("move", "typed"),
        [
            ("edit", {**ISSUE, "content": "屋顶漏雨。"}),
            ("report", {"outcome": "已修好。", "rectified_on": "2022-08-19"}),
            ("withdraw", {"reason": "重复登记"}),
        ],
    )
    def test_it_is_offered_and_goes_once_the_page_was_handed_in(
        self, app: Flask, reporter: FlaskClient, record: str, move: str, typed: dict[str, str]
    ):
        keep(reporter, f"{record}/{move}", **typed)
        [address] = offers(reporter, f"{record}/{move}")
        html = page(reporter.get(address))
        assert {name: value_of(html, name) for name in typed} == typed
        assert post(reporter, f"{record}/{move}", **typed, **{"base-version": "1"}).status_code == 303
        assert drafts(app) == 0

    def test_there_is_no_draft_for_a_record_that_is_not_there(self, reporter: FlaskClient):
        headers = {"X-CSRF-Token": token(reporter, HOUSEHOLD)}
        for move in ("edit", "report", "withdraw"):
            where = f"/records/household-issues/{uuid4()}/drafts/{move}"
            assert reporter.post(where, json={"content": "x"}, headers=headers).status_code == 404


class TestNobodyElse:
    def test_a_draft_is_its_authors_alone(self, app: Flask, reporter: FlaskClient, signed_in: SignedIn):
        keep(reporter, HOUSEHOLD, householder="张某某")
        [address] = offers(reporter, HOUSEHOLD)
        for other in (signed_in(EAST, Role.PRINCIPAL), signed_in(WEST, Role.REPORTER)):
            assert offers(other, HOUSEHOLD) == []
            assert "张某某" not in page(other.get(address)).select_one("form[data-draft]").decode().replace(
                "如：张某某", ""
            )
            post(other, address.split("?")[0].replace("/new", "/x"), page=HOUSEHOLD)
        assert drafts(app) == 1

    def test_nobody_deletes_anothers(self, app: Flask, reporter: FlaskClient, signed_in: SignedIn):
        keep(reporter, HOUSEHOLD, content="漏雨")
        where = page(reporter.get(HOUSEHOLD)).select_one(".draft-offer form")["action"]
        assert post(signed_in(EAST, Role.PRINCIPAL), where, page=HOUSEHOLD).status_code == 303
        assert drafts(app) == 1

    @pytest.mark.parametrize(("unit", "village"), [(WEST, None), (EAST, EAST_DAM)])
    def test_of_a_record_that_one_may_not_see_there_is_no_draft(
        self, signed_in: SignedIn, record: str, unit: str, village: str | None
    ):
        other = signed_in(unit, Role.REPORTER, village)
        headers = {"X-CSRF-Token": token(other, HOUSEHOLD)}
        for move in ("new", "edit", "report", "withdraw"):
            answer = other.post(f"{record}/drafts/{move}", json={"content": "x"}, headers=headers)
            assert answer.status_code == 404


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ({"data": "{", "content_type": "application/json"}, 400),
            ({"json": ["content"]}, 400),
            ({"json": {"content": 3}}, 400),
            ({"json": {"content": None}}, 400),
            ({"data": {"content": "x"}}, 400),
            ({"data": "content=x", "content_type": "text/plain"}, 400),
            ({"json": {"content": "长" * 70_000}}, 413),
            ({"json": {"content": "x" * 2_000_000}}, 413),
        ],
    )
    def test_what_is_no_draft_is_refused(
        self, app: Flask, reporter: FlaskClient, content: dict[str, object], status: int
    ):
        where = f"/records/household-issues/{uuid4()}/drafts/new"
        answer = reporter.post(where, headers={"X-CSRF-Token": token(reporter, HOUSEHOLD)}, **content)
        assert (answer.status_code, drafts(app)) == (status, 0)

    def test_without_the_token_nothing_is_kept(self, app: Flask, reporter: FlaskClient):
        where = f"/records/household-issues/{uuid4()}/drafts/new"
        for headers in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": "\xe9"}):
            assert reporter.post(where, json={"content": "x"}, headers=headers).status_code == 400
        assert drafts(app) == 0

    def test_a_page_that_is_not_there(self, reporter: FlaskClient):
        where = f"/records/household-issues/{uuid4()}/drafts/sign"
        headers = {"X-CSRF-Token": token(reporter, HOUSEHOLD)}
        assert reporter.post(where, json={}, headers=headers).status_code == 404

    def test_what_no_page_can_show_is_left_out(self, reporter: FlaskClient):
        keep(reporter, HOUSEHOLD, content="漏\x00雨\ud800", nonsense="x")
        html = page(reporter.get(offers(reporter, HOUSEHOLD)[0]))
        assert value_of(html, "content") == "漏雨"
        assert html.find(attrs={"name": "nonsense"}) is None


class TestRoom:
    def test_the_oldest_make_room(self, app: Flask, reporter: FlaskClient):
        engine = app.extensions["huitoukan"].engine
        for number in range(MOST):
            keep(reporter, HOUSEHOLD, content=f"第{number}条")
            earlier = NOW - timedelta(hours=MOST - number)
            with transaction(engine) as connection:
                fresh = tables.draft.c.saved_at == NOW
                connection.execute(update(tables.draft).where(fresh).values(saved_at=earlier))
        keep(reporter, HOUSEHOLD, content="最后一条")
        assert drafts(app) == MOST
        assert "第0条" not in text_of(reporter.get(HOUSEHOLD))

    def test_nothing_is_kept_for_ever(self, app: Flask, reporter: FlaskClient):
        keep(reporter, HOUSEHOLD, content="旧的")
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.draft).values(saved_at=NOW - KEPT - timedelta(days=1)))
        keep(reporter, HOUSEHOLD, content="新的")
        assert drafts(app) == 1


def test_a_draft_that_is_nested_without_end_is_a_bad_request(reporter):
    address = f"/records/household-issues/{uuid4()}/drafts/new"
    response = reporter.post(
        address,
        data="[" * 100_000,
        content_type="application/json",
        headers={"X-CSRF-Token": token(reporter, "/password")},
    )
    assert response.status_code == 400
