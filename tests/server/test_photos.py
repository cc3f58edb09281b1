"""Photographs on an issue's page: kept once, bounded, seen by those who see the issue, removed by those who edit."""

import io
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from forms_server.access import Role
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.photos.photo_limits import MOST_A_SIDE, MOST_BYTES
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WATER, WEST
from tests.server.conftest import NOW
from tests.server.pages import text_of, token
from tests.server.pictures import jpeg, phone_photo
from tests.server.records import FAMILY, HOUSEHOLD, ISSUE, PROPOSED, file, page, stored, value_of
from tests.whole import vouch

SignedIn = Callable[..., FlaskClient]


def send(client: FlaskClient, record: str, *files: bytes, side: str = "before") -> TestResponse:
    """Upload files as the page's form does."""
    return upload(
        client, f"{record}/photos", {"csrf_token": token(client, "/password"), "side": side}, *files
    )


def upload(
    client: FlaskClient, address: str, typed: dict[str, str], *files: bytes, name: str = "照片{}.jpg"
) -> TestResponse:
    """Send a form with files."""
    return upload_files(client, address, typed, {"photos": list(files)}, name)


def upload_files(
    client: FlaskClient,
    address: str,
    typed: dict[str, str],
    files: Mapping[str, Sequence[bytes]],
    name: str = "照片{}.jpg",
) -> TestResponse:
    """Send a form with files by the name of their input."""
    parts = [
        (field, (name.format(number), data))
        for field, some in files.items()
        for number, data in enumerate(some, 1)
    ]
    # Not by the test client, which leaves a large body's temporary file open.
    body, content_type = encode_multipart_formdata([*typed.items(), *parts])
    return client.post(address, data=body, content_type=content_type)


def links(client: FlaskClient, record: str) -> list[str]:
    """The addresses of the photographs that a page shows."""
    return [link["href"] for link in page(client.get(record)).select(".photos li > a")]


def rows(app: Flask) -> list[dict[str, object]]:
    return stored(app, "photo")


def kept_files(app: Flask) -> list[Path]:
    return sorted((app.extensions["huitoukan"].config.home / "photos").glob("*/*"))


def actions(app: Flask) -> list[str]:
    with app.extensions["huitoukan"].engine.connect() as connection:
        of_photos = tables.audit.c.subject == "photo"
        query = select(tables.audit.c.action).where(of_photos).order_by(tables.audit.c.id)
        return list(connection.execute(query).scalars())


