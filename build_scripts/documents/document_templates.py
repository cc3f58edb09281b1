"""The registry of document templates, which the office may override with an edited Word file.

Placeholders in braces are the words of ``template_words.py``; ``{%p … %}`` and ``{%tr … %}`` repeat paragraphs and
rows. The campaign's own labels (columns of its summary, its list of households) are written into its template.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from build_scripts.documents.document_blocks import Block, Paragraph, Table
from build_scripts.documents.template_words import FIGURES
from checklist.chinese_numerals import write_numeral
from checklist.model import Campaign

_SIGNED = (Paragraph("空行"), Paragraph("署名", "{{ 署名 }}"), Paragraph("日期", "{{ 日期 }}"))
_IMPRINT = (
    Paragraph("空行"),
    Paragraph("抄送", "抄送：（填写抄送机关，没有就删去这一行）。"),
    Paragraph("印发", "{{ 办公室 }}\t{{ 日期 }}印发"),
)
"""The imprint (版记)."""

_TEXT_WIDTH = 156
_FIGURE_WIDTH = 16
"""Millimetres: three characters a line."""

Section = tuple[str, Sequence[Block]]
"""A heading without its number, and its content."""


def _numbered(sections: Iterable[Section], style: str = "一级", number: str = "{}、") -> Iterator[Block]:
    for place, (heading, blocks) in enumerate(sections, 1):
        yield Paragraph(style, number.format(write_numeral(place)) + heading)
        yield from blocks


def _households(campaign: Campaign) -> str:
    """Return the campaign's name for its list of households; empty if it has none."""
    return next((form.name for form in campaign.record_forms if form.kind == "household"), "")


def _table(campaign: Campaign, name: str, first: str, rows: str) -> tuple[Block, ...]:
    """Build a table of the summary's figures by one dimension, with the total."""
    columns = campaign.summary_table.columns
    figures = [FIGURES[column.id] for column in columns]
    room = _TEXT_WIDTH - _FIGURE_WIDTH * (len(columns) + 1)
    blank = [""] * (len(columns) + 1)
    return (
        Paragraph("表名", name),
        Table(
            (first, *(f"{column.group}{column.label}" for column in columns), "整改率"),
            (room, *[_FIGURE_WIDTH] * (len(columns) + 1)),
            (
                ("{%tr for 行 in " + rows + " %}", *blank),
                ("{{ 行.名称 }}", *(f"{{{{ 行.{figure} }}}}" for figure in figures), "{{ 行.整改率 }}"),
                ("{%tr endfor %}", *blank),
                (
                    campaign.summary_table.total_label,
                    *(f"{{{{ {figure} }}}}" for figure in figures),
                    "{{ 整改率 }}",
                ),
            ),
            texts=(0,),
        ),
    )


def _report(campaign: Campaign) -> tuple[Block, ...]:
    return (
        Paragraph("标题", "{{ 标题 }}"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 办公室 }}："),
        Paragraph("正文", "{%p for 部分 in 各部分 %}"),
        Paragraph("一级", "{{ 部分.序 }}、{{ 部分.题 }}"),
        Paragraph("正文", "{%p for 段 in 部分.段落 %}"),
        Paragraph("正文", "{%p if 段.is_heading %}"),
        Paragraph("二级", "{{ 段 }}"),
        Paragraph("正文", "{%p else %}"),
        Paragraph("正文", "{{ 段 }}"),
        Paragraph("正文", "{%p endif %}"),
        Paragraph("正文", "{%p endfor %}"),
        Paragraph("正文", "{%p endfor %}"),
        *_SIGNED,
        Paragraph("正文", "{%p for 行 in 签批 %}"),
        Paragraph("正文", "{{ 行 }}"),
        Paragraph("正文", "{%p endfor %}"),
    )


def _when(words: str, *texts: str) -> tuple[Block, ...]:
    """Paragraphs that stand there only where the words say something."""
    told = (Paragraph("正文", text) for text in texts)
    return (Paragraph("正文", "{%p if " + words + " %}"), *told, Paragraph("正文", "{%p endif %}"))


