"""The documents that there are, and the template of each: what the office edits in Word where it wants other words.

In braces stand the words of ``words.py``; ``{%p … %}`` and ``{%tr … %}`` repeat paragraphs and rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from build_scripts.documents.blocks import Block, Line, Table

_SIGNED = (Line("空行"), Line("署名", "{{ 署名 }}"), Line("日期", "{{ 日期 }}"))

_HEADERS = ("共排查问题数", "已整改数", "正在整改数", "拟识别户数", "拟识别人数")
_FIGURES = ("共排查问题数", "已整改数", "正在整改数", "户数", "人数")


@dataclass(frozen=True)
class Kind:
    """A kind of document."""

    name: str
    """What the office calls it."""
    about: str
    """What is in it, in a sentence."""
    blocks: tuple[Block, ...]
    """The template that is used where the campaign's folder has none."""
    of_unit: bool = False
    """Whether it is one unit's: written by it, or to it."""
    about_overdue: bool = False
    """Whether there is nothing to write without overdue issues."""


def _table(name: str, first: str, rows: str) -> tuple[Block, ...]:
    """Figures by one thing, and their total."""
    return (
        Line("表名", name),
        Table(
            (first, *_HEADERS, "整改率"),
            (60, 16, 16, 16, 16, 16, 16),
            (
                ("{%tr for 行 in " + rows + " %}", *[""] * 6),
                ("{{ 行.名称 }}", *(f"{{{{ 行.{figure} }}}}" for figure in _FIGURES), "{{ 行.整改率 }}"),
                ("{%tr endfor %}", *[""] * 6),
                ("合计", *(f"{{{{ {figure} }}}}" for figure in _FIGURES), "{{ 整改率 }}"),
            ),
            texts=(0,),
        ),
    )


_REPORT = (
    Line("标题", "{{ 标题 }}"),
    Line("空行"),
    Line("主送", "{{ 办公室 }}："),
    Line("正文", "{%p for 部分 in 各部分 %}"),
    Line("一级", "{{ 部分.序 }}、{{ 部分.题 }}"),
    Line("正文", "{%p for 段 in 部分.段落 %}"),
    Line("正文", "{{ 段 }}"),
    Line("正文", "{%p endfor %}"),
    Line("正文", "{%p endfor %}"),
    *_SIGNED,
    Line("正文", "{%p for 行 in 签批 %}"),
    Line("正文", "{{ 行 }}"),
    Line("正文", "{%p endfor %}"),
)

_CIRCULAR = (
    Line("标题", "关于{{ 专项 }}进展情况的通报"),
    Line("空行"),
    Line("主送", "{{ 主送 }}："),
    Line("正文", "按照《{{ 通知标题 }}》（{{ 文号 }}）要求，现将截至{{ 日期 }}的进展情况通报如下。"),
    Line("一级", "一、总体情况"),
    Line("二级", "（一）报送情况"),
    Line(
        "正文", "应报单位{{ 应报单位数 }}个，已经报全的{{ 报全单位数 }}个，没有报全的{{ 未报全单位数 }}个。"
    ),
    Line("二级", "（二）排查整改情况"),
    Line(
        "正文",
        "共排查出问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，正在整改{{ 正在整改数 }}个，整改率{{ 整改率 }}。",
    ),
    Line("正文", "{%p if 各问题来源 %}"),
    Line(
        "正文",
        "从问题来源看，{% for 行 in 各问题来源 %}{{ 行.名称 }}的{{ 行.共排查问题数 }}个已整改{{ 行.已整改数 }}个，"
        "整改率{{ 行.整改率 }}{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
    ),
    Line("正文", "{%p endif %}"),
    Line("二级", "（三）拟识别监测对象情况"),
    Line("正文", "拟识别监测对象{{ 户数 }}户{{ 人数 }}人。"),
    Line("一级", "二、存在问题"),
    Line("正文", "{%p if 未报全 %}"),
    Line("正文", "有的单位没有报全。没有报全的是：{{ 未报全 }}。"),
    Line("正文", "{%p endif %}"),
    Line("正文", "{%p if 逾期数 %}"),
    Line("正文", "有的问题超过时限没有整改到位，共{{ 逾期数 }}个，涉及{{ 逾期单位 }}。"),
    Line("正文", "{%p endif %}"),
    Line("一级", "三、下一步要求"),
    Line(
        "正文",
        "没有报全的单位要抓紧补报，查过确实没有问题的要如实报“经排查无问题”；"
        "超过时限的问题要逐个查明原因，整改到位后及时报告。报送时限为{{ 报送时限 }}。",
    ),
    Line("空行"),
    Line("正文", "附件：各单位排查整改情况"),
    *_SIGNED,
    Line("附件", "附件"),
    *_table("各单位排查整改情况", "单位", "各单位"),
)