class TestUpload:
    def test_several_at_once_are_kept_and_shown(self, app: Flask, reporter: FlaskClient, record: str):
        answer = send(reporter, record, phone_photo(), jpeg("red"))
        assert (answer.status_code, answer.location) == (303, f"{record}#photos")
        assert "已保存整改前照片 2 张" in text_of(reporter.get(record))
        addresses = links(reporter, record)
        assert len(addresses) == 2
        sizes = [Image.open(io.BytesIO(reporter.get(address).data)).size for address in addresses]
        assert sorted(sizes) == [(300, 400), (400, 300)]
        assert Image.open(io.BytesIO(reporter.get(f"{addresses[0]}?size=small").data)).size != sizes[0]
        assert actions(app)[-2:] == ["add_photo", "add_photo"]
        assert "添加照片" in text_of(reporter.get(record))

    def test_before_and_after_stand_apart(self, reporter: FlaskClient, record: str):
        send(reporter, record, jpeg("red"))
        send(reporter, record, jpeg("red"), jpeg("blue"), side="after")
        boxes = page(reporter.get(record)).select(".evidence .card-box")
        assert [(box.h3.text, len(box.select("img"))) for box in boxes] == [("整改前", 1), ("整改后", 2)]

    def test_the_same_file_sent_again_is_one_photo(self, app: Flask, reporter: FlaskClient, record: str):
        for _ in range(2):
            assert send(reporter, record, phone_photo(), phone_photo()).status_code == 303
        assert (len(rows(app)), actions(app).count("add_photo")) == (1, 1)

    def test_files_lie_outside_of_the_web_and_are_the_servers_alone(
        self, app: Flask, reporter: FlaskClient, record: str
    ):
        send(reporter, record, phone_photo())
        [small, large] = kept_files(app)
        assert large.name.split(".")[0] == str(rows(app)[0]["sha256"])
        for path in (large, small):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert b"Secret" not in path.read_bytes()

    def test_there_is_room_for_so_many_a_side(self, app: Flask, reporter: FlaskClient, record: str):
        many = [jpeg(size=(20 + number, 20)) for number in range(MOST_A_SIDE + 1)]
        answer = send(reporter, record, *many)
        assert answer.status_code == 422
        assert f"“照片7.jpg”：整改前的照片最多 {MOST_A_SIDE} 张" in text_of(answer)
        assert len(rows(app)) == MOST_A_SIDE
        assert not page(answer).find(id="photos-before")
        assert send(reporter, record, many[-1], side="after").status_code == 303

    def test_what_is_no_photo_is_reported_and_the_others_are_kept(
        self, app: Flask, reporter: FlaskClient, record: str
    ):
        answer = send(reporter, record, jpeg("red"), b"<html>", jpeg("blue")[:-300])
        assert answer.status_code == 422
        words = text_of(answer)
        assert "“照片2.jpg”不是照片" in words
        assert "“照片3.jpg”已损坏" in words
        assert "已保存整改前照片 1 张" in words
        assert len(rows(app)) == 1

    def test_too_large_a_file_is_reported(self, app: Flask, reporter: FlaskClient, record: str):
        answer = send(reporter, record, jpeg() + bytes(MOST_BYTES))
        assert (answer.status_code, rows(app)) == (413, [])
        assert "“照片1.jpg”超过 15 MB" in text_of(answer)

    def test_too_much_at_once_is_reported(self, app: Flask, reporter: FlaskClient, record: str):
        answer = send(reporter, record, *[bytes(MOST_BYTES)] * 4)
        assert (answer.status_code, rows(app)) == (413, [])
        assert "超过了大小限制" in text_of(answer)

    @pytest.mark.parametrize("side", ["", "beside", "before\x00"])
    def test_a_side_that_there_is_not(self, app: Flask, reporter: FlaskClient, record: str, side: str):
        assert send(reporter, record, jpeg(), side=side).status_code == 400
        assert rows(app) == []

    def test_no_file_changes_nothing(self, app: Flask, reporter: FlaskClient, record: str):
        assert send(reporter, record).status_code == 303
        assert rows(app) == []

    def test_a_name_that_means_harm_is_only_words(self, reporter: FlaskClient, record: str):
        typed = {"csrf_token": token(reporter, "/password"), "side": "before"}
        answer = upload(reporter, f"{record}/photos", typed, b"x", name="<script>../../../etc/passwd")
        assert answer.status_code == 422
        assert "&lt;script&gt;../../../etc/passwd" in answer.text

    def test_households_have_none(self, reporter: FlaskClient):
        household = str(file(reporter, PROPOSED, **FAMILY).location)
        assert send(reporter, household, jpeg()).status_code == 404
        assert "佐证照片" not in text_of(reporter.get(household))

    @pytest.mark.parametrize("state", ["closed", "withdrawn"])
    def test_a_closed_issue_is_left_as_it_is(
        self, app: Flask, reporter: FlaskClient, record: str, state: str
    ):
        send(reporter, record, jpeg())
        with transaction(app.extensions["huitoukan"].engine) as connection:
            connection.execute(update(tables.issue).values(state=state))
            vouch(connection, NOW)
        assert send(reporter, record, jpeg("blue")).status_code == 409
        [address] = links(reporter, record)
        assert (
            reporter.post(f"{address}/remove", data={"csrf_token": token(reporter, "/password")}).status_code
            == 409
        )
        assert len(rows(app)) == 1
        assert not page(reporter.get(record)).select(".evidence form")


class TestReport:
    def test_photos_come_along_with_the_report(self, app: Flask, reporter: FlaskClient, record: str):
        html = page(reporter.get(f"{record}/report"))
        assert html.select_one("form[data-record-form]")["enctype"] == "multipart/form-data"
        answer = self._report(reporter, record, "已修好。", jpeg("red"), jpeg("blue"))
        assert answer.status_code == 303
        assert [row["side"] for row in rows(app)] == ["after", "after"]
        assert stored(app)[0]["state"] == "rectified"

    def test_what_was_sent_is_kept_although_the_outcome_is_missing(
        self, app: Flask, reporter: FlaskClient, record: str
    ):
        answer = self._report(reporter, record, "", jpeg("red"))
        assert answer.status_code == 422
        assert "已有整改后的照片 1 张" in text_of(answer)
        assert (len(rows(app)), stored(app)[0]["state"]) == (1, "rectifying")
        assert self._report(reporter, record, "已修好。").status_code == 303

    def test_a_bad_photo_stops_the_report_and_keeps_the_words(
        self, app: Flask, reporter: FlaskClient, record: str
    ):
        answer = self._report(reporter, record, "已修好。", b"no photo")
        assert answer.status_code == 422
        assert "“照片1.jpg”不是照片" in text_of(answer)
        assert value_of(page(answer), "outcome") == "已修好。"
        assert stored(app)[0]["state"] == "rectifying"

    @staticmethod
    def _report(client: FlaskClient, record: str, outcome: str, *files: bytes) -> TestResponse:
        html = page(client.get(f"{record}/report"))
        sent = {name: value_of(html, name) for name in ("csrf_token", "base-version")}
        sent |= {"outcome": outcome, "rectified_on": "2022-08-19"}
        return upload(client, f"{record}/report", sent, *files)


