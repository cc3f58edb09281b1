"""Plain-language explanations of the summary table's figures; the counting itself is the summary's query."""

from collections.abc import Mapping

from checklist.model import Campaign


def how_counted(campaign: Campaign) -> Mapping[str, str]:
    """Map summary column id to its explanation, in the campaign's own labels."""
    labels: dict[str, str] = {column.id: column.label for column in campaign.summary_table.columns}
    households = next((form.name for form in campaign.record_forms if form.kind == "household"), "")
    parts = [labels[name] for name in ("rectified", "rectifying") if name in labels]
    sum_of_parts = f"{parts[0]}加{parts[1]}，正好等于它。" if len(parts) > 1 else ""
    supervised = "督导发现的问题记在问题所在的单位，认领不认领都算。" if campaign.inspection else ""
    whole = "，等于{found}减{rectified}".format_map(labels) if {"found", "rectified"} <= labels.keys() else ""
    reopened = "，重新打开的也在内"
    return {
        "found": f"本单位登记的、没有撤销的问题，一行算一个；{sum_of_parts}"
        f"谁登记算谁的，所以各单位相加不会重复。{supervised}",
        "rectified": "其中已报告整改完成或已经销号的问题。",
        "rectifying": f"其中还没有报告整改完成的问题{whole}；逾期没有改完的也在内{reopened}。",
        "proposed_households": f"本单位提出的、没有撤销的{households}户数，按主要风险归入一个问题类型，一户只算一次。",
        "proposed_people": "这些户的人数之和。",
    }
