"""What an account may do to a record, and who may where it may not."""

from checklist.model import Campaign
from checklist.values.responsible_units import unit_reader
from forms_server.access import JUDGING, Action, Involved, may_write
from forms_server.account import Account
from forms_server.actions import RECTIFYING
from forms_server.records.finding_claims import NOT_WITHDRAWN
from forms_server.records.issue_units import UNITS_TEXT
from forms_server.records.record import Record
from forms_server.responsibility import answering


def involved(campaign: Campaign, record: Record) -> Involved:
    """Who besides the filing unit has to do with a record."""
    if record.form.kind != "issue":
        return Involved()
    named = unit_reader(campaign).read(record.values.get(UNITS_TEXT)).codes
    return Involved(
        answering(campaign, record.problem_type_id, record.item_id),
        {code for code in (*named, record.township_code) if code},
        record.reported_by,
        record.reporting_unit_code,
        record.finding_number is not None,
        record.handed_to if record.handed_to in named else None,
    )


def may_do(account: Account, action: Action, campaign: Campaign, record: Record) -> bool:
    """Whether the account may do this to the record, whatever the record's state."""
    return may_write(account, action, record.unit_code, record.village_code, involved(campaign, record))


def refusal(account: Account, action: Action, campaign: Campaign, record: Record) -> str:
    """Why the account may not do it, and who may."""
    if action in JUDGING:
        return _not_judge(account, campaign, record)
    if action in RECTIFYING:
        what = "报告已整改" if action is Action.REPORT else "申请延期"
        return f"这一条不由您的账号{what}：由登记的单位、问题所在的乡镇或者责任单位办。"
    if action in _REFUSALS:
        return _REFUSALS[action]
    if action is Action.WITHDRAW and record.finding_number:
        return NOT_WITHDRAWN
    bound = account.village_code and account.unit_code == record.unit_code
    return "您的账号只能填报本村（居）的问题。" if bound else "您的账号不能填报或修改这一条。"


_REFUSALS = {
    Action.TURN_BACK: "这一条没有转给您的单位，或者您的单位已经退回过一次、已经办了，不能再退回。",
    Action.TRANSFER: "这一条不由您的账号转办：由登记单位（不限于一个村的账号）或者办公室转办、请协办。",
    Action.RESTORE: "已经撤销的由办公室取回。",
}


def _not_judge(account: Account, campaign: Campaign, record: Record) -> str:
    known = involved(campaign, record)
    reporting = known.reporting_unit or record.unit_code
    county = {unit.code for unit in campaign.units.county_units}
    judges = [code for code in sorted({record.unit_code, *known.answering} & county) if code != reporting]
    names = "、".join(campaign.unit_by_code[code].name for code in judges)
    who = f"由{names}的行业部门账号或办公室" if names else "由办公室"
    own = account.unit_code == reporting
    why = "这一条是本单位报告已整改的，谁整改谁不能销号" if own else "这一条不由您的账号销号或退回"
    return f"{why}：{who}销号或退回。"
