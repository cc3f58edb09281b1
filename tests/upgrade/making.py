"""Makes what an installation of today's version leaves behind: its home and a backup, to be kept once it is released.

Run from the project's root, in a checkout of the released version:
``.venv/bin/python -m tests.upgrade.making tests/upgrade/0.1.0``. Running it twice gives identical files.
"""

import io
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pyotp
import xlsxwriter
from sqlalchemy import Connection, Engine, insert, select

from build_scripts.sampling.stratified_draw import DrawnKind
from build_scripts.settings import PROJECT
from checklist.china_time import ZONE
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from checklist.questions import Answers, QuestionKind
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.values.judge import Context
from checklist.values.responsible_units import unit_reader
from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import account_requests, account_store, known_devices, second_factor, sessions
from forms_server.accounts.account_requests import AccountChange
from forms_server.backup.backup_writer import make
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.demo.seed import seed
from forms_server.desk import Desk
from forms_server.imports.ledger_import import LedgerUpload
from forms_server.inspection import draw_replacing, draws
from forms_server.inspection.spot_list import looked_at
from forms_server.move_fields import EXTENSION, NEW_DEADLINE, WITHDRAWAL
from forms_server.packs import pack_standing
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_reencoding import Picture
from forms_server.photos.photo_store import Side, Upload, add, digest_of
from forms_server.records import drafts, late_entries, record_rows, village_zero_reports
from forms_server.records.late_entries import LateEntry, LateFile
from forms_server.records.move_making import make_move
from forms_server.records.opened_issues import note_opened
from forms_server.records.record import Filing, Record
from forms_server.records.record_store import create
from forms_server.reminders import calendar_feeds, mail_addresses
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import AUDIT_KEY, Config
from forms_server.state_moves import EXTEND, HAND_OVER, WITHDRAW
from tests.server.pictures import jpeg
from tests.small_registers import exempt_doubt, keep_a_worker, keep_an_asset
from tests.upgrade.desk_rows import keep_desk
from tests.upgrade.fixed_randomness import fixed_randomness

CHECKLIST = PROJECT / "checklist" / "2022-huitoukan"
PASSWORD = "qiu-shou-2022-ok"
DATABASE = "huitoukan.sqlite3"

# Of PASSWORD; each hashing would give another one.
_PASSWORD_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$21jQyD7MNCGG/+fyzcYIzA$/GG/rIrKpE17MJg3LnToxXGXMgftaNmi9DxSlYHRp50"
)
_TOWNSHIPS, _COUNTY_UNITS = 3, 6
"""Units that file: one for each fate of a return in the demonstration, and one that has not started."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def keep_version(out: Path) -> None:
    """Write ``home.zip``, ``backup.zip`` and ``summary.csv`` into a new folder."""
    out.mkdir(parents=True)
    campaign = load_campaign(CHECKLIST)
    with tempfile.TemporaryDirectory() as folder, fixed_randomness():
        home = Path(folder)
        (home / AUDIT_KEY).write_bytes(random.Random(AUDIT_KEY).randbytes(32))  # noqa: S311 - it guards nothing
        config = Config(checklist=CHECKLIST, home=home, database=f"sqlite:///{home / DATABASE}")
        engine = make_engine(config.database, config.audit_key())
        _fill(engine, home, campaign)
        moment = campaign.notice.deadline.at + timedelta(days=1)
        make(config, engine, campaign, out / "backup.zip", moment, lambda *_what, **_more: None)
        engine.dispose()
        _pack(home, out / "home.zip")
        _compile(home, out)


def _fill(engine: Engine, home: Path, campaign: Campaign) -> None:
    """The demonstration of a few units, and one of each kind that it lacks, such as a photograph and a draft."""
    now = campaign.notice.deadline.at + timedelta(hours=3)
    migrate(engine)
    with transaction(engine) as connection:
        seed(connection, _few_units(campaign), now, _PASSWORD_HASH)
        expect(connection, campaign, now)
        account = _account(connection, "reporter")
        desk = Desk(connection, campaign, account, now)
        _add_evidence(desk, home)
        _add_hand_in(desk)
        _withdraw_household(desk)
        _extend(Desk(connection, campaign, _account(connection, "principal"), now))
        _hand_over(desk)
        _look_alike(desk)
        _find_again(desk)
        _import_ledger(desk)
        _report_zero(desk)
        _draw(Desk(connection, campaign, _account(connection, "office"), now))
        _protect(Desk(connection, campaign, _account(connection, "office"), now))
        _send_late(Desk(connection, campaign, _account(connection, "village"), now))
        exempt_doubt(desk, keep_an_asset(desk))
        keep_a_worker(desk)
        _take_along(Desk(connection, campaign, _account(connection, "village"), now))
        sessions.start(connection, now, account.id, timedelta(days=7), "browser")
        mail_addresses.save(connection, now, account, "reporter@example.cn")
        calendar_feeds.renew(connection, now, account)
        keep_desk(Desk(connection, campaign, _account(connection, "office"), now))
        account_store.set_disabled(connection, now, None, _account(connection, "village"), disabled=True)


def _few_units(campaign: Campaign) -> Campaign:
    """The campaign as if only a few units filed: the records are those of the whole campaign, but fewer."""
    units = campaign.units
    few = units.model_copy(
        update={
            "townships": units.townships[:_TOWNSHIPS],
            "county_units": units.county_units[:_COUNTY_UNITS],
            "groups": (),
        }
    )
    # Made anew: a copy would keep what was found in all units.
    return Campaign(**{name: getattr(campaign, name) for name in Campaign.model_fields} | {"units": few})


def _add_evidence(desk: Desk, home: Path) -> None:
    """A photograph of each side, and a draft, of an issue that is still being rectified."""
    issue = _an_issue(desk)
    for side, colour in ((Side.BEFORE, "red"), (Side.AFTER, "green")):
        large, small = jpeg(colour, (64, 48)), jpeg(colour, (16, 12))
        add(desk, issue, side, Upload(digest_of(large), Picture(64, 48, large, small)), PhotoFiles(home))
    drafts.save(desk, drafts.EDIT, issue.form, issue.id, {"content": "还没写完的话"})


def _an_issue(desk: Desk) -> Record:
    form = next(form for form in desk.campaign.record_forms if form.kind == "issue")
    table = tables.issue
    first = select(table.c.id).where(
        table.c.unit_code == desk.account.unit_code, table.c.form_id == form.id, table.c.state == "rectifying"
    )
    return record_rows.get(desk, form, desk.connection.execute(first.order_by(table.c.id)).scalars().first())


def _extend(desk: Desk) -> None:
    """An issue whose deadline the unit's principal extends."""
    form = next(form for form in desk.campaign.record_forms if form.kind == "issue")
    table = tables.issue
    dated = select(table.c.id).where(
        table.c.unit_code == desk.account.unit_code,
        table.c.form_id == form.id,
        table.c.state == "rectifying",
        table.c.deadline.is_not(None),
    )
    found = desk.connection.execute(dated.order_by(table.c.id)).scalars().first()
    record = record_rows.get(desk, form, found)
    day = date(2022, 9, 30)
    answers = {NEW_DEADLINE.id: Deadline(DeadlineKind.DATE, day, day.isoformat()), EXTENSION.id: "连日下雨。"}
    make_move(desk, EXTEND, record, record.version, answers)


