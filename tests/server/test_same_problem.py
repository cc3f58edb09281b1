"""The same problem filed again: asked about, joined, told apart, or left to the office."""

from collections.abc import Callable
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import EAST, EAST_WILLOW, OFFICE, WATER
from tests.server.conftest import NOW
from tests.server.pages import post, text_of
from tests.server.records import FAMILY, GENERAL, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored
from tests.whole import vouch

SignedIn = Callable[..., FlaskClient]


class TestTheSameProblem:
    def test_from_another_tab_with_one_full_stop_more_is_asked_and_joined(
        self, app: Flask, reporter: FlaskClient
    ):
        first = file(reporter, HOUSEHOLD, **ISSUE)
        again = {**ISSUE, "content": ISSUE["content"].rstrip("。")}
        asked = file(reporter, HOUSEHOLD, asks=True, **again)
        assert asked.status_code == 409
        assert "是同一个问题吗" in text_of(asked)
        assert len(stored(app)) == 1
        button = page(asked).find("button", attrs={"name": "same-as"})
        assert button is not None
        joined = file(reporter, HOUSEHOLD, asks=True, **again, **{"same-as": str(button["value"])})
        assert joined.location == first.location
        assert len(stored(app)) == 1
        assert len(stored(app, "finding")) == 1

    def test_sent_twice_the_finding_is_one(self, app: Flask, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        first, again = str(stored(app)[0]["id"]), str(uuid4())
        for _ in range(2):
            assert (
                file(reporter, HOUSEHOLD, again, asks=True, **ISSUE, **{"same-as": first}).status_code == 303
            )
        assert (len(stored(app)), len(stored(app, "finding"))) == (1, 1)

    def test_one_that_was_withdrawn_meanwhile_is_none_and_the_rest_is_asked_about(
        self, app: Flask, reporter: FlaskClient
    ):
        gone = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        file(reporter, HOUSEHOLD, **{**ISSUE, "content": "电线老化。"})
        post(reporter, f"{gone}/withdraw", **{"base-version": "1", "reason": "登记有误"})
        pairs = stored(app, "possible_double")
        asked = file(reporter, HOUSEHOLD, asks=True, **ISSUE, **{"same-as": gone.rpartition("/")[2]})
        assert asked.status_code == 409
        assert "电线老化。" in text_of(asked)
        assert (len(stored(app)), stored(app, "possible_double")) == (2, pairs)

    def test_of_many_alike_none_is_hidden(self, app: Flask, reporter: FlaskClient):
        for number in range(7):
            file(reporter, HOUSEHOLD, **{**ISSUE, "content": f"第{number}处漏雨。"})
        asked = file(reporter, HOUSEHOLD, asks=True, **ISSUE)
        assert all(f"第{number}处漏雨。" in text_of(asked) for number in range(7))
        assert "还有 2 条，也看看" in text_of(asked)
        assert len(page(asked).find_all("button", attrs={"name": "same-as"})) == 7
        assert file(reporter, HOUSEHOLD, **ISSUE).status_code == 303
        decided = [row for row in stored(app, "possible_double") if row["state"] == "different"]
        assert len(decided) == 8 * 7 // 2

    def test_another_type_or_another_household_asks_nothing(self, app: Flask, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        for other in ({"problem_type": "income"}, {"householder": "李某某"}):
            assert file(reporter, HOUSEHOLD, asks=True, **{**ISSUE, **other}).status_code == 303
        assert len(stored(app)) == 3

    def test_a_name_with_blanks_is_the_same_household(self, app: Flask, reporter: FlaskClient):
        file(reporter, HOUSEHOLD, **ISSUE)
        assert (
            file(reporter, HOUSEHOLD, asks=True, **{**ISSUE, "householder": "张　某 某"}).status_code == 409
        )
        assert len(stored(app, "household")) == 1

    def test_what_is_closed_or_withdrawn_is_not_asked_about(self, app: Flask, reporter: FlaskClient):
        first = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        post(reporter, f"{first}/withdraw", **{"base-version": "1", "reason": "登记有误"})
        assert file(reporter, HOUSEHOLD, asks=True, **ISSUE).status_code == 303

    def test_who_may_not_read_the_other_files_and_the_office_decides(
        self, app: Flask, reporter: FlaskClient, signed_in
    ):
        file(reporter, HOUSEHOLD, **ISSUE)
        stranger = signed_in(WATER, Role.REPORTER)
        answer = file(stranger, HOUSEHOLD, asks=True, **ISSUE)
        assert answer.status_code == 303
        assert "由办公室核定" in text_of(stranger.get(str(answer.location)))
        office = signed_in(OFFICE, Role.OFFICE)
        shown = page(office.get("/doubles/"))
        first, second = (
            str(shown.find("input", attrs={"name": name})["value"]) for name in ("first", "second")
        )
        assert "还没有核定" in text_of(office.get("/reconciliation/"))
        assert post(office, "/doubles/", first=first, second=second, decision="same").status_code == 303
        assert sorted(str(row["state"]) for row in stored(app)) == ["rectifying", "withdrawn"]
        assert "还没有核定" not in text_of(office.get("/reconciliation/"))
        assert "又有人发现" in text_of(office.get(f"/records/household-issues/{first}"))
        joined = office.get(f"/records/household-issues/{second}")
        assert page(joined).find("a", string="看并入的那一条")["href"].endswith(first)
        assert "计入" not in text_of(joined)
        assert "看并入的那一条" not in stranger.get(f"/records/household-issues/{second}").text
        assert post(office, "/doubles/", first=first, second=second, decision="part").status_code == 303
        assert [row["state"] for row in stored(app)] == ["rectifying", "rectifying"]
        assert stored(app, "finding") == []
        assert "没有待核定的" in text_of(office.get("/doubles/"))

    def test_general_issues_of_a_township_are_told_apart_by_their_texts(
        self, app: Flask, reporter: FlaskClient
    ):
        general = {"level": "township", "problem_type": "housing", "content": "鉴定台账没有更新到八月。",
                   "measures": "补齐。", "responsible_person": "王某某", "responsible_unit": "县水利局", "deadline": "8月底前"}  # fmt: skip
        first = file(reporter, GENERAL, asks=True, **general)
        assert first.status_code == 303, text_of(first)
        again = {**general, "content": "鉴定台账没有更新到８月"}
        assert file(reporter, GENERAL, asks=True, **again).status_code == 409
        other = {**general, "content": "危房改造资金拨付缓慢，群众有意见。"}
        assert file(reporter, GENERAL, asks=True, **other).status_code == 303
        assert len(stored(app)) == 2

    def test_the_office_sees_general_issues_of_one_text_that_nobody_was_asked_about(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn
    ):
        general = {"level": "township", "problem_type": "housing", "measures": "补齐。", "responsible_person": "王某某",
                   "responsible_unit": "县水利局", "deadline": "8月底前"}  # fmt: skip
        for content in ("鉴定台账没有更新到八月。", "危房改造资金拨付缓慢。", "鉴定台账没有人管。"):
            file(reporter, GENERAL, **general, content=content)
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(tables.possible_double.delete())
            rewritten = tables.issue.c.content == "危房改造资金拨付缓慢。"
            connection.execute(tables.issue.update().where(rewritten).values(content="鉴定台账没有更新到8月"))
            vouch(connection, NOW)
        office = signed_in(OFFICE, Role.OFFICE)
        shown = page(office.get("/doubles/"))
        pair = [str(shown.find("input", attrs={"name": name})["value"]) for name in ("first", "second")]
        assert len(shown.select("section.card-box")) == 1
        assert "写的几乎一样" in text_of(office.get("/reconciliation/"))
        post(office, "/doubles/", first=pair[0], second=pair[1], decision="different")
        assert "没有待核定的" in text_of(office.get("/doubles/"))
        assert "写的几乎一样" not in text_of(office.get("/reconciliation/"))

    def test_of_three_that_nobody_was_asked_about_the_office_is_shown_two_pairs(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn
    ):
        for content in ("西屋漏雨，没有修。", "灶房没有烟囱，烧柴取暖。", "院墙裂开，靠木桩撑着。"):
            file(reporter, HOUSEHOLD, **ISSUE | {"content": content})
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(tables.possible_double.delete())
            vouch(connection, NOW)
        first, *others = [
            row["id"] for row in sorted(stored(app), key=lambda row: (row["created_at"], row["id"]))
        ]
        office = signed_in(OFFICE, Role.OFFICE)
        for left in (2, 1, 0):
            shown = page(office.get("/doubles/")).select("section.card-box")
            names = [
                {str(box["value"]) for box in each.select("input[name=first], input[name=second]")}
                for each in shown
            ]
            assert all(first in pair for pair in names)
            assert set().union(*names) - {first} == set(others[2 - left :]), left
            if left:
                second = others[2 - left]
                post(office, "/doubles/", first=first, second=second, decision="same")

    def test_what_was_withdrawn_meanwhile_is_joined_to_nothing(
        self, app: Flask, reporter: FlaskClient, signed_in: SignedIn
    ):
        kept, gone = (
            file(reporter, HOUSEHOLD, **ISSUE | {"content": text}).location for text in ("屋漏。", "墙裂了。")
        )
        post(reporter, f"{gone}/withdraw", **{"base-version": "1", "reason": "登记有误"})
        first, second = (str(address).rsplit("/", 1)[1] for address in (kept, gone))
        office = signed_in(OFFICE, Role.OFFICE)
        post(office, "/doubles/", first=first, second=second, decision="same")
        assert "这一对刚才有人处理过了" in text_of(office.get("/doubles/"))
        assert stored(app, "finding") == []
        assert sorted(str(row["state"]) for row in stored(app)) == ["rectifying", "withdrawn"]

    def test_of_two_households_of_that_name_a_person_chooses(self, app: Flask, reporter: FlaskClient):
        with transaction(app.extensions["huitoukan"].engine) as connection:
            for number in ("1", "2"):
                connection.execute(tables.household.insert().values(
                    id=str(uuid4()), campaign_id="small", number=number, township_code=EAST, village_code=EAST_WILLOW,
                    householder="张某某", active=True, created_at=NOW, changed_at=NOW,
                ))  # fmt: skip
            vouch(connection, NOW)
        asked = file(reporter, HOUSEHOLD, asks=True, **ISSUE)
        assert asked.status_code == 409
        assert "是哪一户" in text_of(asked)
        chosen = str(page(asked).find_all("button", attrs={"name": "household-id"})[1]["value"])
        assert file(reporter, HOUSEHOLD, asks=True, **ISSUE, **{"household-id": chosen}).status_code == 303
        assert stored(app)[0]["household_id"] == chosen

    def test_a_household_of_no_list_is_shown_as_such(self, app: Flask, reporter: FlaskClient):
        shown = reporter.get(str(file(reporter, HOUSEHOLD, **ISSUE).location))
        assert "不在" in text_of(shown)
        assert stored(app, "household")[0]["listed"] is False


def test_a_household_proposed_twice_under_two_spellings_is_one(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
):
    first = file(reporter, PROPOSED, **{**FAMILY, "householder": "孙己河"})
    assert first.status_code == 303
    for spelling in ("孙 己河", "孙己河户", "孙己河（户主）"):
        again = {**FAMILY, "householder": spelling}
        asked = file(reporter, PROPOSED, asks=True, **again)
        assert asked.status_code == 409, spelling
        button = page(asked).find("button", attrs={"name": "same-as"})
        assert button is not None
        joined = file(reporter, PROPOSED, asks=True, **again, **{"same-as": str(button["value"])})
        assert joined.location == first.location
    assert (len(stored(app, "proposed_household")), stored(app, "possible_double")) == (1, [])
    assert [row["householder"] for row in stored(app, "household")] == ["孙己河"]


def test_another_unit_that_proposes_a_household_again_is_shown_the_first_and_joins_it(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
):
    first = file(reporter, PROPOSED, **{**FAMILY, "householder": "孙己河"})
    other, again = (
        signed_in(WATER, Role.REPORTER),
        {**FAMILY, "householder": "孙 己河（户主）", "people": "9"},
    )
    assert other.get(str(first.location)).status_code == 404
    asked = file(other, PROPOSED, asks=True, **again)
    assert (asked.status_code, page(asked).find("a", string="打开这一条看看")) == (409, None)
    said = " ".join(page(asked).find(class_="other-household").get_text(" ").split())  # type: ignore[union-attr]
    assert "孙己河" in said
    assert "登记单位 东河镇" in said
    button = page(asked).find("button", attrs={"name": "same-as"})
    sent = {**again, "record-id": str(uuid4()), "same-as": str(button["value"])}  # type: ignore[index]
    for _ in range(2):  # an answer that was lost: the same again
        assert file(other, PROPOSED, asks=True, **sent).location == first.location
    assert len(stored(app, "finding")) == len(stored(app, "proposed_household")) == 1
    assert "孙己河" in other.get(str(first.location)).text
    assert "孙己河" in other.get("/records/proposed-household/").text
    assert other.get(f"{first.location}/edit").status_code in {403, 404}
    assert "计入东河镇" in text_of(other.get(str(first.location)))
    assert "县水利局也登记过" in text_of(reporter.get(f"{first.location}/withdraw"))
    namesake = {**again, "is-different": "yes"}
    assert file(other, PROPOSED, asks=True, **namesake).status_code == 303
    households = {row["household_id"] for row in stored(app, "proposed_household")}
    assert len(households) == 2, "another household of that name, never the same one twice"


def test_what_a_withdrawal_takes_from_another_unit_is_told_until_it_is_recorded_again(
    app: Flask, reporter: FlaskClient, signed_in: SignedIn
):
    first = str(file(reporter, PROPOSED, **{**FAMILY, "householder": "孙己河"}).location)
    other, again = signed_in(WATER, Role.REPORTER), {**FAMILY, "householder": "孙己河"}
    same = {"same-as": first.rpartition("/")[2]}
    assert file(other, PROPOSED, asks=True, **again, **same).location == first
    office = signed_in(OFFICE, Role.OFFICE)
    told = "“县水利局”发现的已经记在“东河镇”登记的那一条里，而那一条撤销了"
    assert told not in text_of(office.get("/reconciliation/"))
    withdrawn = post(reporter, f"{first}/withdraw", reason="登记有误。", **{"base-version": "1"})
    assert withdrawn.status_code == 303
    assert told in text_of(office.get("/reconciliation/"))
    assert file(other, PROPOSED, asks=True, **again).status_code == 303
    assert told not in text_of(office.get("/reconciliation/"))
