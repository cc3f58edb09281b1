"""How-to pages of the registers: who keeps them, how often, and every field."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.form_pages import field_sections
from build_scripts.handbook.markdown import block, bullets, button, heading, link, page, plain, prose, title
from build_scripts.handbook.page_urls import REGISTERS, to
from checklist.date_formats import day_of_month
from checklist.model import Campaign, Period, Register

_OFTEN = {
    Period.NONE: "一直开着，不分期",
    Period.EVENT: "有事就记，不分期",
    Period.MONTH: "每月一期",
    Period.QUARTER: "每季一期",
    Period.YEAR: "每年一期",
}


def register_index(campaign: Campaign) -> str:
    """Render the index of the registers."""
    return page(
        title("长期台账"),
        prose("专项行动结束后接着记的台账。合计和上级的汇总都由各行自动得出，不用另外填。"),
        *_by_owner(campaign),
    )


def _by_owner(campaign: Campaign) -> Iterator[str]:
    for owner, registers in campaign.registers_by_owner.items():
        yield heading(2, f"{plain(campaign.unit_by_code[owner].name)}负责的", f"owner-{owner}")
        entries = (
            f"-   **{link(each.name, to(REGISTERS, page_urls.register_page(each)))}**\n\n    {plain(each.purpose)}"
            for each in registers
        )
        yield block("forms", "\n\n".join(entries))


def register_page(campaign: Campaign, register: Register) -> str:
    """Render the how-to page of one register."""
    here = page_urls.register_page(register)
    return page(
        title(register.name),
        prose(register.purpose),
        block("actions", button("打开台账", page_urls.rows(here, register))),
        block("facts", bullets(_facts(campaign, register))),
        *_how_it_goes_on(register),
        *_round(register),
        *_checks(register),
        *_survey(register),
        *field_sections(campaign, register),
    )


def _facts(campaign: Campaign, register: Register) -> Iterator[str]:
    filled = [page_urls.reference_target(campaign, each)[0] for each in register.filled_by]
    yield f"**由谁负责**：{plain(campaign.unit_by_code[register.owner].name)}（一数一源，它看得到全部，也可以改正）"
    yield f"**由谁填**：{plain('、'.join(filled))}"
    yield f"**多久一期**：{plain(_OFTEN[register.period])}"
    if campaign.shares(register):
        yield "**各专项共用**：行属于台账，不随专项结束；以前专项里记的也在这里，接着记"
    if register.one_row_per:
        labels = "、".join(register.field(name).label for name in register.one_row_per)
        yield f"**只能有一行**：{plain(labels)}相同的，{'一期' if register.period.repeats else '全县'}只能有一行"
    if register.totals:
        labels = "、".join(register.field(name).label for name in register.totals)
        yield f"**自动合计**：{plain(labels)}，按村、镇、县"
    if register.public:
        labels = "、".join(register.field(name).label for name in register.public)
        yield f"**公示**：{plain(labels)}"
    if register.asked_by:
        yield f"**依据**：{plain('、'.join(register.asked_by))}"


_WHO = {"village": "各村", "township": "各乡镇", "county": "负责单位"}

_MONTH_OF = {Period.MONTH: "当月", Period.QUARTER: "季末月", Period.YEAR: "年末月"}


def _round(register: Register) -> Iterator[str]:
    """Who does what in every period, and by what day."""
    if register.round is None:
        return
    yield heading(2, plain("每期的步骤"), "steps")
    yield bullets(
        f"**{plain(step.label)}**：{_WHO[step.level]}，{_MONTH_OF[register.period]}{day_of_month(step.by)}以前"
        for step in register.round.steps
    )
    yield prose("到期前一天起在首页和提醒里提示，逾期的标出来；以后两个月的期限在“提醒”里订阅日历就能看到。")


_LEVELS = {"error": "差错，不改不能保存", "doubt": "疑点，请核实", "late": "逾期，请补办"}


def _checks(register: Register) -> Iterator[str]:
    """What is checked, and how a doubt that is none is exempted."""
    if not register.checks:
        return
    yield heading(2, plain("核对"), "checks")
    # Not searched: their words are those of items, which a search for them means.
    yield bullets(
        f"**{plain(_LEVELS[check.level])}**：<span data-search-exclude>{plain(check.say)}</span>"
        for check in register.checks
    )
    if any(check.level == "doubt" for check in register.checks):
        yield heading(3, plain("豁免"), "exemptions")
        yield prose(
            "核实属实、不用改的疑点，在那一行的页上申请豁免，写明理由，由台账的负责单位或者办公室的另一个人逐份批准。"
            "批准后不再算作疑点，单独计数。规则看的数据一改动，规则改动，或者到期，豁免就自动失效，重新算作疑点。"
        )


def _survey(register: Register) -> Iterator[str]:
    """How a survey keeps its papers unnamed, and how its rates are made."""
    survey = register.survey
    if survey is None:
        return
    yield heading(2, plain("不记名，怎么出数"), "survey")
    asked = f"“{register.field(survey.asked).label}”只用来带出户类型，不存；" if survey.asked else ""
    sample = f"每村每期问 {survey.sample} 户，随机抽，不挑人。" if survey.sample else ""
    yield bullets(
        (
            plain(f"{sample}{asked}不记谁在什么时候填的，不留草稿，只能在网页上一份一份填，存了就不能改。"),
            plain("文字里写了本村户主的姓名，就不让存。"),
            plain("填的人知道抽中了哪几户，所以答卷不逐份给填的单位看，只有负责的单位和办公室能看。"),
            plain(
                f"一期结束以后才出数；不足 {register.minimum_cell} 份的数不显示，一减就能算出它的也不显示。"
            ),
            plain(
                "估计值按名册上各村、各类户的户数加权，旁边写 95% 区间（Wilson，按有效样本量）和答卷份数；"
                "区间重叠的不分高低。"
            ),
        )
    )
    lines = []
    for rate in survey.rates:
        field = register.field(rate.question)
        names = {choice.id: choice.label for choice in field.choices}
        left = "、".join(names[each] for each in rate.leave_out)
        hits = "、".join(names[each] for each in rate.hits)
        without = f"；答“{left}”的不算" if left else ""
        lines.append(f"**{plain(rate.label)}**：{plain(f'“{field.label}”答“{hits}”的占多少{without}')}")
    yield bullets(lines)


def _how_it_goes_on(register: Register) -> Iterator[str]:
    yield heading(2, plain("状态"), "states")
    yield bullets(
        f"**{plain(state.label)}**{'：到头了，留在台账里，不再计入合计，也不带到下一期' if state.ends else ''}"
        for state in register.states
    )
    if register.period.repeats:
        fresh = "、".join(register.field(name).label for name in register.fresh)
        yield heading(2, plain("开新的一期"), "next")
        yield prose(
            "上一期没有到头的行带过来，标明待核实。没有变化的勾选后点“没有变化，已核实”，有变化的打开改。"
            + (f"每期要重新填的：{fresh}。" if fresh else "")
        )
