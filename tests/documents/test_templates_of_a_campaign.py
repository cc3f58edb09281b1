"""The office's own Word templates: made and listed by ``new``, checked by file and paragraph."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from build_scripts.authoring_commands import new
from build_scripts.check_command import check
from build_scripts.settings import PROJECT

SHIPPED = PROJECT / "checklist" / "2022-huitoukan"
KINDS = {"report", "circular", "reminder", "campaign-report", "inspection-circular", "urging-letter"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("campaigns") / "next-year"
    done = CliRunner().invoke(new, [str(folder), "--documents", "--checklist", str(SHIPPED)])
    assert done.exit_code == 0, done.output
    assert done.output.count("写好了") == len(KINDS)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "next-year"))


def write(folder: Path, kind: str, *paragraphs: str) -> None:
    path = folder / "documents" / f"{kind}.docx"
    document = Document(str(path)) if path.is_file() else Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))


def checked(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(check, ["--checklist", str(folder)])
    return done.exit_code, done.output


def test_new_writes_every_template_and_all_of_them_are_right(folder: Path) -> None:
    assert {path.stem for path in (folder / "documents").iterdir()} == KINDS
    assert checked(folder)[0] == 0


def test_in_a_folder_that_is_there_only_missing_templates_are_written(folder: Path) -> None:
    (folder / "documents" / "circular.docx").unlink()
    write(folder, "report", "我们自己的话。")
    own = (folder / "documents" / "report.docx").read_bytes()
    done = CliRunner().invoke(new, [str(folder), "--documents"])
    assert done.exit_code == 0, done.output
    lines = dict(line.split("\t")[::2] for line in done.output.splitlines())
    assert lines["documents/report.docx"] == "已有，没有动"
    assert lines["documents/circular.docx"] == "写好了"
    assert (folder / "documents" / "report.docx").read_bytes() == own


def test_the_office_s_own_templates_go_along_to_the_next_campaign(folder: Path, tmp_path: Path) -> None:
    write(folder, "circular", "我们自己的话。")
    done = CliRunner().invoke(new, [str(tmp_path / "in-two-years"), "--checklist", str(folder)])
    assert "公文模板带过来 6 个" in done.output
    kept = tmp_path / "in-two-years" / "documents" / "circular.docx"
    assert kept.read_bytes() == (folder / "documents" / "circular.docx").read_bytes()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("共{{ 共排查问题 }}个。", "里没有“共排查问题”这个词；请改成说明里有的词，是不是 共排查问题数"),
        ("{%p for 行 in 各单 %}", "里没有“各单”这个词"),
        ("{% if 逾期数 > %}有{% endif %}", "花括号里的写法读不懂"),
    ],
)
def test_a_wrong_word_is_named_by_file_and_paragraph(folder: Path, text: str, said: str) -> None:
    write(folder, "urging-letter", text)
    document = Document(str(folder / "documents" / "urging-letter.docx"))
    code, output = checked(folder)
    assert code == 1
    (line,) = [line for line in output.splitlines() if "urging-letter.docx" in line]
    assert said in line
    assert f"（{text}）" in line
    assert len(document.paragraphs) > 1


def test_loops_and_the_words_of_a_report_s_parts_are_no_wrong_words(folder: Path) -> None:
    write(folder, "circular", "{%p for 行 in 各单位 %}", "{{ 行.名称 }}{{ loop.index }}", "{%p endfor %}")
    write(folder, "report", "{% set 甲 = 共排查问题数 %}{{ 甲 }}")
    assert checked(folder)[0] == 0


def test_files_that_are_no_template_are_named(folder: Path) -> None:
    (folder / "documents" / "circular.docx").write_bytes(b"PK no document")
    write(folder, "tongbao", "通报")
    code, output = checked(folder)
    assert code == 1
    assert "documents/circular.docx:1:1: 不是 Word 文件" in output
    assert "documents/tongbao.docx:1:1: 没有这个名字的公文；文件名请用" in output
