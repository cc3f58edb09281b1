"""The layout of official documents, GB/T 9704-2012: the page, and a style for each kind of line.

Besides ``docx_writer`` the only module that knows python-docx. Measures are those of the standard: A4, text area
156 mm by 225 mm with 22 lines of 28 characters, fonts by their usual names in offices.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from build_scripts.documents.document_blocks import Block, Table

_LATIN = "Times New Roman"
SIZE_2, _SIZE_3, _SIZE_4, _SMALL_4 = 22, 16, 14, 12
_LINES, _CHARACTERS = 22, 28
TEXT_WIDTH, _TEXT_HEIGHT = 156, 225
_TOP, _LEFT = 37, 28
POINTS_PER_MM = 72 / 25.4
_PAGE_NUMBER_BELOW = 7
_CELL_MARGIN = 1
"""Millimetres beside a cell's text: Word's own 1.9 would break a name of three characters."""
_TWIPS = 20
_LINE = math.floor(_TEXT_HEIGHT * POINTS_PER_MM / _LINES * _TWIPS) / _TWIPS
"""Exact line spacing in points, rounded down: 22 lines must not become 21."""


@dataclass(frozen=True)
class LineStyle:
    """The format of a kind of line. Sizes are points, indents characters."""

    font: str
    size: float = _SIZE_3
    align: str = "BOTH"
    first_line: int = 0
    right: int = 0
    line: float = _LINE
    keep_with_next: bool = False
    new_page: bool = False
    borders: tuple[str, ...] = ()
    """Lines above (``top``) and below (``bottom``), across the text's width."""
    tab_to_right: bool = False
    """Whether what stands behind a tab ends a character before the right edge."""


STYLES = {
    "标题": LineStyle("方正小标宋简体", SIZE_2, "CENTER", line=35),
    "主送": LineStyle("仿宋_GB2312"),
    "正文": LineStyle("仿宋_GB2312", first_line=2),
    "一级": LineStyle("黑体", first_line=2, keep_with_next=True),
    "二级": LineStyle("楷体_GB2312", first_line=2, keep_with_next=True),
    "三级": LineStyle("仿宋_GB2312", first_line=2),
    "空行": LineStyle("仿宋_GB2312"),
    "编号": LineStyle("仿宋_GB2312", align="CENTER"),
    "署名": LineStyle("仿宋_GB2312", align="RIGHT", right=2),
    "日期": LineStyle("仿宋_GB2312", align="RIGHT", right=4),
    "附件": LineStyle("黑体", align="LEFT", new_page=True),
    "抄送": LineStyle(
        "仿宋_GB2312", _SIZE_4, "LEFT", first_line=1, line=24, keep_with_next=True, borders=("top",)
    ),
    "印发": LineStyle(
        "仿宋_GB2312", _SIZE_4, "LEFT", first_line=1, line=24, borders=("top", "bottom"), tab_to_right=True
    ),
    "表名": LineStyle("黑体", _SIZE_4, "CENTER", keep_with_next=True),
    "表头": LineStyle("黑体", _SMALL_4, "CENTER", line=18),
    "表格": LineStyle("仿宋_GB2312", _SMALL_4, "CENTER", line=18),
    "表格文字": LineStyle("仿宋_GB2312", _SMALL_4, "LEFT", line=18),
}
"""Style names to formats, as shown in Word's list of styles."""


def official_document(blocks: Sequence[Block], title: str) -> Any:
    """Build a python-docx document from blocks."""
    document = Document()
    # Remove the empty paragraph that a new document begins with.
    document.core_properties.title = title
    document.core_properties.author = ""
    _set_up_page(document)
    _set_language(document)
    for name, style in STYLES.items():
        _add_style(document, name, style)
    for block in blocks:
        if isinstance(block, Table):
            _add_table(document, block)
        else:
            document.add_paragraph(block.text, style=name_in_word(block.style))
    return document


def name_in_word(style: str) -> str:
    """A style's name in Word: 公文 keeps it apart from Word's own 标题 and 正文."""
    return f"公文{style}"


