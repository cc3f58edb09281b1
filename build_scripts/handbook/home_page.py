"""The home page: what the campaign requires, by when, and links."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, title
from build_scripts.handbook.page_urls import HOME, NOTICE, to
from build_scripts.handbook.page_words import area_title, who
from checklist.date_formats import full_day, weekday_moment
from checklist.model import Area, Campaign, RecordForm
from checklist.model.campaign import Phase, PhaseTask


def site_name(campaign: Campaign) -> str:
    """Return the handbook's name, for the page's title bar."""
    return f"{campaign.notice.short_name}工作手册"


def home_page(campaign: Campaign) -> str:
    """Render the home page."""
    return page(
        title(f"{campaign.notice.name}工作手册"),
        _opening(campaign),
        _deadline(campaign),
        _ways(campaign),
        heading(2, plain("排查内容"), "areas"),
        plain(campaign.notice.tasks.text),
        block("grid cards areas", "\n\n".join(_area_card(area) for area in campaign.areas)),
        heading(2, plain("时间安排"), "phases"),
        block("timeline", "\n\n".join(_phase(campaign, phase) for phase in campaign.notice.phases)),
        *_scope(campaign),
        *_demands(campaign),
        *_contact(campaign),
        hide=("navigation", "toc"),
    )


def _opening(campaign: Campaign) -> str:
    notice = campaign.notice
    source = link(f"{notice.number}《{notice.title}》", NOTICE)
    return block("opening", f"依据：{source}，{plain(notice.issuer)}，{full_day(notice.issued)}印发。")


def _deadline(campaign: Campaign) -> str:
    notice = campaign.notice
    return block(
        "deadline",
        f"**报送截止：{plain(notice.deadline.text)}**　{weekday_moment(notice.deadline.at)}",
        "、".join(plain(what) for what in notice.deadline.what),
        f"报送至{plain(notice.contact.office)}，"
        f"邮箱 {plain(notice.contact.email)}，电话 {plain(notice.contact.phone)}。",
        anchor="deadline",
    )


def _ways(campaign: Campaign) -> str:
    roles = "、".join(role.name for role in campaign.roles.roles)
    asked = sum(len(policy.answers) for policy in campaign.policies)
    ways = (
        *((("常问的问题", page_urls.ANSWERS, f"{asked}个问题的答案，数字带出处"),) if asked else ()),
        *((("我的岗位做什么", page_urls.ROLES, roles),) if roles else ()),
        ("什么时候做什么", page_urls.PHASES, "日历、各阶段要求，可以加进手机日历"),
        ("本单位查什么、报什么", page_urls.UNITS, "按乡镇、县直单位查职责、时限和村名代码"),
        ("表怎么填", page_urls.FORMS, "、".join(form.name for form in campaign.forms)),
        ("填报系统怎么用", page_urls.SYSTEM, "登录、填表、没网时填、签字报送，看图一步步做"),
        (campaign.summary_table.name, page_urls.SUMMARY, "全县和各单位的汇总数字"),
        *(
            (("政策依据", page_urls.POLICIES, "各方面政策的出处、文号和适用范围"),)
            if campaign.policies
            else ()
        ),
        *(
            (("名词解释", page_urls.GLOSSARY, "表里和政策里的说法是什么意思"),)
            if campaign.glossary.terms
            else ()
        ),
        ("通知全文", NOTICE, campaign.notice.number),
        ("打印手册", page_urls.PRINT, "全书一份，有目录和页码"),
    )
    cards = (f"-   **{link(name, there)}**\n\n    {plain(about)}" for name, there, about in ways)
    return block("grid cards ways", "\n\n".join(cards))


def _area_card(area: Area) -> str:
    first = area.key_checks[0].text
    more = f"{area.key_check_lead}{len(area.key_checks)}条，{area.look_for_lead}{len(area.items)}条"
    return (
        f"-   **{link(area_title(area), page_urls.area_page(area))}**\n\n"
        f"    {plain(first)}\n\n    <small>{plain(more)}</small>"
    )


def _phase(campaign: Campaign, phase: Phase) -> str:
    tasks = bullets((_task(campaign, task) for task in phase.tasks), indent=4)
    name = link(phase.name, page_urls.phase_page(phase))
    return f"-   **{name}**　{plain(phase.period)}\n\n{tasks}"


def _task(campaign: Campaign, task: PhaseTask) -> str:
    return f"{plain(task.text)} <small>（{who(campaign, HOME, task.who)}）</small>"


def _scope(campaign: Campaign) -> Iterator[str]:
    scope = campaign.notice.scope
    yield heading(2, plain("排查范围和对象"), "scope")
    yield plain(scope.text)
    yield "排查对象："
    yield bullets(plain(each) for each in scope.objects)


def _demands(campaign: Campaign) -> Iterator[str]:
    yield heading(2, plain("工作要求"), "demands")
    yield bullets(
        f"**{link(each.heading, to(HOME, NOTICE, each.id))}**：{plain(each.clauses[0])}"
        for each in campaign.notice.requirements
    )


def _contact(campaign: Campaign) -> Iterator[str]:
    contact = campaign.notice.contact
    forms = "、".join(
        link(form.name, page_urls.form_page(form)) for form in campaign.forms if isinstance(form, RecordForm)
    )
    yield heading(2, plain("有问题问谁"), "contact")
    yield bullets(
        (
            f"通知、口径和报送：{plain(contact.office)}，电话 {plain(contact.phone)}，邮箱 {plain(contact.email)}",
            f"填表：先看{forms}的填写说明",
            f"某一方面的政策：看该方面的{link('责任单位', page_urls.AREAS)}，再问该单位",
        )
    )
