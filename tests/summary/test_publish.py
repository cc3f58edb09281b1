from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts import atomic_files
from build_scripts.atomic_files import NotPublished
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.pandas_summary import frame_of, summarise
from build_scripts.counting.summary_lines import AnnexTable
from build_scripts.summary.compiling import Compilation
from build_scripts.summary.publish import replace_folder, results, workbook_path
from checklist.model import Campaign
from tests.builders import EAST, WATER, WEST
from tests.summary.records import STATE


@pytest.fixture
def summary(campaign: Campaign) -> Summary:
    line = ("small", EAST, "income", 3, 2, 1, 1, 1, 4, 0)
    return summarise(frame_of([line], campaign), campaign)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_file_of_the_contract_is_written(summary: Summary, campaign: Campaign, tmp_path: Path) -> None:
    replace_folder(tmp_path / "a" / "out", results(Compilation(summary, STATE), campaign))
    assert set(files_below(tmp_path / "a" / "out")) == {
        "summary.csv", "published.json", "county.xlsx", "reconciliation.csv", "completeness.csv", "telephone.txt",
        f"units/{EAST}-东河镇.xlsx", f"units/{WEST}-西岭镇.xlsx", f"units/{WATER}-县水利局.xlsx",
        "handbook/summary/index.md",
        *(f"handbook/summary/{code}.md" for code in (EAST, WEST, WATER)),
    }  # fmt: skip
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"]


def test_two_runs_write_the_same_bytes(summary: Summary, campaign: Campaign) -> None:
    assert dict(results(Compilation(summary, STATE), campaign)) == dict(
        results(Compilation(summary, STATE), campaign)
    )


def test_the_last_results_are_replaced_wholly(tmp_path: Path) -> None:
    replace_folder(tmp_path / "out", iter([("summary.csv", b"1"), ("units/gone.xlsx", b"1")]))
    replace_folder(tmp_path / "out", iter([("summary.csv", b"2")]))
    assert files_below(tmp_path) == {"out/summary.csv": b"2"}


def test_what_breaks_off_leaves_the_last_results(tmp_path: Path) -> None:
    replace_folder(tmp_path / "out", iter([("summary.csv", b"1")]))

    def breaking_off() -> Iterator[tuple[str, bytes]]:
        yield "summary.csv", b"2"
        raise OSError(28, "No space left on device")

    with pytest.raises(NotPublished, match="写不进 .*磁盘满了"):
        replace_folder(tmp_path / "out", breaking_off())
    assert files_below(tmp_path) == {"out/summary.csv": b"1"}


def test_what_can_not_take_its_place_leaves_the_last_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(tmp_path / "out", iter([("summary.csv", b"1")]))
    rename = Path.rename

    def only_away(path: Path, target: Path) -> Path:
        if path.parent.name == "new":
            raise PermissionError(13, "in use")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", only_away)
    monkeypatch.setattr(atomic_files, "_exchange", lambda *_: False)  # as on a network's file system
    with pytest.raises(NotPublished, match="没有权限"):
        replace_folder(tmp_path / "out", iter([("summary.csv", b"2")]))
    assert files_below(tmp_path) == {"out/summary.csv": b"1"}


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "年终总结.docx").write_bytes(b"mine")
    with pytest.raises(NotPublished, match="年终总结.docx"):
        replace_folder(tmp_path, iter([("summary.csv", b"1")]))
    assert files_below(tmp_path) == {"年终总结.docx": b"mine"}


def test_a_file_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(NotPublished, match="out"):
        replace_folder(tmp_path / "out", iter([("summary.csv", b"1")]))


def test_a_units_name_becomes_a_files_name(summary: Summary) -> None:
    total = summary.units[0].total
    table = AnnexTable("jt", '县 交通/水利:局\\"?*<>|', (), total)
    assert workbook_path(table) == "units/jt-县交通水利局.xlsx"
