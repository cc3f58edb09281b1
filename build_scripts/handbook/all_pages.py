"""All pages of the handbook, as a pure function of a campaign and its figures."""

from collections.abc import Sequence

from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook import page_urls
from build_scripts.handbook.answer_cards import answers_page
from build_scripts.handbook.area_pages import area_index, area_page
from build_scripts.handbook.content_changes import History, stamp, updates_page, with_marks
from build_scripts.handbook.daily_page import days_page
from build_scripts.handbook.form_pages import form_index, form_page
from build_scripts.handbook.glossary_page import glossary_page
from build_scripts.handbook.home_page import home_page
from build_scripts.handbook.notice_page import notice_page
from build_scripts.handbook.phase_pages import phase_index, phase_page
from build_scripts.handbook.policy_pages import policy_index, policy_page
from build_scripts.handbook.print_page import print_page
from build_scripts.handbook.register_pages import register_index, register_page
from build_scripts.handbook.role_pages import role_index, role_page
from build_scripts.handbook.summary_pages import summary_index, summary_page
from build_scripts.handbook.system_pages import system_pages
from build_scripts.handbook.unit_pages import unit_index, unit_page
from checklist.model import Campaign, Policy


def pages(
    campaign: Campaign,
    summary: tuple[SummaryRow, ...] | None = None,
    days: Sequence[DayCount] = (),
    state: PublishedState | None = None,
    history: History | None = None,
) -> dict[str, str]:
    """Return path to Markdown of every page, in reading order.

    Links are relative: any static site generator that supports Markdown attribute lists can render the pages.

    Args:
        campaign: the pages' content.
        summary: the rows of ``summary.csv``; None before the first compilation.
        days: the rows of ``days.csv``; none where there are none.
        state: whether the figures are final, and of what moment.
        history: what changed since the handbook was first built; None where that is not noted.
    """
    made = _chapters(campaign, summary, days, state)
    if history:
        made = with_marks(made, history) | {page_urls.UPDATES: updates_page(history)}
    return {**made, page_urls.PRINT: print_page(campaign, made, stamp(history) if history else "")}


def _chapters(
    campaign: Campaign,
    summary: tuple[SummaryRow, ...] | None,
    days: Sequence[DayCount],
    state: PublishedState | None,
) -> dict[str, str]:
    units = campaign.filing_units
    return {
        page_urls.HOME: home_page(campaign),
        page_urls.NOTICE: notice_page(campaign),
        **_answers(campaign),
        page_urls.AREAS: area_index(campaign),
        **{page_urls.area_page(area): area_page(campaign, area) for area in campaign.areas},
        **_role_pages(campaign),
        page_urls.PHASES: phase_index(campaign),
        **{page_urls.phase_page(phase): phase_page(campaign, phase) for phase in campaign.notice.phases},
        page_urls.UNITS: unit_index(campaign),
        **{page_urls.unit_page(unit): unit_page(campaign, unit) for unit in units},
        page_urls.FORMS: form_index(campaign),
        **{page_urls.form_page(form): form_page(campaign, form) for form in campaign.forms},
        **system_pages(campaign),
        **_register_pages(campaign),
        page_urls.SUMMARY: summary_index(campaign, summary, days, state),
        **({page_urls.SUMMARY_DAYS: days_page(campaign, days, state)} if days else {}),
        **{page_urls.summary_page(unit): summary_page(campaign, unit, summary, state) for unit in units},
        page_urls.POLICIES: policy_index(campaign),
        **{page_urls.policy_page(policy): policy_page(campaign, policy) for policy in _by_area(campaign)},
        page_urls.GLOSSARY: glossary_page(campaign),
    }


def _answers(campaign: Campaign) -> dict[str, str]:
    """Return the page of answers; none if the campaign has none."""
    has_some = any(policy.answers for policy in campaign.policies)
    return {page_urls.ANSWERS: answers_page(campaign)} if has_some else {}


def _register_pages(campaign: Campaign) -> dict[str, str]:
    """Return the pages of registers; none if the campaign keeps none."""
    kept = [each for registers in campaign.registers_by_owner.values() for each in registers]
    index = {page_urls.REGISTERS: register_index(campaign)} if kept else {}
    return index | {page_urls.register_page(each): register_page(campaign, each) for each in kept}


def _by_area(campaign: Campaign) -> list[Policy]:
    """Return the policies in the order of the areas."""
    order = [area.id for area in campaign.areas]
    return sorted(campaign.policies, key=lambda policy: order.index(policy.area))


def _role_pages(campaign: Campaign) -> dict[str, str]:
    """Return the role pages; none if the campaign names no roles."""
    roles = campaign.roles.roles
    index = {page_urls.ROLES: role_index(campaign)} if roles else {}
    return index | {page_urls.role_page(role): role_page(campaign, role) for role in roles}
