"""The documents: their figures are the summary's, their layout the standard's, their words the office's to change."""

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from build_scripts.counting.record_source import Source
from build_scripts.documents.document_facts import gather
from build_scripts.documents.document_kinds import KINDS, named
from build_scripts.documents.docx_writer import BrokenTemplate, document, template
from build_scripts.documents.gbt9704 import STYLES, name_in_word
from build_scripts.documents.template_words import DocumentFacts, rate, words_of
from build_scripts.documents.title_breaks import title_lines
from build_scripts.settings import PROJECT
from checklist.chinese_numerals import write_numeral
from checklist.date_formats import full_day
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, RecordForm, ReportForm, SummaryTable, Unit
from forms_server.db.tables import report_text
from tests.builders import EAST, WEST
from tests.documents.conftest import TODAY
from tests.summary.records import CLERK, NOW


def read(content: bytes) -> Any:
    return Document(BytesIO(content))


def lines(content: bytes, style: str = "") -> list[str]:
    wanted = name_in_word(style) if style else ""
    return [each.text for each in read(content).paragraphs if not wanted or each.style.name == wanted]


def rows(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read(content).tables[0].rows]


def test_a_report_has_its_parts_with_figures_and_what_the_unit_wrote(
    township: DocumentFacts, tmp_path: Path
) -> None:
    form = next(form for form in township.campaign.forms if isinstance(form, ReportForm))
    sentence = "共排查出问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，整改率{{ 整改率 }}；拟识别{{ 户数 }}户{{ 人数 }}人。"
    work = form.parts[0].model_copy(update={"sentences": (sentence,)})
    following = form.parts[1].model_copy(update={"help": "写谁来改。"})
    forms = tuple(
        form.model_copy(update={"parts": (work, following)}) if isinstance(form, ReportForm) else form
        for form in township.campaign.forms
    )
    campaign = township.campaign.model_copy(update={"forms": forms})
    written = {"work": ["走访 5 个村。\n没有漏户<b>。{{ 1 + 1 }}"]}
    content = document("report", replace(township, campaign=campaign, texts=written), tmp_path)
    assert lines(content, "标题") == ["东河镇自查报告"]
    assert lines(content, "主送") == ["青河县联席会议办公室："]
    assert lines(content, "一级") == ["一、排查开展情况", "二、下一步安排"]
    assert lines(content, "正文") == [
        "共排查出问题3个，已整改2个，整改率66.7%；拟识别1户4人。",
        "走访 5 个村。",
        "没有漏户<b>。{{ 1 + 1 }}",
        "（由单位填写：写谁来改。）",
    ]
    assert lines(content, "署名") == ["青河县东河镇人民政府"]
    assert lines(content, "日期") == ["2022年8月25日"]


def test_what_a_unit_has_typed_stands_in_its_report(
    database: Engine, campaign: Campaign, east: Unit, tmp_path: Path
) -> None:
    typed = {"campaign_id": campaign.id, "version": 1, "changed_by": CLERK, "changed_at": NOW}
    with database.begin() as connection:
        for code in (EAST, WEST):
            row = typed | {"unit_code": code, "part_id": "work", "text": f"{code}走访了每一户。"}
            connection.execute(insert(report_text), [row])
    facts = gather(campaign, Source(str(database.url)), TODAY, east)
    text = "\n".join(lines(document("report", facts, tmp_path)))
    assert f"{EAST}走访了每一户。" in text
    assert WEST not in text


def test_a_reminder_lists_the_units_overdue_issues(township: DocumentFacts, tmp_path: Path) -> None:
    content = document("reminder", township, tmp_path)
    assert lines(content, "表名") == ["超过整改时限的问题"]
    assert lines(content, "主送") == ["东河镇："]
    assert "共有问题3个，已整改2个，正在整改1个，其中1个已经超过整改时限" in lines(content, "正文")[0]
    assert rows(content)[1:] == [
        ["1", "上坝村委会", "张某某", "收入变化方面", "西屋<漏>雨 & 没修", "", "", "8月22日", "3"]
    ]
    assert lines(content, "编号") == ["〔2022〕　　号"]
    assert "办理情况于2022年9月1日前报" in "\n".join(lines(content, "正文"))


@pytest.mark.parametrize("kind", ["circular", "reminder", "campaign-report"])
def test_what_the_office_sends_ends_in_an_imprint(kind: str, township: DocumentFacts, tmp_path: Path) -> None:
    content = document(kind, township, tmp_path)
    assert lines(content)[-2:] == [*lines(content, "抄送"), *lines(content, "印发")]
    assert lines(content, "印发") == ["青河县联席会议办公室\t2022年8月25日印发"]


def test_an_issue_is_overdue_only_after_its_day(county: DocumentFacts) -> None:
    assert [issue.unit_code for issue in county.overdue] == [county.campaign.filing_units[0].code]


