from build_scripts.search.sections import PageSection, sections_of


def test_a_heading_with_an_id_begins_a_section() -> None:
    found = sections_of('<h1 id="top">页</h1><p>开头</p><h2 id="a">甲</h2><p>一</p><p>二</p>', "别名")
    assert found == [PageSection("", "页", text=("开头",)), PageSection("a", "甲", text=("一", "二"))]


def test_a_page_without_a_heading_goes_by_its_title() -> None:
    assert sections_of("<p>正文</p>", "题目") == [PageSection("", "题目", text=("正文",))]


def test_a_division_with_an_id_is_a_section_under_the_heading_above_and_ends_where_it_ends() -> None:
    html = '<h2 id="facts">规定</h2><div id="one"><p>第一条</p></div><p>余下的话</p>'
    assert sections_of(html, "页")[1:] == [
        PageSection("facts", "规定", text=("余下的话",)),
        PageSection("one", "规定", inherited=True, text=("第一条",)),
    ]


def test_the_clause_is_distinguished_from_the_words_beside_it() -> None:
    html = (
        '<h3 id="x" class="clause">1. 是否有厕所<span class="rest">，有没有人打扫</span></h3>'
        '<div class="how">去看</div><ul><li>其他</li></ul>'
    )
    assert sections_of(html, "页")[1] == PageSection(
        "x", "1. 是否有厕所…", own=("是否有厕所，有没有人打扫",), text=("去看", "其他")
    )


def test_marks_buttons_badges_and_what_is_excluded_are_no_words() -> None:
    html = (
        '<h2 id="a">甲<a class="headerlink" href="#a">¶</a></h2><p><span class="badge">全国</span> 规定</p>'
        '<p><a class="md-button" href="x">登记</a></p><div data-search-exclude><p>隐去</p></div><p>12</p>'
    )
    assert sections_of(html, "页")[1] == PageSection("a", "甲", text=("规定",))


def test_what_is_mostly_links_leads_elsewhere() -> None:
    html = (
        '<ul><li><a href="x">去别处的一条</a></li><li>先看<a href="y">这里</a>，再说一句别的话</li></ul>'
        '<h3 id="b"><a href="z">去别处</a></h3><p>这一节不算</p>'
    )
    assert sections_of(html, "页") == [PageSection("", "页", text=("先看这里，再说一句别的话",))]


def test_repeated_lines_and_white_space_count_once() -> None:
    assert sections_of("<p>一  二\n三</p><p>一 二 三</p><br>", "页") == [
        PageSection("", "页", text=("一 二 三",))
    ]
