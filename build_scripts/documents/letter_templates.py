"""Templates of what the office sends out in supervision on the spot: the circular of a round and the urging letter.

Their words are given when they are written down in the register of letters, and the same ever after. The office may
override them, as the other documents, with an edited Word file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from build_scripts.documents.document_blocks import Block, Paragraph, Table
from build_scripts.documents.document_kinds import KINDS
from build_scripts.documents.document_templates import LAYOUTS
from checklist.chinese_numerals import write_numeral
from checklist.model import Campaign

_SIGNED = (Paragraph("空行"), Paragraph("署名", "{{ 署名 }}"), Paragraph("日期", "{{ 日期 }}"))


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter."""

    name: str
    layout: Callable[[Campaign], tuple[Block, ...]]


def _rows(headers: Mapping[str, float], rows: str, texts: tuple[int, ...] = (0,)) -> Table:
    """A table whose columns are the words of a row, with their widths in millimetres."""
    blank = [""] * (len(headers) - 1)
    return Table(
        tuple(headers),
        tuple(headers.values()),
        (
            ("{%tr for 行 in " + rows + " %}", *blank),
            tuple(f"{{{{ 行.{name} }}}}" for name in headers),
            ("{%tr endfor %}", *blank),
        ),
        texts=texts,
    )


def _when(words: str, *blocks: Block) -> tuple[Block, ...]:
    return (Paragraph("正文", "{%p if " + words + " %}"), *blocks, Paragraph("正文", "{%p endif %}"))


def _reply_slip() -> tuple[Block, ...]:
    """The page that comes back, signed and sealed."""
    return (
        Paragraph("附件", "附件"),
        Paragraph("标题", "回  执"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 办公室 }}："),
        Paragraph("正文", "{{ 发文号 }}收悉。现将办理情况报告如下："),
        Paragraph("空行"),
        Paragraph("正文", "一、认领和整改情况：________________________________"),
        Paragraph("正文", "二、举一反三情况：__________________________________"),
        Paragraph("正文", "三、没有改完的和完成时间：__________________________"),
        Paragraph("空行"),
        Paragraph("署名", "单位（盖章）：____________"),
        Paragraph("署名", "主要负责人签字：____________"),
        Paragraph("日期", "____年__月__日"),
    )


def _circular(campaign: Campaign) -> tuple[Block, ...]:
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("督导开展情况", _WORK),
        ("发现的主要问题", _WRONG),
        ("各单位比较", _COMPARED),
        ("认领和报送情况", _LATE),
        ("与上次相比", _SINCE),
        ("下一步要求", (Paragraph(
            "正文",
            "各单位要对照附件逐条认领，制定措施，明确责任人和时限，举一反三；认领和整改情况于{{ 答复期限 }}前"
            "由主要负责人签字盖章后报{{ 办公室 }}，逾期不报的将下督办单。联系电话：{{ 联系电话 }}。",
        ),)),
    ]  # fmt: skip
    return (
        Paragraph("标题", "关于{{ 专项 }}实地督导情况的通报"),
        Paragraph("主送", "{{ 发文号 }}"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 主送 }}："),
        Paragraph(
            "正文",
            "按照《{{ 通知标题 }}》（{{ 文号 }}）要求，现将截至{{ 截至 }}的实地督导情况通报如下。",
        ),
        *(
            block
            for number, (heading, blocks) in enumerate(parts, 1)
            for block in (Paragraph("一级", f"{write_numeral(number)}、{heading}"), *blocks)
        ),
        Paragraph("空行"),
        Paragraph("正文", "附件：1. 各单位督导发现问题"),
        Paragraph("正文", "　　　2. 各类督导发现问题"),
        Paragraph("正文", "　　　3. 回执"),
        *_SIGNED,
        Paragraph("附件", "附件1"),
        Paragraph("表名", "各单位督导发现问题"),
        _rows(_OF_UNIT, "各单位"),
        Paragraph("空行"),
        Paragraph("附件", "附件2"),
        Paragraph("表名", "各类督导发现问题"),
        _rows(
            {campaign.summary_table.row_label: 90, "发现": 22, "自查漏掉": 22, "整改不实": 22}, "各问题类型"
        ),
        *(
            Paragraph(block.style, "附件3")
            if isinstance(block, Paragraph) and block.text == "附件"
            else block
            for block in _reply_slip()
        ),
    )


_OF_UNIT = {
    "单位": 30, "看的户": 16, "漏查户": 16, "漏查率": 18, "看的整改": 16, "虚假整改": 16, "未改到位": 16, "反馈": 12,
    "未认领": 16,
}  # fmt: skip

_WORK = (
    Paragraph(
        "正文",
        "共派出{{ 督导组数 }}个督导组{{ 督导人数 }}人，到{{ 督导单位数 }}个单位{{ 督导村数 }}个村，"
        "入户核查抽中的{{ 看的户数 }}户，现场核实抽中的报告已整改的问题{{ 看的问题数 }}个"
        "{% if 名单外户数|default(0) %}，另看了名单以外的{{ 名单外户数 }}户{% endif %}"
        "{% if 名单外问题数|default(0) %}，另核实了没有抽中的问题{{ 名单外问题数 }}个{% endif %}。"
        "{% if 校验值 %}抽中的由抽签产生，漏查率和虚假整改率只算抽中的。{% endif %}",
    ),
    *_when("校验值", Paragraph("表格文字", "抽签种子的校验值（SHA-256）：{{ 校验值 }}")),
    *_when(
        "各组",
        Paragraph(
            "正文",
            "{% for 组 in 各组 %}{{ 组.名称 }}{{ 组.人数 }}人，督导{{ 组.单位 }}"
            "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
        ),
    ),
)

