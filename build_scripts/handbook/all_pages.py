"""All pages of the handbook, as a pure function of a campaign and its figures."""

from collections.abc import Sequence

from build_scripts.counting.daily_counts import DayCount
from build_scripts.counting.published_state import PublishedState
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook import addresses
from build_scripts.handbook.area_pages import area_index, area_page
from build_scripts.handbook.daily_page import days_page
from build_scripts.handbook.form_pages import form_index, form_page
from build_scripts.handbook.glossary_page import glossary_page
from build_scripts.handbook.home_page import home_page
from build_scripts.handbook.notice_page import notice_page
from build_scripts.handbook.phase_pages import phase_index, phase_page
from build_scripts.handbook.policy_pages import policy_index, policy_page
from build_scripts.handbook.print_page import print_page
from build_scripts.handbook.role_pages import role_index, role_page
from build_scripts.handbook.summary_pages import summary_index, summary_page
from build_scripts.handbook.unit_pages import unit_index, unit_page
from checklist.model import Campaign


def pages(
    campaign: Campaign,
    summary: tuple[SummaryRow, ...] | None = None,
    days: Sequence[DayCount] = (),
    state: PublishedState | None = None,
) -> dict[str, str]:
    """Return path to Markdown of every page, in reading order.

    Links are relative: any static site generator that supports Markdown attribute lists can render the pages.

    Args:
        campaign: the pages' content.
        summary: the rows of ``summary.csv``; None before the first compilation.
        days: the rows of ``days.csv``; none where there are none.
        state: whether the figures are final, and of what moment.
    """
    made = _chapters(campaign, summary, days, state)
    return {**made, addresses.PRINT: print_page(campaign, made)}


def _chapters(
    campaign: Campaign,
    summary: tuple[SummaryRow, ...] | None,
    days: Sequence[DayCount],
    state: PublishedState | None,
) -> dict[str, str]:
    units = campaign.filing_units
    return {
        addresses.HOME: home_page(campaign),
        addresses.NOTICE: notice_page(campaign),
        addresses.AREAS: area_index(campaign),
        **{addresses.area_page(area): area_page(campaign, area) for area in campaign.areas},
        **_role_pages(campaign),
        addresses.PHASES: phase_index(campaign),
        **{addresses.phase_page(phase): phase_page(campaign, phase) for phase in campaign.notice.phases},
        addresses.UNITS: unit_index(campaign),
        **{addresses.unit_page(unit): unit_page(campaign, unit) for unit in units},
        addresses.FORMS: form_index(campaign),
        **{addresses.form_page(form): form_page(campaign, form) for form in campaign.forms},
        addresses.SUMMARY: summary_index(campaign, summary, days, state),
        **({addresses.SUMMARY_DAYS: days_page(campaign, days, state)} if days else {}),
        **{addresses.summary_page(unit): summary_page(campaign, unit, summary, state) for unit in units},
        addresses.POLICIES: policy_index(campaign),
        **{addresses.policy_page(policy): policy_page(campaign, policy) for policy in campaign.policies},
        addresses.GLOSSARY: glossary_page(campaign),
    }


def _role_pages(campaign: Campaign) -> dict[str, str]:
    """Return the role pages; none if the campaign names no roles."""
    roles = campaign.roles.roles
    index = {addresses.ROLES: role_index(campaign)} if roles else {}
    return index | {addresses.role_page(role): role_page(campaign, role) for role in roles}
