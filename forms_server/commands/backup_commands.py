"""``huitoukan backup`` and ``huitoukan restore``."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from build_scripts.atomic_files import trouble
from build_scripts.progress import followed
from checklist.date_formats import full_moment
from forms_server.clock import Clock
from forms_server.commands.audit_command import fault_words
from forms_server.commands.backup_secrets import lock_for_backup, opener_for_restore
from forms_server.commands.opened_home import (
    only_here,
    open_database,
    plain_errors,
    private_files,
    read_campaign,
    read_config,
    require_home,
)
from forms_server.server_settings import AUDIT_KEY, Config

if TYPE_CHECKING:
    from forms_server.backup.age_format import Lock

_THERE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    help="把全部数据备份成一个文件 FILE：账号、台账、报送、审计、照片、清单。服务不用停。"
    "设置了 backup_passphrase 的用口令加密、设置了 backup_recipients 的用公钥加密（age 格式），审计密钥也在里面；"
    "没有设置的不加密，里面没有审计密钥。比上次备份少了记录的，先说明、不备份。"
)
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="不写 FILE 时写到哪个文件夹，默认用设置里的 backups。按时间起名，"
    "并删去过时的：每天一份留两周，每周一份留两个月，每月一份留一年",
)
@click.option("--even-if-fewer", is_flag=True, help="记录比上次备份时少了，也照样备份")
@click.option("--ask", is_flag=True, help="当场输入口令，用它加密")
def backup(file: Path | None, into: Path | None, even_if_fewer: bool, ask: bool) -> None:
    """Make a backup while the server runs."""
    from forms_server.backup.backup_generations import file_of, remove_outdated

    if file and into:
        raise click.UsageError("FILE 和 --into 只写一样")
    with plain_errors(), _plain_refusals():
        config = read_config()
        now = Clock(config.now).now()
        lock = lock_for_backup(config, ask=ask)
        folder = into or config.backups
        if file is None and into is None:
            require_home(config)
            folder.mkdir(mode=0o700, exist_ok=True)
        target = file or folder / file_of(now, encrypted=lock is not None)
        _back_up(config, target, now, lock, even_if_fewer=even_if_fewer)
        removed = 0 if file else remove_outdated(folder)
    if removed:
        click.echo(f"删去了 {removed} 份过时的备份。")


def _back_up(config: Config, file: Path, now: datetime, lock: "Lock | None", *, even_if_fewer: bool) -> None:
    # Lazy import: ``--help`` must not load the database's libraries.
    from forms_server.audit_witness import note
    from forms_server.backup.backup_history import AUDIT, LASTING, count_rows, note_backup
    from forms_server.backup.backup_writer import make
    from forms_server.db.engine import database_name, snapshot
    from forms_server.imports.uploads import Uploads

    campaign, engine = read_campaign(config), open_database(config)
    with only_here(engine, config.home, "backup"), followed() as tell:
        Uploads(config.files).sweep()
        with snapshot(engine) as connection:
            counts = count_rows(connection)
            note(config.witness, connection, now)
        if not even_if_fewer:
            _refuse_fewer(config, counts)
        try:
            made = make(config, engine, campaign, file, now, tell, lock)
        except FileExistsError as error:
            raise click.ClickException(f"已经有 {file} 这个文件，请换一个文件名") from error
        except OSError as error:
            raise click.ClickException(trouble(error, file)) from error
        rows = made.manifest.rows_of
        note_backup(config.home, now, {name: rows(name) for name in (*LASTING, AUDIT)})
    click.echo(
        f"已把数据库 {database_name(config.database)} 备份到 {file}：{rows('account')} 个账号，"
        f"{rows('issue')} 条问题，{rows('proposed_household')} 户拟识别，{rows('signed_return')} 份报送，"
        f"{rows('photo')} 张照片，审计 {made.manifest.audit_rows} 行"
    )
    click.echo(_PLAIN if lock is None else _BY_WORDS if isinstance(lock, str) else _BY_KEY)
    for name in made.missing:
        click.echo(f"（请留意）记录里有、目录里没有的照片：{name}", err=True)
    if made.fault:
        click.echo(f"（请留意）{fault_words(made.fault)}", err=True)


_BY_WORDS = "文件是加密的，没有口令打不开：口令请另外记好，文件请另存一处。"
_BY_KEY = "文件是用公钥加密的，没有密钥文件打不开：密钥文件请另外锁好，备份请另存一处。"
_PLAIN = (
    "文件没有加密，里面有个人信息：请另存一处、妥善保管，不要用邮件或微信传。审计密钥不在里面，"
    f"请把数据目录里的 {AUDIT_KEY} 另存一处，换机器恢复时要用。"
    "要加密，设置 backup_passphrase 或者 backup_recipients，或者加 --ask。"
)


def _refuse_fewer(config: Config, counts: Mapping[str, int]) -> None:
    """Refuse a database that has lost records since the home's last backup: it may be another, or damaged."""
    from forms_server.backup.backup_history import last_backup, lost
    from forms_server.db.engine import database_name

    before = last_backup(config.home)
    fewer = lost(before, counts) if before else []
    if before and fewer:
        raise click.ClickException(
            f"没有备份：数据库 {database_name(config.database)} 比上次备份（{full_moment(before.made_at)}）时少了，"
            f"{'，'.join(fewer)}。请核对设置里的数据库（huitoukan doctor 会显示），以前的备份不要删；"
            "确实应当少了的，加 --even-if-fewer 再备份"
        )