def test_a_circular_has_every_units_figures(county: DocumentFacts, tmp_path: Path) -> None:
    content = document("circular", county, tmp_path)
    text = "\n".join(lines(content))
    assert "共排查出问题4个，已整改2个，正在整改2个，整改率50%。" in text
    assert "从问题来源看，self的4个已整改2个，整改率50%。" in text
    assert "应报单位3个，各类问题已经报全的2个，没有报全的1个。已经签字报送的0个" in text
    assert "整改率靠前的是：东河镇66.7%（2/3）（括号里是已整改数和共排查问题数）。" in text
    assert "整改率靠后的是：西岭镇0%（0/1）。" in text
    assert "报送时限为8月31日上午下班前。" in text
    assert "与上次通报" not in text
    assert "没有报全的是：县水利局（缺2类）" in text
    assert "涉及东河镇（1个）" in text
    assert rows(content)[1:5] == [
        ["东河镇", "3", "2", "1", "1", "4", "66.7%"],
        ["西岭镇", "1", "0", "1", "1", "2", "0%"],
        ["县水利局", "—", "—", "—", "—", "—", "—"],
        ["合计", "4", "2", "2", "2", "6", "50%"],
    ]


def test_the_campaigns_report_has_every_problem_types_figures(county: DocumentFacts, tmp_path: Path) -> None:
    content = document("campaign-report", county, tmp_path)
    assert lines(content, "一级")[0] == "一、工作开展情况"
    assert [row[:2] for row in rows(content)[1:]] == [
        ["收入变化方面", "3"], ["住房安全", "1"], ["饮水安全", "0"], ["合计", "4"],
    ]  # fmt: skip
    assert "问题较多的是：收入变化方面3个、住房安全1个。" in "\n".join(lines(content))


def test_tables_behind_the_signature_are_an_annex_on_a_page_of_their_own(
    county: DocumentFacts, tmp_path: Path
) -> None:
    content = document("circular", county, tmp_path)
    assert lines(content, "正文")[-2:] == ["附件：1. 各单位排查整改情况", "　　　2. 各类问题排查整改情况"]
    assert lines(content, "附件") == ["附件1", "附件2"]
    assert lines(content, "表名") == ["各单位排查整改情况", "各类问题排查整改情况"]
    assert read(content).styles[name_in_word("附件")].paragraph_format.page_break_before


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_signs_on_a_page_without_text(kind: str, township: DocumentFacts, tmp_path: Path) -> None:
    paragraphs = read(document(kind, township, tmp_path)).paragraphs
    signed = next(place for place, each in enumerate(paragraphs) if each.style.name == "公文署名")
    words = max(place for place in range(signed) if paragraphs[place].text)
    assert words < signed - 1
    assert all(each.paragraph_format.keep_with_next for each in paragraphs[words : signed + 1])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("回头看问题整改督办单", ["回头看问题整改督办单"]),
        (
            "关于巩固拓展脱贫攻坚成果集中排查“回头看”专项行动进展情况的通报",
            ["关于巩固拓展脱贫攻坚成果集中排查", "“回头看”专项行动进展情况的通报"],
        ),
        ("县" * 30, ["县" * 30]),
        ("县" * 25 + "“回头看”报告", ["县" * 25 + "“回头看”报告"]),
    ],
)
def test_a_long_title_is_broken_where_its_sense_allows(title: str, expected: list[str]) -> None:
    assert title_lines(title) == expected


def test_a_long_title_has_two_lines_on_paper(county: DocumentFacts, tmp_path: Path) -> None:
    notice = county.campaign.notice.model_copy(update={"name": "全县秋季安全生产大检查“回头看”专项行动"})
    campaign = county.campaign.model_copy(update={"notice": notice})
    content = document("circular", replace(county, campaign=campaign), tmp_path)
    assert lines(content, "标题") == ["关于全县秋季安全生产大检查\n“回头看”专项行动进展情况的通报"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_the_standards(kind: str, township: DocumentFacts, tmp_path: Path) -> None:
    written = read(document(kind, township, tmp_path))
    section = written.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size / Mm(1)) for size in sizes] == [210, 297, 37, 28]
    text = (
        210 - (section.left_margin + section.right_margin) / Mm(1),
        297 - (section.top_margin + section.bottom_margin) / Mm(1),
    )
    assert [round(side) for side in text] == [156, 225]
    assert written.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "—  —"
        assert "PAGE" in paragraph._p.xml


def test_lines_and_fonts_are_the_standards(county: DocumentFacts, tmp_path: Path) -> None:
    styles = read(document("circular", county, tmp_path)).styles
    fonts = {name: styles[name_in_word(name)].element.rPr.rFonts.get(qn("w:eastAsia")) for name in STYLES}
    assert (fonts["标题"], fonts["正文"], fonts["一级"], fonts["二级"]) == (
        "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312",
    )  # fmt: skip
    body = styles[name_in_word("正文")]
    assert (body.font.size, styles[name_in_word("标题")].font.size) == (Pt(16), Pt(22))
    height = body.paragraph_format.line_spacing / Pt(1)
    assert Pt(28) <= body.paragraph_format.line_spacing <= Pt(29)
    assert 225 * 72 / 25.4 // height == 22
    spacing = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 156 * 72 / 25.4 // (16 + spacing) == 28
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


