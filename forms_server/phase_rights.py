"""Who may do what in which phase (``inspection.yml``: ``rights``): never early, and late with a word about it.

Late work is not locked out: either everybody still does it and is told that it is late, or the sentence says who does.
"""

from datetime import date

from checklist.date_formats import short_day
from checklist.model import Campaign
from checklist.model.campaign import Phase
from checklist.model.inspection import LateWorkers, PhasedWork, PhaseRight
from forms_server.access import SIGNERS
from forms_server.desk import Desk, NotAllowed

_WORDS = {
    PhasedWork.ZERO_REPORT: "报零报告",
    PhasedWork.REGISTER: "登记自查的问题",
    PhasedWork.DRAW: "开封抽签",
    PhasedWork.SPOT: "到现场督导",
}


def permit_in_phase(desk: Desk, work: PhasedWork) -> None:
    """Raise NotAllowed where the phase has not come, or is over and others do the rest."""
    if sentence := refusal_in_phase(desk.campaign, work, desk.now.date(), signs=desk.account.role in SIGNERS):
        raise NotAllowed(sentence)


def refusal_in_phase(campaign: Campaign, work: PhasedWork, today: date, *, signs: bool) -> str:
    """Why an account may not do this today, and who may when; empty where it may.

    Args:
        campaign, work, today: what is asked.
        signs: whether the account is a principal's.
    """
    right, phase = _right(campaign, work), phase_of(campaign, work)
    if right is None or phase is None:
        return ""
    if today < phase.start and any(each.end < phase.start for each in campaign.notice.phases):
        return f"{_WORDS[work]}从{phase.name}（{short_day(phase.start)}起）开始，现在还不到。"
    if today > phase.end and right.late is LateWorkers.PRINCIPAL and not signs:
        return (
            f"{phase.name}{short_day(phase.end)}已经结束，现在{_WORDS[work]}由本单位主要负责人办，请他登录。"
        )
    return ""


def late_remark(campaign: Campaign, work: PhasedWork, today: date) -> str:
    """What a page says where the work is late and may still be done; empty otherwise."""
    phase = phase_of(campaign, work)
    if phase is None or today <= phase.end:
        return ""
    return f"{phase.name}{short_day(phase.end)}已经结束，现在{_WORDS[work]}照样收，办公室看得出是结束以后的。"


def phase_of(campaign: Campaign, work: PhasedWork) -> Phase | None:
    """The phase that something belongs to; None where the campaign does not say."""
    right = _right(campaign, work)
    return next((each for each in campaign.notice.phases if right and each.id == right.phase), None)


def _right(campaign: Campaign, work: PhasedWork) -> PhaseRight | None:
    rights = campaign.inspection.rights if campaign.inspection else ()
    return next((each for each in rights if each.work is work), None)
