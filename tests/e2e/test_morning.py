"""A morning of the office: 44 mails in one zip, then the county's workbook, the circular, the messages and the handbook.

All of them say the same figures.
"""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Unit
from forms_server.access import Role
from forms_server.accounts import account_store
from forms_server.cli import main
from forms_server.db.engine import make_engine, transaction
from forms_server.desk import Desk
from forms_server.reminders import urging_texts
from forms_server.server_settings import Config
from tests.ledgers.test_attachments import ledger
from tests.ledgers.test_mail_attachments import packed
from tests.ledgers.test_shipped import SHIPPED
from tests.records.builders import MORNING

Run = Callable[..., str]


def _workbook_says_so(out: Path, campaign: Campaign) -> None:
    (path,) = out.glob("details*.xlsx")
    sheet = next(each for each in load_workbook(path, data_only=True) if each.title.startswith("各单位"))
    rows = [
        row for row in sheet.iter_rows(values_only=True) if row[0] in {u.name for u in campaign.filing_units}
    ]
    assert len(rows) == len(campaign.filing_units)
    assert sum(row[1] for row in rows) == 33
    assert "中间数字" in sheet.title
    assert "截至" in " ".join(str(row[0]) for row in sheet.iter_rows(max_row=3, values_only=True))


def _circular_says_so(run: Run, folder: Path) -> None:
    run("document", "circular", "--date", "2022-08-26", "--out", str(folder / "通报.docx"))
    document = Document(str(folder / "通报.docx"))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "应报单位44个" in said
    assert "共排查出问题33个，已整改33个，正在整改0个，整改率100%。" in said
    assert "还没有报送的44个" in said
    units = document.tables[0].rows
    assert sum(int(row.cells[1].text) for row in units[1:-1] if row.cells[1].text.isdigit()) == 33
    assert "张某某" not in said


def _messages_say_so(config: Config, campaign: Campaign) -> None:
    with make_engine(config.database, config.audit_key()).connect() as connection:
        office = account_store.all_accounts(connection)
        desk = Desk(connection, campaign, next(each for each in office if each.role is Role.OFFICE), MORNING)
        every = urging_texts.urgings(desk)
    owing = [each for each in every if each.facts]
    assert len(owing) == 44
    assert sum("还没有开始填报" in each.facts for each in owing) == 44 - 33
    assert [each.unit for each in every if not each.has_account] == list(campaign.filing_units[36:])
    said = urging_texts.group_message(desk, owing)
    assert "还有 44 个单位有事要办" in said
    assert "张某某" not in said


def _handbook_says_so(run: Run, out: Path, site: Path) -> None:
    run("handbook", "build", "--out", str(site))
    (page,) = site.rglob("summary/index.html")
    html = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    total = html.select_one("tr.total")
    assert total is not None
    assert [cell.text for cell in total.find_all("td")][:3] == ["33", "33", "0"]
    assert "中间数字" in html.title.text  # type: ignore[union-attr]
    assert out.is_dir()


def _make_accounts(config: Config, units: Sequence[Unit]) -> None:
    with transaction(make_engine(config.database, config.audit_key())) as connection:
        for unit in units:
            new = account_store.NewAccount(unit.code, unit.code, Role.REPORTER, None, unit.name)
            account_store.add(connection, MORNING, None, new, "-", must_change_password=False)


def _mails(campaign: Campaign, units: Sequence[Unit]) -> list[tuple[str, bytes]]:
    """33 ledgers of a row each, 6 files that are none, 3 of whose unit the names contradict, 2 doubled."""
    places = [unit if unit.villages else campaign.units.townships[0] for unit in units]
    books = [
        (f"{unit.name}附件1-1.xlsx", ledger(place.name, place.villages[0].name, line=unit.name))
        for unit, place in zip(units, places, strict=True)
    ]
    right = books[:33]
    broken = [
        ("空.xlsx", b""),
        ("断.xlsx", right[0][1][:400]),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n"),
        ("网页.xls", b"<html><table></table></html>"),
        ("文字.xlsx", "不是表".encode()),
        ("乱.xlsx", b"PK\x03\x04" + b"\0" * 50),
    ]
    wrong = [(f"{units[0].name}（{n}）.xlsx", data) for n, (_, data) in enumerate(books[33:])]
    doubled = [(f"再发 {name}", data) for name, data in right[:2]]
    return [*right, *broken, *wrong, *doubled]


def test_forty_four_mails_in_one_morning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """33 ledgers, 6 broken files, 3 of the wrong unit, 2 doubled: right figures and nine named faults."""
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path))
    monkeypatch.delenv("HUITOUKAN_DATABASE", raising=False)

    def run(*words: str, code: int = 0, typed: str | None = None) -> str:
        result = CliRunner().invoke(main, words, input=typed)
        assert result.exit_code == code, result.output
        return result.stdout

    run("init")
    campaign = load_campaign(SHIPPED)
    units = campaign.filing_units[:36]
    url = f"sqlite:///{tmp_path}/huitoukan.sqlite3"
    config = Config(checklist=SHIPPED, home=tmp_path, database=url)
    _make_accounts(config, units)
    source = tmp_path / "上午.zip"
    source.write_bytes(packed(_mails(campaign, units)))
    said = json.loads(run("ledger", "collect", str(source), "--json", code=1))
    standings = [each["standing"] for each in said["files"]]
    counted = {each: standings.count(each) for each in set(standings)}
    assert counted == {"done": 33, "unreadable": 6, "no-unit": 3, "repeated": 2}
    faults = [each for each in said["files"] if each["standing"] in {"unreadable", "no-unit"}]
    assert len(faults) == 9
    assert all(each["said"] and each["said"][0] for each in faults)
    assert len(said["silent"]) == 44 - 33
    run("summary", "--interim")
    out = tmp_path / "summary"
    (table,) = out.glob("summary*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit_code"] in {unit.code for unit in units}]
    found = {}
    for row in rows:
        found[row["unit_code"]] = found.get(row["unit_code"], 0) + int(row["found"] or 0)
    assert found == {unit.code: int(number < 33) for number, unit in enumerate(units)}
    _workbook_says_so(out, campaign)
    _circular_says_so(run, tmp_path)
    _messages_say_so(config, campaign)
    _handbook_says_so(run, out, tmp_path / "site")
    again = json.loads(run("ledger", "collect", str(source), "--json", code=1))
    assert [each["standing"] for each in again["files"]].count("done") == 33, "the same mails again"