@pytest.mark.parametrize("kind", KINDS)
def test_two_writings_are_the_same_bytes(kind: str, township: DocumentFacts, tmp_path: Path) -> None:
    assert document(kind, township, tmp_path) == document(kind, township, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_no_braces_are_left(kind: str, township: DocumentFacts, tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(document(kind, township, tmp_path))) as parts:
        assert b"{" not in parts.read("word/document.xml")


def own_template(folder: Path, campaign: Campaign, words: str) -> None:
    """What the office has made of the template: other words, in Word."""
    (folder / "documents").mkdir()
    edited = read(template("circular", campaign))
    edited.paragraphs[0].text = words
    edited.save(str(folder / "documents" / "circular.docx"))


def test_the_office_changes_words_in_word(county: DocumentFacts, tmp_path: Path) -> None:
    own_template(tmp_path, county.campaign, "{{ 县 }}第3期通报（{{ 单位 }}）")
    content = document("circular", county, tmp_path)
    assert lines(content)[0] == "青河县第3期通报（青河县）"
    assert rows(content)[-1][:2] == ["合计", "4"]


@pytest.mark.parametrize(
    ("words", "detail"),
    [("{{ 没有这个词 }}", "没有这个词"), ("{% if 县 %}", "end"), ("{{ 县.__class__.__mro__ }}", "__class__")],
)
def test_a_template_that_can_not_be_filled_is_named(
    county: DocumentFacts, tmp_path: Path, words: str, detail: str
) -> None:
    own_template(tmp_path, county.campaign, words)
    with pytest.raises(BrokenTemplate, match=r"circular\.docx 用不了（.*") as raised:
        document("circular", county, tmp_path)
    assert detail in str(raised.value)


def test_a_template_that_is_no_word_file_is_named(county: DocumentFacts, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "circular.docx").write_bytes(b"not a document")
    with pytest.raises(BrokenTemplate, match="用不了"):
        document("circular", county, tmp_path)


def test_the_shipped_campaigns_sentences_can_be_filled(township: DocumentFacts, tmp_path: Path) -> None:
    shipped = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    report = next(form for form in shipped.forms if isinstance(form, ReportForm))
    forms = tuple(report if isinstance(form, ReportForm) else form for form in township.campaign.forms)
    campaign = township.campaign.model_copy(update={"forms": forms})
    text = "\n".join(lines(document("report", replace(township, campaign=campaign), tmp_path)))
    assert [line[:2] for line in text.splitlines() if line[1:2] == "、"] == ["一、", "二、", "三、", "四、"]
    assert "东河镇共排查出问题3个，已整改2个，正在整改1个，整改率66.7%。" in text
    assert "拟识别监测对象1户4人。" in text


def test_a_campaign_without_households_has_none_in_its_documents(
    county: DocumentFacts, tmp_path: Path
) -> None:
    forms = []
    for form in county.campaign.forms:
        if isinstance(form, RecordForm) and form.kind == "issue":
            kept = tuple(field for field in form.fields if field.id != "householder")
            forms.append(form.model_copy(update={"fields": kept}))
        elif isinstance(form, SummaryTable):
            columns = tuple(column for column in form.columns if not column.id.startswith("proposed"))
            forms.append(form.model_copy(update={"columns": columns}))
    # Made anew: a copy would keep the table that was found in the old forms.
    parts = {name: getattr(county.campaign, name) for name in Campaign.model_fields}
    facts = replace(county, campaign=Campaign(**parts | {"forms": tuple(forms)}))
    for kind in ("circular", "campaign-report", "reminder"):
        content = document(kind, facts, tmp_path)
        text = "\n".join([*lines(content), *(cell for row in rows(content) for cell in row)])
        assert [word for word in ("拟识别", "户数", "户主") if word in text] == [], kind
        headings = [line[0] for line in lines(content, "一级")]
        assert headings == [write_numeral(number) for number in range(1, len(headings) + 1)]
    assert "report" not in named(facts.campaign)


def test_every_figure_is_the_summarys(county: DocumentFacts) -> None:
    words = words_of(county)
    total = county.summary.county.total
    assert (words["共排查问题数"], words["人数"]) == (total.found, total.proposed_people)
    assert sum(row["共排查问题数"] for row in words["各问题类型"]) == total.found


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_rounded_half_up_to_one_decimal(part: int, whole: int) -> None:
    shown = rate(part, whole)
    assert abs(float(shown.removesuffix("%")) - 100 * part / whole) <= 0.05 + 1e-9


def test_small_things(county: DocumentFacts) -> None:
    assert full_day(county.today) == "2022年8月25日"
    assert (rate(1, 0), rate(1, 2), rate(2, 3), rate(1, 2000)) == ("—", "50%", "66.7%", "0.1%")


@pytest.mark.parametrize(("minutes", "past"), [(-1, False), (0, False), (1, True)])
def test_on_the_day_of_the_deadline_the_time_decides_whether_it_is_past(
    county: DocumentFacts, minutes: int, past: bool
) -> None:
    due = county.campaign.notice.deadline.at
    now = due + timedelta(minutes=minutes)
    assert words_of(replace(county, today=due.date(), now=now))["时限已过"] is past
    assert words_of(replace(county, today=due.date()))["时限已过"] is False
