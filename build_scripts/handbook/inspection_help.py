"""How supervision on the spot goes in the system, on the page of its phase; and what else becomes of an issue."""

from collections.abc import Iterator, Mapping

from build_scripts.handbook.markdown import bullets, heading, plain
from checklist.model import Campaign
from checklist.model.campaign import Phase
from checklist.states import MOVE_NAMES


def inspection_help(campaign: Campaign, phase: Phase) -> Iterator[str]:
    """What teams, units and the office do in the system; nothing on the page of another phase."""
    if phase != campaign.supervision:
        return
    yield heading(2, plain("系统里怎么做"), "in-the-system")
    for anchor, name, steps in (
        ("team", "督导组", _team(campaign)),
        ("inspected-unit", "被督导的单位", _unit(campaign)),
        ("supervising-office", "办公室", _office(campaign.counter)),
    ):
        yield heading(3, plain(name), anchor)
        yield bullets(plain(each) for each in steps)


def _team(campaign: Campaign) -> Iterator[str]:
    counter = campaign.counter
    yield "“督导”里的名单从到单位的第一天起才看得到，到户以前不告诉单位和村。"
    yield "没有网络的地方，先在“外带包”里带走；表、核实和照片都先存在手机上，有网络了自动发送。"
    yield (
        f"一{counter}一张表，照现场看到的选；名单上的{counter}，表保存以前看不到单位自查的结果"
        "（台账、排查、查找、下载、外带包里都没有），它报了已整改的也先填表、再核实。"
        "有问题的写下看到的、拍照，随表记入被督导单位的台账。"
    )
    yield "报告了已整改的到现场核实：属实、未改到位、虚假整改或无法核实，附现场照片。不属实的退回正在整改，算反弹。"
    yield f"去不成的按抽签次序递补，写明理由；名单以外的{counter}也能看，要写为什么。"


def _unit(campaign: Campaign) -> Iterator[str]:
    plan = campaign.inspection
    assert plan is not None
    yield (
        f"督导反馈 {plan.claim_days} 天以内认领（措施、责任人、时限），或者提一次异议、附凭据，由办公室核定；"
        f"异议不成立的，从核定那天起 {plan.days_after_decision} 天以内认领。"
        "认领不认领，都已经计入本单位的汇总表。督导组写的话和照片，单位不能改、不能删。"
    )
    yield (
        f"先认领，才能{MOVE_NAMES['report']}、{MOVE_NAMES['verify']}；提了异议的，等办公室核定。"
        f"谁发现的谁不能核实、不能{MOVE_NAMES['verify']}；督导反馈的问题不能撤销。"
    )
    yield f"改好以后照常{MOVE_NAMES['report']}，由另外的人核实；再填举一反三：又看了多少，查出的是哪几条。"
    yield f"通报和督办单 {plan.letters.answer_days} 天以内在系统里答复，回执签字盖章另报；逾期不答复的下督办单。"


def _office(counter: str) -> Iterator[str]:
    yield "督导安排：建组、加人、定单位和日子；任职或者任过职的单位，不能由本人去督导。"
    yield "督导抽样：先封存种子、公布校验值，到日子当众开封；谁都能照种子和名单重做一遍。"
    yield "通报和督办：按当时的数字编号发通报、下督办单，登记答复；交办清单下载成 Excel。"
    yield (
        "自查与督导：漏查率、虚假整改率和 95% 区间；区间重叠的单位不排名次。只算抽中的：加权和区间都要知道抽中的机会，"
        "名单以外的是挑着看的，另外列数，不计入率。"
    )
    yield (
        f"勾了有问题、没有写明记入台账的{counter}，督导组和办公室都会收到提醒；"
        f"写明以前不计入漏查率，通报里说明有几{counter}。"
    )
    yield "通报只数真正去过的组、单位和村，安排了没有去的不算；抽中的和名单以外的分开说。"


_OTHER_MOVES: Mapping[str, str] = {
    "申请延期": "到期改不完的，写明理由和新的日子，由登记单位的主要负责人或者办公室批准；原来的时限一直看得到。",
    "转办": "责任在别的单位的，写明理由转过去；那个单位可以退回一次。仍由登记的单位计数。",
    "协办": "请别的单位一起改，牵头的不变。",
    MOVE_NAMES[
        "reopen"
    ]: "报了已整改或者已销号、实际没有改好的，由核实的人写明理由退回正在整改，算一次反弹。",
    "取回": "撤销错了的，由办公室取回，重新计数。",
}


def other_moves() -> str:
    """What else may become of an issue, as a list."""
    return bullets(f"**{name}**：{plain(words)}" for name, words in _OTHER_MOVES.items())