_WRONG = (
    Paragraph(
        "正文",
        "共反馈问题{{ 反馈数 }}个。查出自查漏掉问题的{{ 漏查户数 }}户，漏查率{{ 漏查率 }}"
        "（95%区间{{ 漏查区间 }}）；"
        "虚假整改{{ 虚假数 }}个，虚假整改率{{ 虚假率 }}（95%区间{{ 虚假区间 }}）；"
        "未改到位{{ 未改到位数 }}个；核实属实{{ 属实数 }}个。"
        "{% if 没写完户数|default(0) %}抽中的户里还有{{ 没写完户数 }}户勾了有问题、没有写明，"
        "没有计入漏查率。{% endif %}",
    ),
    *_when(
        "典型问题",
        Paragraph(
            "正文",
            "问题较多的是：{% for 行 in 典型问题 %}{{ 行.内容 }}（{{ 行.个数 }}个）"
            "{% if loop.last %}。{% else %}；{% endif %}{% endfor %}",
        ),
    ),
)

_COMPARED = (
    *_when("漏查较少", Paragraph("正文", "漏查率较低的是：{{ 漏查较少 }}。")),
    *_when("漏查较多", Paragraph("正文", "漏查率较高的是：{{ 漏查较多 }}。")),
    *_when("虚假较少", Paragraph("正文", "虚假整改率较低的是：{{ 虚假较少 }}。")),
    *_when("虚假较多", Paragraph("正文", "虚假整改率较高的是：{{ 虚假较多 }}。")),
    Paragraph(
        "正文",
        "{% if 漏查较少 or 漏查较多 or 虚假较少 or 虚假较多 %}其余{% else %}各{% endif %}单位的95%区间互相重叠，"
        "相差可能只是抽到谁，不排名次。各单位数字见附件1。",
    ),
)

_LATE = (
    *_when("过期未认领", Paragraph("正文", "超过期限没有认领的：{{ 过期未认领 }}。")),
    *_when("迟报", Paragraph("正文", "没有按时报送的：{{ 迟报 }}。")),
    *_when("迟答复", Paragraph("正文", "没有按时答复通报和督办单的：{{ 迟答复 }}。")),
    *_when(
        "not 过期未认领 and not 迟报 and not 迟答复",
        Paragraph("正文", "到期的反馈都已经认领或者提出异议，没有迟报的单位。"),
    ),
)

_SINCE = (
    *_when(
        "上次",
        Paragraph(
            "正文",
            "与{{ 上次 }}相比，反馈的问题增加{{ 新反馈数 }}个，漏查率由{{ 上次漏查率 }}到{{ 漏查率 }}，"
            "虚假整改率由{{ 上次虚假率 }}到{{ 虚假率 }}。"
            "{% if 本轮 is defined and (本轮.户数 or 本轮.问题数) %}"
            "其中上次通报以后看的{{ 本轮.户数 }}户，漏查率{{ 本轮.漏查率 }}；"
            "核实的{{ 本轮.问题数 }}个问题，虚假整改率{{ 本轮.虚假率 }}。{% endif %}",
        ),
    ),
    *_when("not 上次", Paragraph("正文", "这是第一次通报。")),
)


def _urging(campaign: Campaign) -> tuple[Block, ...]:
    return (
        Paragraph("标题", "督  办  单"),
        Paragraph("主送", "{{ 发文号 }}"),
        Paragraph("空行"),
        Paragraph("主送", "{{ 单位 }}："),
        *_when(
            "未答复",
            Paragraph(
                "正文", "{{ 未答复 }}要求你单位于{{ 原答复期限 }}前报告办理情况，至今没有收到，现予督办。"
            ),
        ),
        *_when(
            "各问题",
            Paragraph(
                "正文",
                "截至{{ 截至 }}，督导反馈你单位的下列问题还没有办结，"
                "{% if 再次 %}{{ 再次 }}督办过、期限已过，现再次督办{% else %}现予督办{% endif %}。",
            ),
        ),
        *_when(
            "各问题",
            Paragraph("表名", "督办的问题"),
            _rows({"编号": 18, "村": 22, "问题": 60, "责任人": 20, "时限": 20, "情况": 16}, "各问题", (2,)),
            Paragraph("空行"),
        ),
        Paragraph(
            "正文",
            "请主要负责同志亲自过问，逐个查明原因，于{{ 答复期限 }}前书面答复办理情况。联系电话：{{ 联系电话 }}。",
        ),
        *_SIGNED,
        *_reply_slip(),
    )


PROGRESS = ("circular", "reminder")
"""Documents that may be given a number, too: of the work's progress, not of supervision."""

LETTERS: Mapping[str, LetterKind] = {
    "inspection-circular": LetterKind("督导通报", _circular),
    "urging-letter": LetterKind("督办单", _urging),
    **{kind: LetterKind(KINDS[kind].name, LAYOUTS[kind]) for kind in PROGRESS},
}
"""The values of ``letter.kind``; a campaign's own template is ``documents/<key>.docx`` in its folder."""
