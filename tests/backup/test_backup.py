"""Backups are complete and a consistent snapshot."""

import stat
import zipfile

import pytest

from forms_server.backup.backup_archive import reading
from forms_server.photos.photo_files import PhotoFiles
from tests.backup.county import CAMPAIGN, PICTURE


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_what_was_backed_up_comes_back_row_for_row_into_either_database(county, new, target, tmp_path):
    made = county.backup(tmp_path / "b.zip")
    assert (made.photos, made.missing, made.fault) == (2, (), None)
    other = new(target)
    restored = other.restore(tmp_path / "b.zip")
    assert (restored.aside, restored.fault) == ("", None)
    assert other.rows() == county.rows()
    assert other.chain_is_whole()
    name = county.rows()["photo"][0]["sha256"]
    files = PhotoFiles(other.config.home)
    assert files.path(name).read_bytes() == PICTURE.large
    assert files.path(name, small=True).read_bytes() == PICTURE.small
    with other.started() as again:
        again.change("恢复以后又登记的")
        assert again.chain_is_whole()


def test_nobody_is_signed_in_again_by_a_restored_session(county, tmp_path):
    county.backup(tmp_path / "b.zip")
    assert "tables/session.jsonl" not in zipfile.ZipFile(tmp_path / "b.zip").namelist()


def test_what_is_filed_while_it_is_made_is_in_it_whole_or_not_at_all(county, new, kind, tmp_path):
    def meanwhile(*what, **_more):
        if what:  # a part begins
            county.change(str(what[0]))

    before = county.rows()
    county.backup(tmp_path / "b.zip", meanwhile)
    assert len(county.issues()) > 1
    other = new(kind)
    other.restore(tmp_path / "b.zip")
    assert other.rows() == before


def test_a_picture_that_is_removed_meanwhile_is_in_it(county, tmp_path):
    name = county.rows()["photo"][0]["sha256"]

    def remove(*what, **_more):
        PhotoFiles(county.config.home).remove(name)

    assert county.backup(tmp_path / "b.zip", remove).missing == ()
    with reading(tmp_path / "b.zip") as reader:
        assert reader.content(f"photos/{name[:2]}/{name}.jpg") == PICTURE.large


def test_pictures_that_are_gone_are_named(county, tmp_path):
    name = county.rows()["photo"][0]["sha256"]
    PhotoFiles(county.config.home).path(name).unlink()
    assert county.backup(tmp_path / "b.zip").missing == (f"{name}.jpg",)


def test_a_backup_is_its_owners_alone_and_never_takes_anothers_place(county, tmp_path):
    county.backup(tmp_path / "b.zip")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    first = (tmp_path / "b.zip").read_bytes()
    with pytest.raises(FileExistsError):
        county.backup(tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "home-0"]
    assert not list(county.config.home.glob(".backing-up-*"))


def test_what_is_there_is_seen_before_anything_is_written(county, tmp_path, monkeypatch):
    (tmp_path / "b.zip").touch()
    monkeypatch.setattr("forms_server.backup.backup_writer.writing", None)
    with pytest.raises(FileExistsError):
        county.backup(tmp_path / "b.zip")


def test_it_is_made_and_restored_on_a_disk_without_links(county, tmp_path, without_links):
    county.backup(tmp_path / "b.zip")
    rows = county.rows()
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "home-0"]
    county.change("备份以后登记的")
    county.engine.dispose()
    assert county.restore(tmp_path / "b.zip").aside
    assert county.rows() == rows


def test_a_broken_hash_chain_is_reported_and_backed_up_all_the_same(county, new, kind, tmp_path):
    with county.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET action = 'other' WHERE id = 2")
    assert county.backup(tmp_path / "b.zip").fault.row == 2
    assert new(kind).restore(tmp_path / "b.zip").fault.row == 2


def test_it_says_what_it_holds(county, tmp_path):
    manifest = county.backup(tmp_path / "b.zip").manifest
    assert (manifest.campaign_id, manifest.rows_of("issue"), manifest.rows_of("photo")) == (CAMPAIGN.id, 1, 1)
    with reading(tmp_path / "b.zip") as reader:
        assert reader.manifest == manifest
