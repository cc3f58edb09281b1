"""The phases with their calendar, and a page for each: its tasks and what each role does."""

from collections.abc import Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.inspection_help import inspection_help
from build_scripts.handbook.markdown import block, bullets, heading, link, page, plain, title
from build_scripts.handbook.month_calendars import calendar_tables
from build_scripts.handbook.page_urls import PHASES, to
from build_scripts.handbook.page_words import who
from build_scripts.handbook.role_pages import duties_in
from checklist.date_formats import weekday_moment
from checklist.model import Campaign
from checklist.model.campaign import Phase


def phase_index(campaign: Campaign) -> str:
    """Render the index of the phases, as a calendar and as a list."""
    deadline = campaign.notice.deadline
    return page(
        title("时间安排"),
        block("deadline", f"**报送截止：{plain(deadline.text)}**　{weekday_moment(deadline.at)}"),
        calendar_tables(campaign),
        _subscribe(campaign),
        *(part for phase in campaign.notice.phases for part in _entry(phase)),
    )


def _subscribe(campaign: Campaign) -> str:
    file = link("下载日历（.ics）", to(PHASES, page_urls.calendar_file(campaign)))
    return (
        f"{file}：在电脑的 Outlook 或手机日历里打开，各阶段和截止时间就进了自己的日历，截止前一天会提醒。"
        "手册在服务器上时，也可以把这个链接的地址添加为“订阅日历”。"
    )


def _entry(phase: Phase) -> Iterator[str]:
    yield heading(
        2, link(f"{phase.name}（{phase.period}）", to(PHASES, page_urls.phase_page(phase))), phase.id
    )
    yield bullets(plain(task.text) for task in phase.tasks)


def phase_page(campaign: Campaign, phase: Phase) -> str:
    """Render the page of one phase."""
    here = page_urls.phase_page(phase)
    return page(
        title(phase.name),
        block("opening", f"{plain(phase.period)}　{link('全部时间安排', to(here, PHASES))}"),
        *_due(campaign, phase),
        heading(2, plain("通知的要求"), "tasks"),
        bullets(
            f"{plain(task.text)} <small>（{who(campaign, here, task.who)}）</small>" for task in phase.tasks
        ),
        *inspection_help(campaign, phase),
        *_roles(campaign, phase, here),
    )


def _due(campaign: Campaign, phase: Phase) -> Iterator[str]:
    deadline = campaign.notice.deadline
    if phase.start <= deadline.at.date() <= phase.end:
        yield block(
            "deadline",
            f"**报送截止：{plain(deadline.text)}**　{weekday_moment(deadline.at)}",
            bullets(plain(what) for what in deadline.what),
        )


def _roles(campaign: Campaign, phase: Phase, here: str) -> Iterator[str]:
    roles = [role for role in campaign.roles.roles if duties_in(role, phase.id)]
    if roles:
        yield heading(2, plain("各岗位做什么"), "roles")
    for role in roles:
        yield heading(3, link(role.name, to(here, page_urls.role_page(role))), f"role-{role.id}")
        yield bullets(plain(duty.text) for duty in duties_in(role, phase.id))
