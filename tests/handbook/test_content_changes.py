"""What changed in the handbook since it was last built: noted by day, listed, marked, and forgotten by nobody."""

from datetime import date
from pathlib import Path

from build_scripts.handbook.all_pages import pages
from build_scripts.handbook.content_changes import (
    CHANGED,
    GONE,
    HISTORY,
    NEW,
    history_now,
    pieces_of,
    read_history,
    stamp,
    write_history,
)
from checklist.model import Campaign
from tests.handbook.test_pages import anchors, changed, section

FIRST, LATER = date(2022, 8, 9), date(2022, 8, 12)


def note_changes(home: Path, campaign: Campaign, day: date) -> None:
    """What a build does."""
    write_history(home, history_now(home, campaign, day))


def reworded(campaign: Campaign) -> Campaign:
    """One item told otherwise, another away."""
    income, *others = campaign.areas
    told = income.items[0].model_copy(update={"how": "先看流水。"})
    return changed(campaign, areas=(income.model_copy(update={"items": (told,)}), *others))


def test_the_first_build_notes_no_change_and_the_same_content_none_later(
    campaign: Campaign, tmp_path: Path
) -> None:
    for day in (FIRST, LATER):
        note_changes(tmp_path, campaign, day)
        history = read_history(tmp_path)
        assert history
        assert history.changes == ()
    made = pages(campaign, history=history)
    assert "内容没有改动" in made["updates.md"]
    assert "badge--changed" not in made["areas/01-income.md"]


def test_what_changed_is_listed_by_day_and_marked_where_it_is(campaign: Campaign, tmp_path: Path) -> None:
    note_changes(tmp_path, campaign, FIRST)
    other = reworded(campaign)
    note_changes(tmp_path, other, LATER)
    history = read_history(tmp_path)
    assert history
    assert [(each.day, each.how, each.anchor) for each in history.changes if each.how == CHANGED] == [
        ("2022-08-12", CHANGED, "income-drop")
    ]
    made = pages(other, history=history)
    day = section(made["updates.md"], "day-2022-08-12")
    assert "(areas/01-income.md#income-drop)" in day
    assert "8月12日改了" in section(made["areas/01-income.md"], "income-drop")
    assert made["areas/01-income.md"].count("badge--changed") == 1
    assert f"内容版本 {stamp(history)}" in made["print.md"]


def test_new_and_removed_pieces_are_told_and_the_removed_lead_nowhere(
    campaign: Campaign, tmp_path: Path
) -> None:
    income, *others = campaign.areas
    fewer = changed(
        campaign,
        areas=(income.model_copy(update={"key_checks": income.key_checks[:1], "items": ()}), *others),
    )
    note_changes(tmp_path, fewer, FIRST)
    note_changes(tmp_path, campaign, LATER)
    note_changes(tmp_path, fewer, LATER)
    history = read_history(tmp_path)
    assert history
    assert {each.how for each in history.changes} == {NEW, GONE}
    made = pages(fewer, history=history)["updates.md"]
    assert f"**{NEW}**：收入是否骤减" in made
    assert f"**{GONE}**：收入是否骤减" in made
    assert "](" not in made


def test_another_campaign_begins_anew(campaign: Campaign, fire: Campaign, tmp_path: Path) -> None:
    for each in (campaign, fire):
        note_changes(tmp_path, each, FIRST)
    history = read_history(tmp_path)
    assert history
    assert history.campaign == fire.id
    assert history.changes == ()


def test_each_piece_lies_where_its_link_leads(real_campaign: Campaign) -> None:
    made = pages(real_campaign)
    for piece in pieces_of(real_campaign).values():
        assert piece.anchor in anchors(made[piece.page]), piece


def test_a_history_that_is_none_of_ours_is_begun_anew(campaign: Campaign, tmp_path: Path) -> None:
    for content in ("", "[]", '{"pieces": {"a": {}}}'):
        (tmp_path / HISTORY).write_text(content, encoding="utf-8")
        assert read_history(tmp_path) is None
    note_changes(tmp_path, campaign, FIRST)
    assert read_history(tmp_path)