_RISKS = "{% if 主要风险 %}主要风险是：{{ 主要风险 }}。{% endif %}"


def _circular(campaign: Campaign) -> tuple[Block, ...]:
    households = _households(campaign)
    about: list[Section] = [("报送情况", _HANDED_IN), ("排查整改情况", (*_FOUND, *_SINCE, *_RANKED))]
    if households:
        told = f"{households}{{{{ 户数 }}}}户{{{{ 人数 }}}}人。" + _RISKS
        about.append((f"{households}情况", [Paragraph("正文", told)]))
    sections: list[Section] = [
        ("总体情况", list(_numbered(about, "二级", "（{}）"))),
        ("存在问题", _WRONG),
        ("下一步要求", _NEXT),
    ]
    return (
        Paragraph("标题", "关于{{ 专项 }}进展情况的通报"),
        *_when("发文号", "{{ 发文号 }}"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 主送 }}："),
        Paragraph("正文", "按照《{{ 通知标题 }}》（{{ 文号 }}）要求，现将截至{{ 日期 }}的进展情况通报如下。"),
        *_numbered(sections),
        Paragraph("空行"),
        Paragraph("正文", "附件：1. 各单位排查整改情况"),
        Paragraph("正文", "　　　2. 各类问题排查整改情况"),
        *_SIGNED,
        Paragraph("附件", "附件1"),
        *_table(campaign, "各单位排查整改情况", "单位", "各单位"),
        Paragraph("附件", "附件2"),
        *_table(campaign, "各类问题排查整改情况", campaign.summary_table.row_label, "各问题类型"),
        *_IMPRINT,
    )


_HANDED_IN = (
    Paragraph(
        "正文",
        "应报单位{{ 应报单位数 }}个，各类问题已经报全的{{ 报全单位数 }}个，没有报全的{{ 未报全单位数 }}个。"
        "{% if 报送 %}已经签字报送的{{ 报送.按时 + 报送.迟报数 }}个，"
        "其中按时{{ 报送.按时 }}个、迟报{{ 报送.迟报数 }}个；"
        "还没有报送的{{ 报送.未报数 }}个。{% endif %}",
    ),
)

