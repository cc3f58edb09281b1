"""What pages, workbooks and the command line say of an exemption."""

from checklist.date_formats import full_day, full_moment
from forms_server.registers.exemption import ExemptionState, Lapse, StandingExemption


def lapse_words(lapse: Lapse) -> str:
    """Why an exemption lapsed: 数据改动（月收入；王某，2026年3月5日10:20）."""
    told = ["、".join(lapse.labels), f"{lapse.by}，{full_moment(lapse.at)}" if lapse.at else ""]
    inside = "；".join(each for each in told if each)
    return f"{lapse.cause.label}（{inside}）" if inside else lapse.cause.label


def standing_words(each: StandingExemption) -> str:
    """How one stands today, in one sentence, with who and when."""
    found = each.exemption
    if each.lapse:
        return f"豁免已失效：{lapse_words(each.lapse)}"
    asked = f"{found.asker}{full_day(found.asked_at)}申请"
    decided = f"{found.decider}{full_day(found.decided_at)}" if found.decided_at else ""
    return {
        ExemptionState.PENDING: f"{asked}豁免，待批准",
        ExemptionState.APPROVED: f"已豁免到{full_day(found.until)}：{found.reasons}（{asked}，{decided}批准）",
        ExemptionState.REFUSED: f"{asked}豁免，{decided}不同意",
        ExemptionState.WITHDRAWN: f"{asked}豁免，后来撤回",
        ExemptionState.LAPSED: f"{asked}豁免，已失效，后来重新申请",
    }[each.state]
