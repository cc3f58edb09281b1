"""What an import on the command line would do: as text, as JSON, and the answers that a person wrote into the JSON."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist.messages import say
from checklist.model import Campaign
from checklist.questions import AnswerOrigin
from forms_server.commands.named_file import read_named

if TYPE_CHECKING:
    from build_scripts.intake.asked_questions import AskedQuestion
    from build_scripts.intake.import_figures import Figures
    from forms_server.imports.ledger_import import LedgerImport
    from forms_server.imports.upload_flow import Planned


def read_answers(file: Path | None) -> dict[str, str]:
    """Return the answers of a file: the JSON of ``--dry-run --json`` with each ``answer`` filled in.

    An answer is a choice's id or its label. A plain object of key and answer will do, too.

    Raises:
        click.ClickException: it is neither.
    """
    if file is None:
        return {}
    try:
        document = json.loads(read_named(file).decode("utf-8-sig"))
        if "questions" not in document:
            return {str(key): str(answer) for key, answer in document.items()}
        return dict(_written(document["questions"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise click.ClickException(say("answers-unreadable", file=file)) from error


def _written(questions: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for question in questions:
        labels = {choice["label"]: choice["id"] for choice in question["choices"]}
        answer = str(question["answer"])
        if answer:
            yield question["key"], labels.get(answer, answer)


def question_lines(found: "Planned") -> Iterator[str]:
    """Yield a line for each question: where, what, and the choices or what was understood."""
    for each in found.questions:
        question = each.question
        if question.origin is AnswerOrigin.DEFAULT:
            continue  # told as a column that is not read
        where = (each.places[0] or "整份表") + (f" 等 {each.count} 处" if each.count > 1 else "")
        if question.is_open:
            choices = "、".join(choice.label for choice in question.choices[:20])
            yield f"{where}: （要回答）{each.why}可选：{choices}"
        else:
            yield f"{where}: （已理解）{each.why}"


def as_json(found: "Planned", unit: str, figures: Mapping[str, Any], *, stored: bool) -> str:
    """Return the whole plan as JSON.

    Args:
        found: the plan.
        unit: code of the unit whose records or households they are.
        figures: what would be done, by name.
        stored: whether it was done.
    """
    document = {
        "unit": unit,
        "stored": stored,
        **figures,
        "questions": [_question(each) for each in found.questions],
        "problems": [
            {"place": each.place, "code": each.code, "message": each.message, "warning": each.warning}
            for each in found.problems
            if not each.question
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def tell_problems(found: "Planned") -> None:
    """Print what is asked, understood and wrong."""
    for line in question_lines(found):
        click.echo(line, err=True)
    for problem in found.problems:
        if not problem.question:
            mark = "（请留意）" if problem.warning else ""
            click.echo(f"{problem.place}: {mark}{problem.message}", err=True)


def refusal(found: "Planned", copied: str = "") -> str:
    """Say why nothing is imported.

    Args:
        found: a plan with errors.
        copied: what was written beside the file, if anything.
    """
    wrong = [problem for problem in found.errors if not problem.question]
    left = sum(each.question.is_open for each in found.questions)
    asked = (
        f"有 {left} 处要回答：加 --dry-run --json 得到所问的，填好 answer，再用 --answers 交回来"
        if left
        else ""
    )
    said = [f"有 {len(wrong)} 处不对，没有导入", copied] if wrong else ["没有导入"]
    return "；".join(filter(None, [*said, asked]))


def sheet_lines(found: "LedgerImport") -> Iterator[str]:
    """Yield a line for each thing that was not read: sheets, rows by what they are, columns."""
    from build_scripts.intake.row_kinds import ROW_KIND_NAMES

    for sheet in found.book.sheets:
        if not (sheet.headers or sheet.summary):
            yield f"{sheet.name}: {'空表' if sheet.empty else '没有台账的表头'}，没有读"
        for kind, rows in sheet.left_rows.items():
            more = "等" if sheet.left_out[kind] > len(rows) else ""
            shown = "、".join(map(str, rows))
            yield f"{sheet.name}: {ROW_KIND_NAMES[kind]} {sheet.left_out[kind]} 行（第 {shown} 行{more}），没有登记"
        if sheet.unread:
            yield f"{sheet.name}: 没有读的栏或行：{'、'.join(sheet.unread)}"


def plan_details(found: "LedgerImport", campaign: Campaign) -> dict[str, Any]:
    """Return what a ledger's plan says besides its questions: sheets, figures, the enclosed annex 2."""
    from build_scripts.intake.import_figures import figure_lines

    columns = [column.id for column in campaign.summary_table.columns]

    def table(figures: "Figures") -> dict[str, dict[str, int]]:
        return {row: dict(zip(columns, line, strict=True)) for row, line in figure_lines(figures, campaign)}

    return {
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "forms": [header.form.id for header in sheet.headers],
                "records": sheet.records,
                "left_out": {str(kind): count for kind, count in sheet.left_out.items()},
                "unread": list(sheet.unread),
            }
            for sheet in found.book.sheets
        ],
        "figures": table(found.of_rows),
        "after": table(found.after),
        "enclosed": [
            {name: getattr(each, name) for name in ("place", "row", "column", "handed_in", "counted")}
            for each in found.differences
        ]
        if found.summaries
        else None,
    }


def _question(each: "AskedQuestion") -> dict[str, Any]:
    question = each.question
    return {
        "key": question.key,
        "kind": str(question.kind),
        "field": question.subject,
        "label": question.label,
        "typed": question.typed,
        "count": each.count,
        "places": list(each.places),
        "why": each.why,
        "choices": [{"id": choice.id, "label": choice.label} for choice in question.choices],
        "likely": question.likely,
        "answer": question.answer,
        "origin": str(question.origin),
    }
