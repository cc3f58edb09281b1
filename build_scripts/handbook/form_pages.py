"""How-to pages of the forms: a projection of the same fields as web form and workbook."""

from collections.abc import Iterable, Iterator

from build_scripts.handbook import page_urls
from build_scripts.handbook.field_help import choice_lines, how_to_fill
from build_scripts.handbook.how_counted import how_counted
from build_scripts.handbook.inspection_help import other_moves
from build_scripts.handbook.lifecycle_diagram import flow_diagram
from build_scripts.handbook.markdown import (
    block,
    bullets,
    button,
    heading,
    link,
    page,
    plain,
    prose,
    table,
    title,
)  # fmt: skip
from build_scripts.handbook.page_urls import FORMS, to
from build_scripts.handbook.page_words import area_title
from build_scripts.handbook.visit_help import visit_section
from checklist.date_formats import weekday_moment
from checklist.model import Campaign, Field, FilledForm, Form, RecordForm, ReportForm, Stage, SummaryTable


def form_index(campaign: Campaign) -> str:
    """Render the index of the forms."""
    return page(
        title("怎么填表"),
        form_list(campaign, FORMS),
        heading(2, plain("一个问题从登记到销号"), "flow"),
        flow_diagram(),
        other_moves(),
    )


def form_list(campaign: Campaign, here: str) -> str:
    """Render each form with its purpose and links to its page and to a new record."""
    return form_entries(campaign.forms, here)


def form_entries(forms: Iterable[Form], here: str) -> str:
    """Render the same for some forms."""
    return block("forms", "\n\n".join(_form_entry(form, here) for form in forms))


def _form_entry(form: Form, here: str) -> str:
    name = link(f"{form.annex} {form.name}".strip(), to(here, page_urls.form_page(form)))
    new = f"\n\n    {_new_record(form, here)}" if isinstance(form, RecordForm) else ""
    return f"-   **{name}**\n\n    {plain(form.purpose)}{new}"


def _new_record(form: RecordForm, here: str) -> str:
    return button("登记问题" if form.kind == "issue" else "登记", page_urls.new_record(here, form))


def form_page(campaign: Campaign, form: Form) -> str:
    """Render the how-to page of one form."""
    return page(
        title(f"{form.annex} {form.name}".strip()),
        block("form-title", f"**{plain(form.title.replace('{unit}', form.blank_unit))}**"),
        prose(form.purpose),
        _blank(form),
        *_body(campaign, form),
        *_filing_lines(form),
    )


def _blank(form: Form) -> str:
    """Render the link to the blank workbook; a report has none."""
    if isinstance(form, ReportForm):
        return ""
    return link("下载空白表（Excel）", to(page_urls.form_page(form), page_urls.blank_file(form)))


def _body(campaign: Campaign, form: Form) -> Iterator[str]:
    if isinstance(form, RecordForm):
        return _record_form(campaign, form)
    if isinstance(form, SummaryTable):
        return _summary_table(campaign, form)
    return _report(campaign, form)


def _filing_lines(form: Form) -> Iterator[str]:
    if form.filing_lines:
        yield heading(2, plain("表头和落款"), "filing-lines")
        yield bullets(plain(line.label) for line in form.filing_lines)


def _record_form(campaign: Campaign, form: RecordForm) -> Iterator[str]:
    here = page_urls.form_page(form)
    yield block(
        "actions",
        button("登记" if form.kind == "household" else "登记问题", page_urls.new_record(here, form)),
    )
    yield from visit_section(campaign, form)
    yield from field_sections(campaign, form)


def field_sections(campaign: Campaign, form: FilledForm) -> Iterator[str]:
    """Yield the table of a form's fields, and each field with how to fill it in."""
    yield heading(2, plain("要填的栏目"), "fields")
    yield table(("栏目", "怎么填", "必填"), (_field_row(campaign, form, field) for field in form.fields))
    yield heading(2, plain("逐栏说明"), "how")
    for field in form.fields:
        yield heading(3, plain(field.label), page_urls.field_anchor(form, field))
        yield prose(field.help)
        yield block("facts", bullets(_field_lines(campaign, form, field)))
        if field.choices:
            yield bullets(choice_lines(field))