def _set_up_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(_TOP), Mm(_LEFT)
    section.right_margin = Mm(210 - _LEFT - TEXT_WIDTH)
    section.bottom_margin = Mm(297 - _TOP - _TEXT_HEIGHT)
    below = _PAGE_NUMBER_BELOW + _SIZE_4 / POINTS_PER_MM
    section.footer_distance = Mm(297 - _TOP - _TEXT_HEIGHT - below)
    _set_grid(section)
    document.settings.odd_and_even_pages_header_footer = True
    # Odd pages have their number at the right, even ones at the left, a character from the edge.
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _set_language(document: Any) -> None:
    """Simplified Chinese: without it, a program without these fonts may take a Japanese one."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_grid(section: Any) -> None:
    """22 lines a page. A grid of characters would stretch the smaller ones of tables, so ``_tighten`` sees to 28."""
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(_LINE * _TWIPS)))
    section._sectPr.append(grid)


def _number(paragraph: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """Insert the page number between dashes, in size 4."""
    paragraph.alignment = align
    _indent(paragraph.paragraph_format, left=1, right=1)
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if text == "PAGE" else text)
        run.font.size = Pt(_SIZE_4)
        _set_fonts(run.font, "宋体")
        if text == "PAGE":
            _add_field(run, text)


def _add_field(run: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _add_style(document: Any, name: str, style: LineStyle) -> None:
    made = document.styles.add_style(name_in_word(name), WD_STYLE_TYPE.PARAGRAPH)
    made.quick_style = True
    made.font.size = Pt(style.size)
    _set_fonts(made.font, style.font)
    if style.size == _SIZE_3:
        _tighten(made)
    layout = made.paragraph_format
    layout.alignment = getattr(WD_ALIGN_PARAGRAPH, "JUSTIFY" if style.align == "BOTH" else style.align)
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(style.line)
    layout.keep_with_next = style.keep_with_next
    layout.page_break_before = style.new_page
    layout.widow_control = False
    if style.line != _LINE:
        # Tables and titles have lines of their own height.
        layout.element.get_or_add_pPr().append(_switched_off("w:snapToGrid"))
    _indent(layout, first_line=style.first_line, right=style.right)
    if style.borders:
        layout.element.get_or_add_pPr().append(_borders(style.borders))
    if style.tab_to_right:
        edge = TEXT_WIDTH - style.size / POINTS_PER_MM
        layout.tab_stops.add_tab_stop(Mm(edge), WD_TAB_ALIGNMENT.RIGHT)


def _borders(sides: Sequence[str]) -> Any:
    """Lines of 1 point, about 0.35 mm (GB/T 9704-2012, 7.4.1)."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    return borders


def _switched_off(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "0")
    return element


def _tighten(style: Any) -> None:
    """28 characters a line: in size 3 they are a little wider than the text, so they stand that much closer."""
    room = TEXT_WIDTH * POINTS_PER_MM / _CHARACTERS - _SIZE_3
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(math.floor(room * _TWIPS)))
    # The schema wants it before the size, which is there already.
    style.element.get_or_add_rPr().find(qn("w:sz")).addprevious(spacing)


def _set_fonts(font: Any, chinese: str) -> None:
    """Set the Chinese font by its name, digits and letters in the usual Latin one."""
    font.name = _LATIN
    font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), chinese)


def _indent(layout: Any, *, first_line: int = 0, left: int = 0, right: int = 0) -> None:
    """Set indents in characters, which scale with the font size."""
    indent = layout.element.get_or_add_pPr().get_or_add_ind()
    for name, characters in (("firstLine", first_line), ("left", left), ("right", right)):
        if characters:
            indent.set(qn(f"w:{name}Chars"), str(characters * 100))
            indent.set(qn(f"w:{name}"), str(characters * _SIZE_3 * _TWIPS))


def _add_table(document: Any, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.headers), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_cell_margins(made)
    for column, width in zip(made.columns, table.widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate([table.headers, *table.rows]):
        cells = made.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            style = "表头" if not number else "表格文字" if column in table.texts else "表格"
            cell.width = Mm(table.widths[column])
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].text = text
            cell.paragraphs[0].style = name_in_word(style)
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _repeat(made.rows[0])


def _set_cell_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(round(_CELL_MARGIN * POINTS_PER_MM * _TWIPS)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def _repeat(row: Any) -> None:
    """Repeat a header on every page that the table runs over."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
