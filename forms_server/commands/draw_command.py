"""``huitoukan draw``: repeats draws from their seeds and lists."""

import click

from forms_server.commands.opened_home import open_database, plain_errors, read_campaign, read_config


@click.group(help="督导抽样：核验抽出来的和种子、名单是否一致。")
def draw() -> None:
    """The draws."""


@draw.command(help="用公开的种子和名单把抽签和换户重做一遍；有对不上的，逐行指出，退出码为 1。服务不用停。")
@click.option("--number", type=int, help="只核验第几次抽样；不写就是全部。")
def verify(number: int | None) -> None:
    """Repeat every draw."""
    from sqlalchemy import select

    from forms_server.db.engine import snapshot
    from forms_server.db.tables import draw as draws
    from forms_server.inspection.draw_verifying import faults

    bad = 0
    with plain_errors():
        config = read_config()
        campaign = read_campaign(config)
        engine = open_database(config)
        with snapshot(engine) as connection:
            query = select(draws).where(draws.c.campaign_id == campaign.id).order_by(draws.c.number)
            rows = connection.execute(query).mappings().all()
            for row in rows:
                if number not in {None, row["number"]}:
                    continue
                if row["seed"] is None:
                    click.echo(f"第 {row['number']} 次抽样还没有开封。校验值 {row['seed_sha256']}")
                    continue
                found = list(faults(connection, row))
                bad += len(found)
                for sentence in found:
                    click.echo(f"第 {row['number']} 次抽样：{sentence}")
                if not found:
                    said = f"第 {row['number']} 次抽样和种子、名单一致，换户也是依次的。"
                    click.echo(f"{said}名单校验值 {row['list_sha256']}")
    if bad:
        raise click.ClickException(f"有 {bad} 处对不上。请保留现场，用备份和审计记录核对。")
    if not rows:
        click.echo("还没有抽过样。")
