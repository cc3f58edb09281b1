"""The registry of documents; ``document_templates.py`` has the template of each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checklist.model import Campaign


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document."""

    name: str
    """Display name."""
    about: str
    """Its content, in a sentence."""
    of_unit: bool = False
    """Whether it concerns a single unit, as its author or addressee."""
    about_overdue: bool = False
    """Whether it needs overdue issues."""


KINDS: Mapping[str, DocumentKind] = {
    "report": DocumentKind("自查报告", "单位写的各部分，加上台账的数字；单位打印签字盖章。", of_unit=True),
    "circular": DocumentKind("通报", "报送、排查、整改进展和存在问题，附各单位数字。"),
    "reminder": DocumentKind(
        "督办单", "写给一个单位，列出超过整改时限的每个问题。", of_unit=True, about_overdue=True
    ),
    "campaign-report": DocumentKind("专项行动情况报告", "全县的总结，附各类问题数字，报上级用。"),
}
"""The values of ``huitoukan document``; a campaign's own template is ``documents/<key>.docx`` in its folder."""


def named(campaign: Campaign) -> Mapping[str, DocumentKind]:
    """Return the kinds that a campaign has, with its own name for its report."""
    report = campaign.report_form
    own = {"report": replace(KINDS["report"], name=report.name)} if report else {}
    return own | {key: kind for key, kind in KINDS.items() if key != "report"}