_OVERDUE = (
    Line("表名", "超过整改时限的问题"),
    Table(
        ("序号", "村", "户主", "问题类型", "具体内容", "责任人", "时限", "逾期天数"),
        (11, 22, 16, 22, 34, 16, 24, 11),
        (
            ("{%tr for 行 in 逾期问题 %}", *[""] * 7),
            (
                "{{ 行.序号 }}", "{{ 行.村 }}", "{{ 行.户主 }}", "{{ 行.问题类型 }}", "{{ 行.具体内容 }}",
                "{{ 行.责任人 }}", "{{ 行.时限 }}", "{{ 行.逾期天数 }}",
            ),
            ("{%tr endfor %}", *[""] * 7),
        ),
        texts=(4,),
    ),
)  # fmt: skip

_REMINDER = (
    Line("标题", "{{ 专项简称 }}问题整改督办单"),
    Line("空行"),
    Line("主送", "{{ 单位 }}："),
    Line(
        "正文",
        "截至{{ 日期 }}，你单位台账里共有问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，正在整改{{ 正在整改数 }}个，"
        "其中{{ 逾期数 }}个已经超过整改时限，现予督办。",
    ),
    *_OVERDUE,
    Line("空行"),
    Line(
        "正文",
        "请主要负责同志亲自过问，逐个查明原因，明确责任人和完成时间，整改到位后在系统里报告整改成效；"
        "确实不能按时完成的，书面说明情况。",
    ),
    Line("正文", "联系电话：{{ 联系电话 }}。"),
    *_SIGNED,
)

_CAMPAIGN_REPORT = (
    Line("标题", "{{ 县 }}{{ 专项 }}情况报告"),
    Line("空行"),
    Line("主送", "（填写上级机关）："),
    Line("一级", "一、工作开展情况"),
    Line(
        "正文",
        "按照《{{ 通知标题 }}》（{{ 文号 }}）部署，全县{{ 应报单位数 }}个单位参加排查，"
        "对照{{ 方面数 }}个方面、{{ 问题类型数 }}类问题逐村逐户排查，已经报全的{{ 报全单位数 }}个。",
    ),
    Line("一级", "二、排查问题及整改情况"),
    Line(
        "正文",
        "全县共排查出问题{{ 共排查问题数 }}个，已整改{{ 已整改数 }}个，正在整改{{ 正在整改数 }}个，整改率{{ 整改率 }}。"
        "{% if 按问题类型 %}问题较多的是：{{ 按问题类型 }}。{% endif %}",
    ),
    *_table("各类问题排查整改情况", "问题类型", "各问题类型"),
    Line("空行"),
    Line("一级", "三、动态监测帮扶情况"),
    Line("正文", "拟识别监测对象{{ 户数 }}户{{ 人数 }}人，正在按程序核实。"),
    Line("一级", "四、存在的困难和问题"),
    Line(
        "正文",
        "还有{{ 正在整改数 }}个问题正在整改，其中{{ 逾期数 }}个超过时限；没有报全的单位{{ 未报全单位数 }}个。",
    ),
    Line("一级", "五、下一步工作"),
    Line(
        "正文", "对正在整改的问题逐个盯办，整改一个、销号一个；对拟识别监测对象及时履行程序，落实帮扶措施。"
    ),
    *_SIGNED,
)

KINDS: Mapping[str, Kind] = {
    "report": Kind("自查报告", "单位写的四个部分，加上台账的数字；单位打印签字盖章。", _REPORT, of_unit=True),
    "circular": Kind("通报", "报送、排查、整改进展和存在问题，附各单位数字。", _CIRCULAR),
    "reminder": Kind(
        "督办单", "写给一个单位，列出超过整改时限的每个问题。", _REMINDER, of_unit=True, about_overdue=True
    ),
    "campaign-report": Kind("专项行动情况报告", "全县的总结，附各类问题数字，报上级用。", _CAMPAIGN_REPORT),
}
"""What ``huitoukan document`` takes; a campaign's own template is ``documents/<key>.docx`` in its folder."""
