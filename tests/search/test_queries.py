"""What readers type is found first, however they type it, on a server and from a folder."""

from collections.abc import Callable

import pytest

from tests.search.driving import Reader, queries

OF_THE_NOTICE = ("index.html", "notice.html", "areas/")


def test_the_section_that_enter_opens_holds_one_of_the_words(reader: Reader) -> None:
    reader.open()
    for query, words in queries():
        if words:
            reader.type(query)
            section = reader.enter()
            assert any(word in section for word in words), f"{query}: {reader.page.url}"
            reader.begin()


def test_enter_waits_for_the_answer_to_what_stands_in_the_box(reader: Reader) -> None:
    reader.open()
    for query, words in [row for row in queries() if row[1]][:4]:
        section = reader.type_and_enter(query)
        assert any(word in section for word in words), f"{query}: {reader.page.url}"
        reader.begin()


def test_enter_opens_the_answer_though_the_page_did_not_hear_it_at_first(reader: Reader) -> None:
    """On a slow machine Material's own keys are not there yet when the answer is."""
    reader.open()
    query, words = next(row for row in queries() if row[1])
    reader.type(query)
    reader.page.evaluate("document.querySelector('[data-md-toggle=search]').checked = false")
    assert any(word in reader.enter() for word in words), reader.page.url
    assert "?query=" not in reader.page.url


def test_what_the_notice_does_not_hold_is_not_found_in_it(reader: Reader) -> None:
    reader.open()
    for query in (query for query, words in queries() if not words):
        reader.type(query)
        assert not any(hit.startswith(OF_THE_NOTICE) for hit in reader.hits()), query


@pytest.mark.parametrize("way", [Reader.paste, Reader.compose])
def test_pasting_and_input_methods_find_the_same_as_typing(
    reader: Reader, way: Callable[[Reader, str], None]
) -> None:
    reader.open()
    for query, _ in list(queries())[::4]:  # a sample: the way of typing is tried, not the queries
        reader.type(query)
        typed = reader.hits()
        reader.clear()
        assert not reader.hits()
        way(reader, query)
        assert reader.hits() == typed, query
        reader.clear()


def test_the_matched_words_are_marked_in_the_list_and_on_the_page(reader: Reader) -> None:
    reader.open("areas/01-income.html")
    reader.type("十五天")
    assert set(reader.page.locator(".md-search-result mark").all_text_contents()) == {"15天"}
    reader.enter()
    assert "15天" in reader.page.locator("article mark").all_inner_texts()


def test_nothing_is_asked_of_another_host_and_no_script_fails(reader: Reader, address: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.on("pageerror", lambda error: faults.append(str(error)))
    reader.page.on("requestfailed", lambda request: faults.append(request.url))
    reader.open()
    reader.type("溺水")
    reader.enter()
    assert asked
    assert all(url.startswith(address) for url in asked)
    assert not faults


def test_where_nothing_is_found_known_words_are_offered(reader: Reader) -> None:
    reader.open()
    reader.type("光电")
    assert not reader.hits()
    offered = reader.page.locator(".search-suggestions button")
    offered.first.wait_for()
    offered.first.click()
    reader.page.wait_for_function("document.querySelectorAll('.md-search-result__item').length > 0")
    assert reader.hits()
    assert not offered.count()


def test_the_title_of_a_result_opens_its_first_section(reader: Reader) -> None:
    reader.open()
    reader.type("房屋是否开裂漏雨")
    title = reader.page.locator(".md-search-result__link").first
    assert title.get_attribute("href").endswith("#guarantees-08")
