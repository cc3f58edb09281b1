"""Registers of the invented county: one of assets, one of people who work, month by month."""

from datetime import date
from uuid import UUID, uuid5

from checklist.model import Campaign, Register
from forms_server.desk import Desk
from forms_server.registers import exemption_store, row_moves, row_store
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.exemption_store import ExemptionRequest
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_content import RowFiling
from tests.builders import WATER, small_campaign


def asset_register(**other: object) -> Register:
    """Assets: each has a code, a kind and a value; a disposed one ends."""
    return Register.model_validate(
        {
            "id": "asset",
            "version": 1,
            "kind": "register",
            "name": "资产登记台账",
            "title": "{unit}资产登记台账",
            "purpose": "一项资产一行。",
            "owner": WATER,
            "filled_by": ("townships",),
            "period": "event",
            "one_row_per": ("code",),
            "public": ("name", "kind_of_asset", "value"),
            "totals": ("value",),
            "states": (
                {"id": "in-use", "label": "在用"},
                {"id": "disposed", "label": "已处置", "ends": True},
            ),
            "fields": (
                {"id": "serial", "label": "序号", "type": "serial"},
                {"id": "township", "label": "乡镇", "type": "township"},
                {"id": "village", "label": "村", "type": "village"},
                {"id": "code", "label": "资产编号", "type": "text", "required": True, "max_length": 40},
                {"id": "name", "label": "资产名称", "type": "text", "required": True, "max_length": 60},
                {
                    "id": "kind_of_asset",
                    "label": "资产类别",
                    "type": "choice",
                    "required": True,
                    "choices": (
                        {"id": "operating", "label": "经营性资产", "aliases": ("经营性",)},
                        {"id": "welfare", "label": "公益性资产"},
                        {"id": "household", "label": "到户类资产"},
                    ),
                },
                {"id": "value", "label": "资产原值（元）", "type": "integer", "required": True, "min_value": 0,
                 "header_aliases": ("原值",)},
            ),
            **other,
        }
    )  # fmt: skip


def work_register(**other: object) -> Register:
    """People who work elsewhere, a row a month; their income is asked anew where a test says so."""
    return Register.model_validate(
        {
            "id": "work",
            "version": 1,
            "kind": "register",
            "name": "务工台账",
            "title": "{unit}{period}务工台账",
            "purpose": "一人一行，每月更新。",
            "owner": WATER,
            "filled_by": ("townships",),
            "period": "month",
            "one_row_per": ("village", "householder", "person"),
            "totals": ("income",),
            "fields": (
                {"id": "serial", "label": "序号", "type": "serial"},
                {"id": "village", "label": "行政村", "type": "village", "required": True},
                {
                    "id": "householder",
                    "label": "户主姓名",
                    "type": "text",
                    "required": True,
                    "max_length": 30,
                },
                {"id": "person", "label": "姓名", "type": "text", "required": True, "max_length": 30},
                {
                    "id": "state",
                    "label": "务工状态",
                    "type": "choice",
                    "required": True,
                    "choices": ({"id": "away", "label": "在外务工"}, {"id": "back", "label": "已返乡"}),
                },
                {"id": "place", "label": "务工所在地", "type": "text", "max_length": 40},
                {"id": "income", "label": "月收入（元）", "type": "integer", "min_value": 0},
            ),
            **other,
        }
    )


def upkeep_register(**other: object) -> Register:
    """What was seen at an asset: each row refers to the asset by its code."""
    return Register.model_validate(
        {
            "id": "upkeep",
            "version": 1,
            "kind": "register",
            "name": "管护台账",
            "title": "{unit}管护台账",
            "purpose": "看一次一行。",
            "owner": WATER,
            "filled_by": ("townships",),
            "fields": (
                {"id": "village", "label": "村", "type": "village"},
                {
                    "id": "asset",
                    "label": "资产编号",
                    "type": "reference",
                    "required": True,
                    "refers_to": "asset",
                },
                {"id": "found", "label": "情况", "type": "text", "required": True, "max_length": 60},
                {"id": "worth", "label": "资产原值（元）", "type": "integer"},
            ),
            "prefill": {"worth": "register:asset.value"},
            **other,
        }
    )


def campaign_with_registers() -> Campaign:
    """The invented county, whose townships keep both registers and whose water bureau answers for them."""
    campaign = small_campaign()
    groups = ({"id": "townships", "name": "各镇", "members": ("townships",)},)
    units = campaign.units.model_validate({**campaign.units.model_dump(), "groups": groups})
    return campaign.model_copy(
        update={"units": units, "registers": (asset_register(), work_register(), upkeep_register())}
    )


def keep_a_worker(desk: Desk) -> None:
    """A person who works elsewhere, in a household of the roster's first village of the account's unit."""
    register = desk.campaign.register_by_id["work"]
    register = register.model_copy(update={"filled_by": (desk.account.unit_code,)})
    village = desk.campaign.unit_by_code[desk.account.unit_code].villages[0].code
    values = {"village": village, "householder": "李某某", "person": "李某三", "state": "away", "started": "2022-02",
              "place": "江苏省昆山市"}  # fmt: skip
    row_id = str(uuid5(UUID(desk.account.id), "work"))
    row_store.create(desk, RowFiling(row_id, register, "2022-08", desk.account.unit_code, values))


def keep_an_asset(desk: Desk) -> RegisterRow:
    """An asset and its disposal, which is returned, of a campaign in whose groups the account's unit need not stand."""
    register = desk.campaign.register_by_id["asset"]
    register = register.model_copy(update={"filled_by": (desk.account.unit_code,)})
    values = {"code": "2019-1", "name": "食用菌大棚", "kind_of_asset": "operating", "value": 480000}
    row_id = str(uuid5(UUID(desk.account.id), "asset"))
    row = row_store.create(desk, RowFiling(row_id, register, "", desk.account.unit_code, values))
    return row_moves.move(desk, row, row.version, register.states[-1], "已经拆除")


def exempt_doubt(desk: Desk, row: RegisterRow) -> None:
    """A doubt of a row that somebody asks to leave."""
    check = next(each for each in row.register.checks if each.level == EXEMPTIBLE)
    asked = ExemptionRequest(
        str(uuid5(UUID(row.id), "exemption")), check, "", "已看过账目。", date(2023, 8, 31)
    )
    exemption_store.ask(desk, row, asked)