def _hand_over(desk: Desk) -> None:
    """An issue for which another unit is made responsible."""
    record = _an_issue(desk)
    read = unit_reader(desk.campaign).read(record.values.get("responsible_unit")).codes
    other = next(unit for unit in desk.campaign.filing_units if unit.code not in read)
    make_move(desk, HAND_OVER, record, record.version, {"handed_to": other.name, "reason": "按职责分工。"})


def _look_alike(desk: Desk) -> None:
    """An issue that was found after a finding, and that the office has opened."""
    record = _an_issue(desk)
    finding_id = desk.connection.execute(select(tables.inspection_finding.c.id).limit(1)).scalar_one()
    link = {
        "finding_id": finding_id,
        "issue_id": record.id,
        "linked_by": desk.account.id,
        "linked_at": desk.now,
    }
    desk.connection.execute(insert(tables.alike_issue).values(link))
    audit.record(desk.connection, desk.now, desk.account, "inspection_finding", finding_id, "alike")
    note_opened(desk, record)


def _add_hand_in(desk: Desk) -> None:
    """A figure of the unit's own annex 2."""
    unit_code, table = desk.account.unit_code, tables.handed_in_figure
    figure = {
        "campaign_id": desk.campaign.id, "unit_code": unit_code, "number": 3, "text": "3", "place": "附件2!D6",
        "problem_type_id": desk.campaign.problem_types[0].id, "column_id": "found",
        "handed_in_by": desk.account.id, "handed_in_at": desk.now,
    }  # fmt: skip
    desk.connection.execute(insert(table).values(figure))
    subject_id = f"{desk.campaign.id}/{unit_code}"
    audit.record(desk.connection, desk.now, desk.account, table.name, subject_id, "hand_in", {"cells": 1})


def _withdraw_household(desk: Desk) -> None:
    """Withdraw one of the proposed households; the demonstration leaves them all as they are."""
    form = next(form for form in desk.campaign.record_forms if form.kind == "household")
    table = tables.proposed_household
    found = desk.connection.execute(select(table).order_by(table.c.unit_code.desc(), table.c.id)).first()
    assert found is not None
    # The demonstration names the account of a unit by its code.
    own = replace(desk, account=_account(desk.connection, found.unit_code))
    make_move(own, WITHDRAW, record_rows.get(own, form, found.id), found.version, {WITHDRAWAL.id: "重复登记"})


def _find_again(desk: Desk) -> None:
    """A further finding of an issue, and another issue that was told apart from it."""
    issue = _an_issue(desk)
    for said in ({"same_as": issue.id}, {"different": True}):
        record_id = str(uuid5(UUID(issue.id), next(iter(said))))
        create(desk, Filing(record_id, issue.form, issue.unit_code, issue.values, **said))


