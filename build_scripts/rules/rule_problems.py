"""The check of all rules of a campaign: each fault with its file, line and column."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from build_scripts.rules.expression_fault import ExpressionFault
from build_scripts.rules.expression_reader import Expression
from build_scripts.rules.field_columns import columns_of, compared_fields, kind_of
from build_scripts.rules.row_rules import RowRules
from build_scripts.rules.rule_columns import ColumnKind, Columns
from build_scripts.rules.tried_expressions import condition, figure, formula
from build_scripts.rules.village_counts import SOURCES, source_columns
from checklist.loading.loader import PARTS, InvalidCampaign, load_campaign, register_file, shown_path
from checklist.loading.strictyaml import Document, parse
from checklist.loading.strictyaml import Path as YamlPath
from checklist.messages import say
from checklist.model import Campaign, Counted, FilledForm, PersonCount, Register
from checklist.problems import Problem

Rule = tuple[YamlPath, str, Callable[[], Expression]]
"""Where it stands, its text, and what reads it."""


def load_ruled_campaign(folder: Path) -> Campaign:
    """Load a campaign whose rules can all be evaluated.

    Raises:
        InvalidCampaign: with every problem; rules are looked at once everything else is valid.
    """
    campaign = load_campaign(folder)
    if found := sorted(rule_problems(campaign, folder)):
        raise InvalidCampaign(found)
    return campaign


def rule_problems(campaign: Campaign, folder: Path) -> Iterator[Problem]:
    """Yield the problems of every ``required_if``, ``formula``, check and count of a campaign."""
    for part, forms in (("forms", campaign.record_forms), ("registers", campaign.registers)):
        for form in forms:
            columns = columns_of(campaign, form)
            rules = list(_rules(campaign, form, columns))
            if rules:
                content, document = _read(folder, part, form)
                yield from _problems(form, columns, rules, document, content.decode("utf-8-sig"))
        for form in forms:
            if any(field.counted for field in form.fields) or compared_fields(form):
                yield from _counted_problems(campaign, form, _read(folder, part, form)[1])
    if campaign.trails.trails:
        file = PARTS["trails"].name
        content = (folder / file).read_bytes()
        source = content.decode("utf-8-sig")
        document = parse(content, file)
        for path, text, read in _trail_rules(campaign):
            yield from _problem_of(document, (path, text, read), source)


def _read(folder: Path, part: str, form: FilledForm) -> tuple[bytes, Document]:
    """Return the file of a form or register, which may lie beside the campaigns, and what it says."""
    own = folder / PARTS[part].name / f"{form.id}.yml"
    path = own if part == "forms" else register_file(folder, form.id)
    content = path.read_bytes()
    return content, parse(content, shown_path(path, folder))


def _trail_rules(campaign: Campaign) -> Iterator[Rule]:
    for index, trail in enumerate(campaign.trails.trails):
        for number, step in enumerate(trail.steps):
            columns = columns_of(campaign, campaign.register_by_id[step.rows_of])
            path: YamlPath = ("trails", index, "steps", number)
            yield (*path, "amount"), step.amount, partial(formula, step.amount, columns, ColumnKind.MONEY)
            yield (*path, "month"), step.month, partial(formula, step.month, columns, ColumnKind.DATE)
            if step.where:
                yield (*path, "where"), step.where, partial(condition, step.where, columns)


def _counted_problems(campaign: Campaign, form: FilledForm, document: Document) -> Iterator[Problem]:
    """Yield counts of something that there is not, sums of no number, and counts of a form without villages."""
    for index, field in enumerate(form.fields):
        if field.counted is None:
            continue
        path: YamlPath = ("fields", index, "counted")
        if not isinstance(form, Register) or not form.has("village"):
            yield document.problem("counted-place", path, label=field.label)
        yield from _source_problems(campaign, field.counted, document, path)
    if isinstance(form, Register):
        for index, count in enumerate(form.same_person):
            path = ("same_person", index)
            if form.has(count.id):
                yield document.problem("compared-id", (*path, "id"), id=count.id)
            yield from _source_problems(campaign, count, document, path)


def _source_problems(
    campaign: Campaign, counted: Counted, document: Document, path: YamlPath
) -> Iterator[Problem]:
    """Yield what is wrong with what is counted; of a person only rows of registers are."""
    columns = source_columns(campaign, counted)
    if columns is None or (isinstance(counted, PersonCount) and counted.of in SOURCES):
        of_villages = () if isinstance(counted, PersonCount) else SOURCES
        known = [*of_villages, *campaign.register_by_id]
        yield document.problem("counted-of", (*path, "of"), found=counted.of, known=known)
    elif counted.sum:
        numbers = [column.name for column in columns.values() if column.kind.numeric]
        if counted.sum not in numbers:
            found = {"found": counted.sum, "known": numbers}
            yield document.problem("counted-sum", (*path, "sum"), **found)


def _problem_of(document: Document, rule: Rule, source: str) -> Iterator[Problem]:
    path, text, read = rule
    try:
        read()
    except ExpressionFault as fault:
        place = _place(document, path, text, fault.offset, source)
        yield Problem(place, fault.code, say(fault.code, **fault.params))


def _rules(campaign: Campaign, form: FilledForm, columns: Columns) -> Iterator[Rule]:
    for index, field in enumerate(form.fields):
        if field.required_if:
            text, path = field.required_if, ("fields", index, "required_if")
            yield path, text, partial(condition, text, columns)
        kind = kind_of(field)
        if field.formula and kind:
            yield ("fields", index, "formula"), field.formula, partial(formula, field.formula, columns, kind)
        counted_columns = source_columns(campaign, field.counted) if field.counted else None
        if field.counted and field.counted.where and counted_columns:
            where = field.counted.where
            yield ("fields", index, "counted", "where"), where, partial(condition, where, counted_columns)
    if isinstance(form, Register):
        for index, compared in enumerate(form.same_person):
            source = source_columns(campaign, compared)
            if compared.where and source:
                yield (
                    ("same_person", index, "where"),
                    compared.where,
                    partial(condition, compared.where, source),
                )
        for index, check in enumerate(form.checks):
            yield ("checks", index, "when"), check.when, partial(condition, check.when, columns)
        for index, count in enumerate(form.counts):
            yield ("counts", index, "formula"), count.formula, partial(figure, count.formula, columns)


def _problems(
    form: FilledForm, columns: Columns, rules: list[Rule], document: Document, source: str
) -> Iterator[Problem]:
    formulas: dict[str, Expression] = {}
    for path, text, read in rules:
        try:
            expression = read()
        except ExpressionFault as fault:
            yield Problem(
                _place(document, path, text, fault.offset, source),
                fault.code,
                say(fault.code, **fault.params),
            )
            continue
        if path[-1] == "formula":
            formulas[form.fields[int(path[1])].id] = expression
    try:
        RowRules(columns, formulas, {})
    except ExpressionFault as fault:
        first = next(index for index, field in enumerate(form.fields) if field.id in fault.params["names"])
        yield document.problem(fault.code, ("fields", first, "formula"), **fault.params)


def _place(document: Document, path: YamlPath, text: str, offset: int, source: str) -> str:
    """Return the place of a character of an expression; of the expression where it runs over several lines."""
    place = document.place(path)
    line, column = map(int, place.rsplit(":", 2)[1:])
    written = source.splitlines()[line - 1][column - 1 :]
    quote = written[:1] if written[:1] in {'"', "'"} else ""
    if written.startswith(quote + text):
        column += len(quote) + offset
    return f"{document.file}:{line}:{column}"