@click.command(help="用 huitoukan backup 写出的 FILE 恢复数据。先停服务；换下来的数据另存一处，不会删。")
@click.argument("file", type=_THERE)
@click.option("--yes", is_flag=True, help="不再询问")
@click.option("--passphrase", type=_THERE, help="存着备份口令的文件；不写的，用设置里的，没有就当场输入")
@click.option(
    "--identity", type=_THERE, help="用公钥加密的备份：打开它的密钥文件（huitoukan backup-key 写的）"
)
@click.option(
    "--key", type=_THERE, help=f"没有加密的备份：做备份那台机器的 {AUDIT_KEY}；这台机器上的就是它的，不用写"
)
@click.option(
    "--new-key", is_flag=True, help="审计密钥找不回来了，换一把新的：以前的审计和签字再也不能证明没有改过"
)
def restore(
    file: Path, yes: bool, passphrase: Path | None, identity: Path | None, key: Path | None, new_key: bool
) -> None:
    """Restore a backup: the state that it holds takes the place of what is there."""
    from forms_server.backup.backup_archive import reading
    from forms_server.backup.backup_history import forget_backup
    from forms_server.backup.restore import key_of, look, require_fitting
    from forms_server.backup.restore import restore as put_back
    from forms_server.commands.mask_command import tell_masked
    from forms_server.db.engine import transaction
    from forms_server.home_lock import alone
    from forms_server.record_verification import needs_seal, seal_records
    from forms_server.stored_number_masking import mask_stored

    with plain_errors(), _plain_refusals():
        config = read_config()
        campaign = read_campaign(config)
        opener = opener_for_restore(config, file, passphrase, identity)
        with alone(config.home), reading(file, opener) as reader:
            manifest = reader.manifest
            sealed_with = None if new_key else key_of(config, reader, key.read_bytes() if key else None)
            current = look(config, manifest)
            require_fitting(config, campaign.id, reader, current, sealed_with)
            click.echo(
                f"备份做于 {full_moment(manifest.made_at)}：{manifest.rows_of('account')} 个账号，"
                f"{manifest.rows_of('issue')} 条问题，{manifest.rows_of('proposed_household')} 户拟识别，"
                f"{manifest.rows_of('photo')} 张照片"
            )
            for sentence in _standing(current.there, current.readable, current.changes_since):
                click.echo(sentence)
            if current.there and not yes:
                click.confirm("继续恢复吗？", abort=True)
            with private_files(), followed() as tell:
                now = Clock(config.now).now()
                done = put_back(config, reader, current, now, tell, sealed_with)
                forget_backup(config.home)
                with transaction(open_database(config)) as connection:
                    if needs_seal(manifest.revision):
                        seal_records(connection, now)
                    hidden = mask_stored(connection, now)
    click.echo("已恢复。所有人都要重新登录；备份以后改过的密码、停用的账号，请重新核对。")
    tell_masked(hidden)
    if done.campaign:
        beside = (
            "：设置里的 checklist 指明了另一个文件夹，没有动它，请自行核对" if config.names_checklist else ""
        )
        click.echo(f"备份里的清单在 {done.campaign}{beside}。")
    if done.aside:
        click.echo(f"换下来的数据在 {done.aside}，核对无误后再自行删除。")
    if done.fault:
        click.echo(f"（请留意）{fault_words(done.fault)}", err=True)


def _standing(there: bool, readable: bool, since: int | None) -> Iterator[str]:
    """Describe the current data in sentences."""
    if not there:
        return
    if not readable:
        yield "现在的数据库已损坏，读不出来。"
    elif since is None:
        yield "现在的数据不是从这份备份接着来的。"
    elif since:
        yield f"备份以后又有 {since} 次改动，恢复后看不到这些改动。"
    yield "现在的数据会换下来另存，不会删。"


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """Convert errors of backup and restore into a single message."""
    from forms_server.backup.backup_manifest import UnusableBackup

    try:
        yield
    except UnusableBackup as error:
        raise click.ClickException(str(error)) from error
