"""Cross-checks of ``trails.yml``: the registers and steps that it names."""

from collections.abc import Iterator

from checklist.loading.strictyaml import Document
from checklist.model import Campaign
from checklist.problems import Problem, nearest


def trail_problems(campaign: Campaign, document: Document) -> Iterator[Problem]:
    """Return dangling references."""
    for index, trail in enumerate(campaign.trails.trails):
        for number, step in enumerate(trail.steps):
            if step.rows_of not in campaign.register_by_id:
                near = nearest(step.rows_of, campaign.register_by_id)
                path = ("trails", index, "steps", number, "rows_of")
                what = "台账的编号（registers 里的 id）"
                yield document.problem("reference-other", path, id=step.rows_of, what=what, near=near)
    known = [step.id for step in campaign.trails.steps]
    for index, share in enumerate(campaign.trails.shares):
        for key, step_id in (("part", share.part), ("whole", share.whole)):
            if step_id not in known:
                what, near = "trails 里某一步的编号（steps 里的 id）", nearest(step_id, known)
                yield document.problem(
                    "reference-other", ("shares", index, key), id=step_id, what=what, near=near
                )
