"""The shipped forms are the notice's annexes, letter by letter: titles, columns, headers, sign-off lines."""

from pathlib import Path

import pytest

from checklist.loading.loader import load_campaign
from checklist.model import Campaign, FieldType, RecordForm, Stage

FOLDER = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"
A4_LANDSCAPE = 140
"""Characters of a workbook's default font that fit between narrow margins."""


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(FOLDER)


def official_headers(form: RecordForm) -> list[str]:
    columns = [field for field in form.fields if field.column]
    return ["/".join(filter(None, [field.group, field.header or field.label])) for field in columns]


def blank_title(campaign: Campaign, form_id: str) -> str:
    form = campaign.form_by_id[form_id]
    return form.title.replace("{unit}", form.blank_unit)


RECTIFICATION = [
    "问题类型", "具体内容", "整改措施", "整改责任/责任人", "整改责任/责任单位", "整改时限", "整改成效",
]  # fmt: skip


def test_columns_of_annex_1_1(campaign):
    assert official_headers(campaign.form_by_id["annex-1-1"]) == [
        "序号", "镇", "村", "户主姓名", "户类型 (脱贫户、边缘易致贫户、一般农户)", *RECTIFICATION,
    ]  # fmt: skip


def test_columns_of_annex_1_2(campaign):
    assert official_headers(campaign.form_by_id["annex-1-2"]) == ["序号", "面上问题层级", *RECTIFICATION]


def test_levels_of_annex_1_2(campaign):
    choices = campaign.form_by_id["annex-1-2"].field("level").choices
    assert [f"{choice.label}（{choice.place}）" for choice in choices] == [
        "县级层面（xx 单位）", "镇级层面（xx 乡镇）", "村级层面（xx 乡镇 xx 村）",
    ]  # fmt: skip


def test_columns_of_annex_2(campaign):
    table = campaign.summary_table
    assert (table.unit_label, table.row_label, table.total_label) == ("单位/乡镇", "问题类型", "合计")
    assert ["/".join(filter(None, [column.group, column.label])) for column in table.columns] == [
        "共排查问题数", "已整改数", "正在整改数", "拟识别监测对象/户数", "拟识别监测对象/人数",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form_id", "title"),
    [
        ("annex-1-1", "_____单位/乡镇集中排查“回头看”专项行动问题整改台账(户内问题)"),
        ("annex-1-2", "_____单位/乡镇集中排查“回头看”专项行动问题整改台账(面上问题)"),
        ("annex-2", "单位/乡镇集中排查“回头看”专项行动整改情况汇总表"),
    ],
)
def test_title_of_a_blank_annex(campaign, form_id, title):
    assert blank_title(campaign, form_id) == title


@pytest.mark.parametrize(
    ("form_id", "lines"),
    [
        ("annex-1-1", ["填报单位(盖章):", "填报人:", "填报时间:"]),
        ("annex-1-2", ["填报单位（盖章）：", "填报人：", "填报时间："]),
        ("annex-2", ["单位（盖章）：", "填报人：", "主要负责人签字：", "填报时间："]),
    ],
)
def test_filing_lines(campaign, form_id, lines):
    assert [line.label for line in campaign.form_by_id[form_id].filing_lines] == lines


def test_report_has_the_four_parts_that_the_notice_names(campaign):
    parts = [part.title for part in campaign.form_by_id["report"].parts]
    assert len(parts) == 4
    assert f"（报告内容包括{'、'.join(parts)}等）" in campaign.notice.phases[-1].tasks[-1].text


def test_field_ids_are_a_contract_with_the_records(campaign):
    issue = [
        "problem_type", "content", "measures", "responsible_person", "responsible_unit", "deadline", "outcome",
    ]  # fmt: skip
    household = ["serial", "township", "village", "householder", "household_type"]
    assert {form.id: [field.id for field in form.fields] for form in campaign.record_forms} == {
        "annex-1-1": [*household, *issue, "people", "source", "found_by"],
        "annex-1-2": ["serial", "level", "township", "village", *issue, "source", "found_by"],
        "proposed-household": [
            *household,
            "people",
            "problem_type",
            "reason",
            "identified_on",
            "found_by",
            "entered_on",
        ],
    }


def test_only_the_outcome_is_asked_when_rectified(campaign):
    fields = [field for form in campaign.record_forms for field in form.fields]
    assert {field.id for field in fields if field.stage is Stage.RECTIFIED} == {"outcome"}


def test_five_household_types_with_what_people_write_for_them(campaign):
    for form_id in ("annex-1-1", "proposed-household"):
        choices = campaign.form_by_id[form_id].field("household_type").choices
        assert {choice.id: choice.label for choice in choices} == {
            "tuopin": "脱贫户",
            "buwending": "脱贫不稳定户",
            "bianyuan": "边缘易致贫户",
            "tufa": "突发严重困难户",
            "yiban": "一般农户",
        }
        known = {name for choice in choices for name in (choice.label, *choice.aliases)}
        assert {"建档立卡脱贫户", "边缘户", "突发困难户", "一般户"} <= known
        assert not {"监测户", "三类户", "低保户", "贫困户"} & known, "a person has to say which type is meant"


def test_every_field_is_explained_with_an_example(campaign):
    for form in campaign.record_forms:
        for field in form.fields:
            assert field.help.endswith("。"), (form.id, field.id)
            assert field.example, (form.id, field.id)
            if field.type is FieldType.CHOICE:
                assert field.example in {choice.label for choice in field.choices}


@pytest.mark.parametrize("form_id", ["annex-1-1", "annex-1-2", "proposed-household"])
def test_official_columns_fit_a4_landscape(campaign, form_id):
    assert sum(field.width for field in campaign.form_by_id[form_id].fields if field.column) <= A4_LANDSCAPE