class TestWhoSees:
    @pytest.fixture
    def address(self, reporter: FlaskClient, record: str) -> str:
        send(reporter, record, phone_photo())
        return links(reporter, record)[0]

    def test_it_is_not_kept_by_browsers_nor_taken_for_a_page(self, reporter: FlaskClient, address: str):
        for query in ("", "?size=small"):
            headers = reporter.get(address + query).headers
            assert headers["Content-Type"] == "image/jpeg"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Content-Disposition"].startswith('inline; filename="before-')
            assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"

    @pytest.mark.parametrize(("unit", "village"), [(WEST, None), (WATER, None), (EAST, EAST_DAM)])
    def test_to_others_it_is_not_there(
        self, app: Flask, signed_in: SignedIn, record: str, address: str, unit: str, village: str | None
    ):
        other = signed_in(unit, Role.REPORTER, village)
        assert other.get(address).status_code == 404
        assert send(other, record, jpeg()).status_code == 404
        removal = {"csrf_token": token(other, "/password")}
        assert other.post(f"{address}/remove", data=removal).status_code == 404
        assert len(rows(app)) == 1

    def test_the_office_sees_and_changes_nothing(self, signed_in: SignedIn, record: str, address: str):
        office = signed_in(OFFICE, Role.OFFICE)
        assert office.get(address).status_code == 200
        assert send(office, record, jpeg()).status_code == 403
        assert not page(office.get(record)).select(".evidence form")

    def test_a_visitor_signs_in_first(self, client: FlaskClient, address: str):
        assert client.get(address).status_code == 303

    def test_it_belongs_to_its_issue(self, reporter: FlaskClient, address: str):
        other = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        photo_id = address.rsplit("/", 1)[1]
        assert reporter.get(f"{other}/photos/{photo_id}").status_code == 404
        assert reporter.get(f"{other}/photos/{uuid4()}").status_code == 404

    def test_a_file_that_was_lost_is_not_there(self, app: Flask, reporter: FlaskClient, address: str):
        for path in kept_files(app):
            path.unlink()
        assert reporter.get(address).status_code == 404

    def test_someone_bound_to_its_village_may_add(self, signed_in: SignedIn, record: str):
        bound = signed_in(EAST, Role.REPORTER, EAST_WILLOW)
        assert send(bound, record, jpeg()).status_code == 303


class TestRemoval:
    def remove(self, client: FlaskClient, address: str) -> TestResponse:
        return client.post(f"{address}/remove", data={"csrf_token": token(client, "/password")})

    def test_row_and_files_go(self, app: Flask, reporter: FlaskClient, record: str):
        send(reporter, record, jpeg("red"))
        [address] = links(reporter, record)
        for _ in range(2):
            assert self.remove(reporter, address).status_code == 303
        assert (rows(app), kept_files(app)) == ([], [])
        assert actions(app)[-2:] == ["add_photo", "remove_photo"]
        assert reporter.get(address).status_code == 404

    def test_files_stay_while_another_issue_has_the_same(
        self, app: Flask, reporter: FlaskClient, record: str
    ):
        other = str(file(reporter, HOUSEHOLD, **ISSUE).location)
        send(reporter, record, jpeg("red"))
        send(reporter, other, jpeg("red"))
        self.remove(reporter, links(reporter, record)[0])
        assert len(kept_files(app)) == 2
        assert reporter.get(links(reporter, other)[0]).status_code == 200
        self.remove(reporter, links(reporter, other)[0])
        assert kept_files(app) == []

    def test_what_was_removed_can_be_sent_again(self, app: Flask, reporter: FlaskClient, record: str):
        send(reporter, record, jpeg("red"))
        self.remove(reporter, links(reporter, record)[0])
        send(reporter, record, jpeg("red"))
        assert reporter.get(links(reporter, record)[0]).status_code == 200


def test_an_expired_session_keeps_the_words_and_says_that_files_are_to_be_sent_again(
    app: Flask, reporter: FlaskClient, record: str
):
    with transaction(app.extensions["huitoukan"].engine) as connection:
        connection.execute(tables.session.delete())
    typed = {"outcome": "已修好。", "base-version": "1"}
    answer = upload(reporter, f"{record}/report", typed, bytes(3_000_000))
    assert answer.status_code == 401
    assert "再传一次" in text_of(answer)
    assert "已修好。" in answer.text