def _import_ledger(desk: Desk) -> None:
    """A workbook that came in as a batch; what it left open was answered, and is remembered."""
    unit = desk.campaign.unit_by_code[desk.account.unit_code]
    header = "序号 村 户主姓名 户类型 问题类型 具体内容 整改措施 责任人 责任单位 整改时限 整改成效"
    issue = (
        f"1 {unit.villages[0].name} 岑某某 脱贫户 住房安全 屋面漏雨 换瓦 李某某 县住建局 2022.8.31 屋面已处理"
    )
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": desk.now})
        sheet = book.add_worksheet("户内")
        for number, words in enumerate((header, issue)):
            sheet.write_row(number, 0, words.split())
    answers = Answers({QuestionKind.OUTCOME.value: "done"})
    upload = LedgerUpload(
        Context(desk.campaign, unit, desk.now.date(), answers), desk.account, Clock(desk.now)
    )
    found = upload.plan(desk.connection, upload.read(stream.getvalue()))
    assert not found.errors, found.errors
    assert upload.store(desk.connection, found, "户内台账.xlsx", stream.getvalue())


def _report_zero(desk: Desk) -> None:
    """A village that found nothing under a problem type."""
    unit_code = desk.account.unit_code
    village = desk.campaign.unit_by_code[unit_code].villages[-1].code
    free = [
        each.problem_type_id
        for each in village_zero_reports.standings(desk.connection, desk.campaign, unit_code, village)
        if not each.found and not each.ticked
    ]
    village_zero_reports.save(desk, (unit_code, village), set(), {free[0]})


def _draw(desk: Desk) -> None:
    """A draw of what is inspected, one household of which is replaced."""
    draw_id, seed = str(uuid5(UUID(desk.account.id), "draw")), "a seed that guards nothing"
    draws.seal(desk, draw_id, seed)
    draws.open_and_draw(desk, draw_id, seed)
    drawn = draws.to_look_at(draws.read(desk, draw_id)).values()
    ids = [each.candidate.id for each in drawn if each.candidate.kind is DrawnKind.HOUSEHOLD]
    gone = next(each for each in ids if each not in looked_at(desk))
    draw_replacing.replace_household(desk, draw_id, gone, "全户外出务工。")


def _protect(desk: Desk) -> None:
    """A second factor with its codes, a browser that is known, and a change of an account that waits for two."""
    enrolment = second_factor.begin_enrolment(desk.connection, desk.account, "")
    code = pyotp.TOTP(enrolment.secret).at(desk.now.replace(tzinfo=ZONE))
    assert second_factor.confirm_enrolment(desk.connection, desk.now, desk.account, code)
    known_devices.remember_device(desk.connection, desk.account.id, "", "192.0.2.1", desk.now)
    principal = _account(desk.connection, "principal")
    account_requests.ask(desk.connection, desk.now, desk.account, AccountChange.RESET, principal)


def _send_late(desk: Desk) -> None:
    """What a browser sent after its account was disabled, with a photograph."""
    entry = LateEntry(
        id=str(uuid5(UUID(desk.account.id), "late")),
        title="户内问题",
        action="/records/annex-1-1/new",
        typed=[("content", "屋面漏雨")],
        typed_at=desk.now - timedelta(hours=2),
        files=[LateFile("photos", "屋面.jpg", jpeg("blue", (16, 12)))],
    )
    late_entries.hold(desk.connection, desk.campaign, desk.now, desk.account, entry)


def _take_along(desk: Desk) -> None:
    """A browser took households along."""
    pack_standing.take_along(desk, str(uuid5(UUID(desk.account.id), "pack")), "Chrome，安卓手机", 12)


def _account(connection: Connection, name: str) -> Account:
    account = account_store.find_by_name(connection, name)
    assert account is not None
    return account


def _pack(home: Path, file: Path) -> None:
    """The home's database, key and pictures, as a copy of the folder would hold them."""
    with sqlite3.connect(home / DATABASE) as database:
        database.execute("VACUUM INTO ?", (str(home / "copy"),))
    database.close()
    (home / "copy").replace(home / DATABASE)
    names = [
        Path(DATABASE),
        Path(AUDIT_KEY),
        *(path.relative_to(home) for path in home.glob("photos/*/*.jpg")),
    ]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            info = zipfile.ZipInfo(name.as_posix(), _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, (home / name).read_bytes())


def _compile(home: Path, out: Path) -> None:
    """What ``huitoukan summary`` counts."""
    environment = {**os.environ, "HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(CHECKLIST)}
    environment.pop("HUITOUKAN_DATABASE", None)
    summary = [sys.executable, "-m", "forms_server", "summary", "--interim"]
    subprocess.run(summary, env=environment, check=True, capture_output=True)
    (interim,) = (home / "summary").glob("summary-*.csv")
    (out / "summary.csv").write_bytes(interim.read_bytes())


if __name__ == "__main__":
    keep_version(Path(sys.argv[1]))
