import json

from hypothesis import given
from hypothesis import strategies as st

from build_scripts.search.character_readings import readings_of
from build_scripts.search.corpus import IndexedPage, corpus_of, kind_of, with_search_words
from build_scripts.search.search_index import FIRST_CODE, as_json, as_script, index_of, packed_text
from build_scripts.search.sections import PageSection
from build_scripts.search.synonyms import Synonyms, synonyms_of
from checklist.model import Campaign


def test_items_come_before_guidance_and_guidance_before_lists_of_units() -> None:
    urls = [
        "units/x.html",
        "summary/x.html",
        "policies/p.html",
        "glossary.html",
        "areas/index.html",
        "index.html",
    ]
    ordered = sorted([*urls, "areas/01-a.html", "forms/f.html", "notice.html"], key=kind_of)
    assert ordered[0] == "areas/01-a.html"
    assert ordered[1:3] == ["index.html", "notice.html"]
    assert ordered[3:] == [
        "forms/f.html", "glossary.html", "policies/p.html", "units/x.html", "summary/x.html", "areas/index.html",
    ]  # fmt: skip


def test_what_stands_on_many_pages_is_kept_on_the_first() -> None:
    frame = PageSection("when", "何时报", text=("八月底前",))
    pages = {f"units/{n}.html": [PageSection("", f"第{n}镇"), frame] for n in range(6)}
    first, *others = corpus_of(pages)
    assert first.sections == (PageSection("", "第0镇"), frame)
    assert [page.sections for page in others] == [(PageSection("", f"第{n}镇"),) for n in range(1, 6)]


def test_a_heading_of_many_pages_stays_where_it_has_words_of_its_own() -> None:
    pages = {
        f"units/{n}.html": [PageSection("", f"{n}"), PageSection("v", "各村", text=(f"村{n}",))]
        for n in range(6)
    }
    assert all(len(page.sections) == 2 for page in corpus_of(pages))


def test_each_section_is_found_by_the_lengths_of_its_parts() -> None:
    sections = (
        PageSection("", "页𠀀", text=("甲乙", "丙")),
        PageSection("a", "页𠀀", inherited=True, text=("丁",)),
    )
    docs = index_of([IndexedPage("p.html", 4, sections)], [Synonyms(("甲", "申"), ("由",))])["docs"]
    assert docs["pages"] == [["p.html", 4]]
    assert docs["corpus"] == "页𠀀\n甲乙\n丙\n丁\n"
    # The browser counts UTF-16 units: 𠀀 is two of them.
    assert docs["sections"] == [[["", 4, 0, 5], ["a", 0, 0, 2]]]
    assert docs["synonyms"] == {"": ["甲|申>由"]}


@given(st.text(st.sampled_from("甲乙。，\n\ue000"), max_size=200))
def test_clauses_that_occur_again_are_written_once_and_none_is_lost(text: str) -> None:
    packed, clauses = packed_text(text)
    codes = {chr(FIRST_CODE + number): clause for number, clause in enumerate(clauses)}
    assert "".join(codes.get(character, character) for character in packed) == text


def test_a_clause_that_occurs_again_is_written_once() -> None:
    packed, clauses = packed_text("先问户主，再看墙体。先问户主，别的。再看墙体。")
    assert (packed, clauses) == ("\ue000\ue001\ue000别的。\ue001", ["先问户主，", "再看墙体。"])


def test_readers_words_find_a_section_by_its_anchor_or_its_page() -> None:
    pages = (
        IndexedPage(
            "areas/01.html", 0, (PageSection("", "方面"), PageSection("k1", "总的"), PageSection("i1", "条"))
        ),
        IndexedPage("policies/p.html", 6, (PageSection("", "政策"), PageSection("other", "别的"))),
    )
    first, second = with_search_words(pages, {"i1": ["土话"], "p": ["问法"]}, {"k1"})
    assert [section.words for section in first.sections] == [(), (), ("土话",)]
    assert [section.words for section in second.sections] == [("问法",), ()]
    docs = index_of([first, second], [])["docs"]
    assert docs["broad"] == [1]
    assert docs["sections"][0][2] == ["i1", 2, 0, 0, 3]
    assert "土话" in docs["corpus"]


def test_a_page_of_that_name_comes_before_an_anchor_of_it() -> None:
    pages = (
        IndexedPage("notice.html", 1, (PageSection("", "通知"), PageSection("housing", "住房"))),
        IndexedPage("policies/housing.html", 6, (PageSection("", "住房安全"),)),
    )
    first, second = with_search_words(pages, {"housing": ["补多少钱"]}, ())
    assert not any(section.words for section in first.sections)
    assert second.sections[0].words == ("补多少钱",)


def test_common_characters_that_the_handbook_lacks_have_a_sound() -> None:
    readings = readings_of("辍学")["usual"]
    assert "缀" in readings["zhui"]
    assert "销" in readings["xiao"]
    assert sum(map(len, readings.values())) >= 3755


def test_the_index_is_the_same_for_a_server_and_a_folder_and_in_each_build() -> None:
    pages = [IndexedPage("p.html", 0, (PageSection("", "长效，增长、生长"),))]
    first, second = (as_json(index_of(pages, [])) for _ in range(2))
    assert first == second
    assert as_script(index_of(pages, [])) == f"var __index={first}\n"
    assert json.loads(first)["config"]["lang"] == ["zh"]


def test_a_character_is_read_as_its_contexts_say_and_may_be_read_otherwise() -> None:
    readings = readings_of("增长，生长。长期！住房")
    assert "长" in readings["usual"]["zhang"]
    assert readings["also"]["长"] == ["chang"]
    assert "房" in readings["usual"]["fang"]


def test_every_name_of_the_campaign_is_a_synonym(campaign: Campaign) -> None:
    groups = synonyms_of(campaign)
    words = {word for group in groups for word in group.same}
    assert all(term.term in words for term in campaign.glossary.terms if term.aliases)
    assert all(alias in words for kind in campaign.problem_types for alias in kind.aliases)
    assert all(len(group.same) > 1 or group.related for group in groups)


def test_an_unknown_folder_comes_last() -> None:
    assert kind_of("somewhere/else.html") == kind_of("areas/index.html")
