"""What a row or an empty form means that does not say it: the form's default, and who fills it in."""

from build_scripts.intake.ledger_book import read_book
from checklist.model import Campaign, Choice, Field, FieldType
from checklist.values.judge import Context
from forms_server.web.fields.offered_choices import Offer
from tests.ledgers.books import sheet
from tests.records.builders import ACCOUNTS, form_of

SOURCE = Field(
    id="source", label="问题来源", type=FieldType.CHOICE, required=True, column=False, default="self",
    choices=(Choice(id="self", label="自查"), Choice(id="feedback", label="省市反馈")),
)  # fmt: skip
FOUND_BY = Field(
    id="found_by",
    label="排查人",
    type=FieldType.TEXT,
    required=True,
    column=False,
    max_length=20,
    suggest="own-name",
)

HEAD = "村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|整改时限|整改成效"
ROW = "上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|"


def with_defaults(campaign: Campaign) -> Campaign:
    form = form_of(campaign, "household-issues")
    other = form.model_copy(update={"fields": (*form.fields, SOURCE, FOUND_BY)})
    # Made anew: a copy would keep the look-ups of the campaign that it was made from.
    parts = {name: getattr(campaign, name) for name in Campaign.model_fields}
    return Campaign(**{**parts, "forms": (other, *campaign.forms[1:])})


def said(context: Context, *lines: str) -> list[tuple[object, object, bool, bool]]:
    other = Context(with_defaults(context.campaign), context.unit, context.today)
    book = read_book([sheet("\n".join(lines))], other, "李某某")
    assert not book.errors
    return [
        (
            entry.values["source"],
            entry.values["found_by"],
            "source" in entry.provided,
            "found_by" in entry.provided,
        )
        for entry in book.entries
    ]


def test_without_the_columns(context: Context) -> None:
    assert said(context, HEAD, ROW) == [("self", "李某某", False, False)]


def test_who_filled_the_ledger_in_goes_before_who_imports_it(context: Context) -> None:
    assert said(context, "填报人:王某", HEAD, ROW) == [("self", "王某", False, False)]


def test_with_the_columns(context: Context) -> None:
    rows = [ROW + "|省市反馈|孙某", ROW.replace("屋漏", "墙裂") + "||"]
    assert said(context, HEAD + "|问题来源|排查人签字|排查人", *rows)[1] == ("self", "李某某", False, False)
    assert said(context, HEAD + "|问题来源|排查人", *rows)[0] == ("feedback", "孙某", True, True)


def test_an_empty_web_form_begins_with_the_default(campaign: Campaign) -> None:
    form = form_of(with_defaults(campaign), "household-issues")
    known = Offer(with_defaults(campaign), ACCOUNTS["east"]).known(form)
    assert (known["source"], known["found_by"]) == ("self", ACCOUNTS["east"].display_name)
