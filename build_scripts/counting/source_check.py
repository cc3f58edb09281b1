"""Check that export files belong to this campaign and its current forms."""

from collections.abc import Iterable

from build_scripts.counting.count_query import BadSource, Line, Records, literals
from checklist.messages import say
from checklist.model import Campaign

_FORM = {"form_id", "form_version"}


def require_own(records: Records, lines: Iterable[Line], campaign: Campaign) -> None:
    """Raise on files of several campaigns, or on records of forms or versions unknown to the campaign's folder.

    Databases are exempt: they may hold several campaigns, and their server reads the same folder.

    Args:
        records: an opened source.
        lines: the query's result.
        campaign: whose records are counted.

    Raises:
        BadSource: naming the campaigns, or the form with its versions.
    """
    if not records.files:
        return
    campaigns = sorted({str(line[0]) for line in lines})
    if len(campaigns) > 1 and campaign.id in campaigns:
        raise BadSource(say("summary-mixed-campaigns", found=campaigns, campaign=campaign.id))
    for table in ("issue", "proposed_household"):
        if records.columns[table] >= _FORM:
            _require_forms(records, table, campaign)


def _require_forms(records: Records, table: str, campaign: Campaign) -> None:
    query = (
        f"SELECT form_id, MAX(form_version) FROM {table}"  # noqa: S608 - names and an id of ours
        f" WHERE campaign_id = {literals([campaign.id])} GROUP BY form_id"
    )
    known = {form.id: form.version for form in campaign.record_forms}
    for form_id, version in sorted((str(line[0]), int(line[1] or 0)) for line in records.run(query)):
        if form_id not in known:
            raise BadSource(say("summary-form-unknown", form=form_id, campaign=campaign.id))
        if version > known[form_id]:
            words = {"form": campaign.form_by_id[form_id].name, "found": version, "known": known[form_id]}
            raise BadSource(say("summary-form-newer", **words))