def _field_row(campaign: Campaign, form: FilledForm, field: Field) -> tuple[str, str, str]:
    name = link(field.label, f"#{page_urls.field_anchor(form, field)}")
    return name, plain(how_to_fill(campaign, field)), _needed(field)


def _needed(field: Field) -> str:
    if not field.required:
        return ""
    if field.stage is Stage.RECTIFIED:
        return "整改后必填"
    return "有条件必填" if field.when else "必填"


def _field_lines(campaign: Campaign, form: FilledForm, field: Field) -> Iterator[str]:
    yield f"**填法**：{plain(how_to_fill(campaign, field))}"
    if field.example:
        yield f"**例**：<span data-search-exclude>{plain(field.example)}</span>"
    if field.when:
        yield f"**什么时候填**：{_condition(form, field)}"
    elif field.stage is Stage.RECTIFIED:
        yield "**什么时候填**：报告整改完成时"
    if header := _header(field):
        yield f"**表头**：{header}"
    if field.header_aliases:
        yield f"**导入时也认的表头**：{plain('、'.join(field.header_aliases))}"


def _condition(form: FilledForm, field: Field) -> str:
    assert field.when
    asked = form.field(field.when.field)
    answers = (choice.label for choice in asked.choices if choice.id in field.when.among)
    return f"只在“{plain(asked.label)}”选{plain('或'.join(answers))}时填"


def _header(field: Field) -> str:
    """Return a note on a column header that differs from the label; empty if it does not."""
    words = field.header or field.label
    full = f"{field.group} / {words}" if field.group else words
    if not field.column:
        return f"{plain(full)}（通知的附件没有这一栏，导出时排在右边）"
    return plain(full) if full != field.label else ""


def _summary_table(campaign: Campaign, form: SummaryTable) -> Iterator[str]:
    yield f"已经汇总的数字见{link('汇总表', to(page_urls.form_page(form), page_urls.SUMMARY))}。"
    yield heading(2, plain("每个数字怎么来"), "columns")
    told = how_counted(campaign)
    for column in form.columns:
        name = f"{column.group}{column.label}"
        yield heading(3, plain(name), page_urls.part_anchor(form, column.id))
        yield plain(told[column.id])
    yield heading(2, plain("没有数字的格"), "marks")
    yield bullets(
        (
            f"**{plain(form.zero_mark)}**：查过了，没有问题（在系统里勾选“经排查无问题”）",
            f"**{plain(form.missing_mark)}**：还没有报，既没有登记问题，也没有勾选“经排查无问题”",
        )
    )
    yield heading(2, plain(form.row_label), "rows")
    yield table(("方面", form.row_label, "也叫"), _type_rows(campaign))


def _type_rows(campaign: Campaign) -> Iterator[tuple[str, str, str]]:
    for kind in campaign.problem_types:
        area = campaign.area_of_problem_type[kind.id]
        other = [name for name in (kind.name, *kind.aliases) if name != kind.row_name]
        here = page_urls.form_page(campaign.summary_table)
        yield (
            link(area_title(area), to(here, page_urls.area_page(area))),
            plain(kind.row_name),
            plain("、".join(other)),
        )


def _report(campaign: Campaign, form: ReportForm) -> Iterator[str]:
    deadline = campaign.notice.deadline
    yield block("deadline", f"**{plain(deadline.text)}**　{weekday_moment(deadline.at)}")
    yield heading(2, plain("报告内容"), "parts")
    for number, part in enumerate(form.parts, start=1):
        yield heading(3, f"{number}&#46; {plain(part.title)}", page_urls.part_anchor(form, part.id))
        yield prose(part.help)