_FOUND = (
    *_when(
        "共排查问题数",
        "共排查出问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，正在整改{{ 正在整改数 }}个，整改率{{ 整改率 }}。"
        "{% if 按问题类型 %}问题较多的是：{{ 按问题类型 }}。{% endif %}",
    ),
    *_when("not 共排查问题数", "各单位还没有登记问题。"),
    *_when(
        "各问题来源",
        "从问题来源看，{% for 行 in 各问题来源 %}{{ 行.名称 }}的{{ 行.共排查问题数 }}个已整改{{ 行.已整改数 }}个，"
        "整改率{{ 行.整改率 }}{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
)

_SINCE = _when(
    "上次",
    "与上次通报（截至{{ 上次.日期 }}）相比，新排查出问题{{ 上次.新排查 }}个，新整改{{ 上次.新整改 }}个，"
    "整改率由{{ 上次.整改率 }}到{{ 整改率 }}。",
)

_RANKED = (
    *_when("整改率靠前", "整改率靠前的是：{{ 整改率靠前 }}（括号里是已整改数和共排查问题数）。"),
    *_when("整改率靠后", "整改率靠后的是：{{ 整改率靠后 }}。"),
)

_WRONG = (
    *_when(
        "报送 and 报送.迟报 or 报送 and 时限已过 and 报送.未报",
        "有的单位没有按时报送。{% if 报送.迟报 %}迟报的是：{{ 报送.迟报 }}。{% endif %}"
        "{% if 时限已过 and 报送.未报 %}过了{{ 报送截止日 }}还没有报送的是：{{ 报送.未报 }}。{% endif %}",
    ),
    *_when("未报全", "有的单位没有报全。没有报全的是：{{ 未报全 }}。"),
    *_when("逾期数", "有的问题超过时限没有整改到位，共{{ 逾期数 }}个，涉及{{ 逾期单位 }}。"),
    *_when(
        "典型问题",
        "反映比较集中的问题是：{% for 行 in 典型问题 %}{{ 行.内容 }}（{{ 行.个数 }}个）"
        "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
    *_when("not (未报全 or 逾期数 or 典型问题 or 报送 and 报送.迟报)", "没有迟报、漏报和逾期的。"),
)

_NEXT = (
    *_when(
        "not 时限已过",
        "没有报全的单位要抓紧补报，查过确实没有问题的要如实报“经排查无问题”；"
        "超过时限的问题要逐个查明原因，整改到位后及时报告。报送时限为{{ 报送时限 }}。",
    ),
    *_when(
        "时限已过",
        "报送时限（{{ 报送截止日 }}）已过，没有报送、没有报全的单位要立即补报，"
        "查过确实没有问题的要如实报“经排查无问题”；"
        "正在整改的问题要逐个盯办，超过时限的要查明原因，整改到位后及时报告。",
    ),
)

_OVERDUE_COLUMNS = {
    "序号": 10, "村": 20, "户主": 15, "问题类型": 20, "具体内容": 29, "责任人": 14, "责任单位": 20, "时限": 18,
    "逾期天数": 10,
}  # fmt: skip
"""The words of an overdue issue, and how wide each is in millimetres."""


def _overdue(campaign: Campaign) -> tuple[Block, ...]:
    """Build the table of overdue issues, without the householder's column if no form has one."""
    form = campaign.household_form
    householder = [field.label for field in form.fields if field.id == "householder"] if form else []
    columns = dict(_OVERDUE_COLUMNS)
    if not householder:
        columns["具体内容"] += columns.pop("户主")
    headers = {"户主": householder[0] if householder else "", "问题类型": campaign.summary_table.row_label}
    blank = [""] * (len(columns) - 1)
    return (
        Paragraph("表名", "超过整改时限的问题"),
        Table(
            tuple(headers.get(column, column) for column in columns),
            tuple(columns.values()),
            (
                ("{%tr for 行 in 逾期问题 %}", *blank),
                tuple(f"{{{{ 行.{column} }}}}" for column in columns),
                ("{%tr endfor %}", *blank),
            ),
            texts=(list(columns).index("具体内容"),),
        ),
    )


def _reminder(campaign: Campaign) -> tuple[Block, ...]:
    return (
        Paragraph("标题", "{{ 专项简称 }}问题整改督办单"),
        Paragraph("编号", "{% if 发文号 %}{{ 发文号 }}{% else %}〔{{ 年份 }}〕　　号{% endif %}"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 单位 }}："),
        Paragraph(
            "正文",
            "截至{{ 日期 }}，你单位台账里共有问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，"
            "正在整改{{ 正在整改数 }}个，其中{{ 逾期数 }}个已经超过整改时限，现予督办。",
        ),
        *_overdue(campaign),
        Paragraph("空行"),
        Paragraph(
            "正文",
            "请主要负责同志亲自过问，会同责任单位逐个查明原因，明确责任人和完成时间，整改到位后在系统里报告整改成效；"
            "确实不能按时完成的，书面说明情况。办理情况于{{ 答复期限 }}前报{{ 办公室 }}。",
        ),
        Paragraph("正文", "联系电话：{{ 联系电话 }}。"),
        *_SIGNED,
        *_IMPRINT,
    )


def _campaign_report(campaign: Campaign) -> tuple[Block, ...]:
    households = _households(campaign)
    own = f"；对{households}及时履行程序，逐户落实措施" if households else ""
    sections: list[Section] = [
        ("工作开展情况", [Paragraph(
            "正文",
            "按照《{{ 通知标题 }}》（{{ 文号 }}）部署，全县{{ 应报单位数 }}个单位参加排查，"
            "对照{{ 方面数 }}个方面、{{ 问题类型数 }}类问题逐项排查，已经报全的{{ 报全单位数 }}个。",
        )]),
        ("排查问题及整改情况", [
            Paragraph(
                "正文",
                "全县共排查出问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，正在整改{{ 正在整改数 }}个，"
                "整改率{{ 整改率 }}。{% if 按问题类型 %}问题较多的是：{{ 按问题类型 }}。{% endif %}",
            ),
            *_table(campaign, "各类问题排查整改情况", campaign.summary_table.row_label, "各问题类型"),
            Paragraph("空行"),
        ]),
    ]  # fmt: skip
    if campaign.inspection:
        sections.append(("实地督导情况", _SUPERVISED))
    if households:
        told = Paragraph("正文", f"{households}{{{{ 户数 }}}}户{{{{ 人数 }}}}人，正在按程序核实。")
        sections.append((f"{households}情况", [told]))
    sections += [
        ("存在的困难和问题", [Paragraph(
            "正文",
            "还有{{ 正在整改数 }}个问题正在整改，其中{{ 逾期数 }}个超过时限；没有报全的单位{{ 未报全单位数 }}个。",
        )]),
        ("下一步工作", [Paragraph("正文", f"对正在整改的问题逐个盯办，整改一个、销号一个{own}。")]),
    ]  # fmt: skip
    return (
        Paragraph("标题", "{{ 县 }}{{ 专项 }}情况报告"),
        Paragraph("空行"),
        Paragraph("主送", "（填写上级机关）："),
        *_numbered(sections),
        *_SIGNED,
        *_IMPRINT,
    )


def _bar(rate: str) -> str:
    """A bar of blocks in proportion to a rate in per cent: it prints everywhere, and is edited like text."""
    return f"{{{{ '█' * ({rate}|replace('%', '')|float / 10)|round|int }}}}"


_FALSE = "行.虚假整改率|default('—')"  # letters of older versions have none
_FALSE_RATE = f"{{{{ {_FALSE} }}}}"


_SUPERVISED = (
    Paragraph("正文", "{%p if 督导 %}"),
    Paragraph(
        "正文",
        "截至{{ 督导.截至 }}（{{ 督导.发文号 }}），督导组到{{ 督导.督导单位数 }}个单位"
        "入户核查抽中的{{ 督导.看的户数 }}户，"
        "核实抽中的报告已整改的问题{{ 督导.看的问题数 }}个，反馈问题{{ 督导.反馈数 }}个。漏查率{{ 督导.漏查率 }}"
        "（95%区间{{ 督导.漏查区间 }}），虚假整改率{{ 督导.虚假率 }}（95%区间{{ 督导.虚假区间 }}）。",
    ),
    Paragraph("正文", "{%p if 督导.各单位 %}"),
    Paragraph("表名", "各单位漏查率和虚假整改率（一格10%）"),
    Table(
        ("单位", "漏查率", "图", "虚假整改率", "图"),
        (32, 18, 44, 18, 44),
        (
            ("{%tr for 行 in 督导.各单位 %}", "", "", "", ""),
            ("{{ 行.单位 }}", "{{ 行.漏查率 }}", _bar("行.漏查率"), _FALSE_RATE, _bar(_FALSE)),
            ("{%tr endfor %}", "", "", "", ""),
        ),
        texts=(0, 2, 4),
    ),
    Paragraph("空行"),
    Paragraph("正文", "{%p endif %}"),
    Paragraph("正文", "{%p else %}"),
    Paragraph("正文", "还没有发过督导通报。"),
    Paragraph("正文", "{%p endif %}"),
)

LAYOUTS: Mapping[str, Callable[[Campaign], tuple[Block, ...]]] = {
    "report": _report,
    "circular": _circular,
    "reminder": _reminder,
    "campaign-report": _campaign_report,
}
"""Document kind to the function that builds a campaign's template."""
