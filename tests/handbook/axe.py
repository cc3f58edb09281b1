"""Accessibility checks of a page with axe-core."""

from importlib.resources import files

from playwright.sync_api import Page

_RUN = """
async more => (await axe.run(document, { resultTypes: ["violations"], ...more })).violations.flatMap(
  violation => violation.nodes.map(node => `${violation.id}: ${node.target.join(" ")} (${violation.help})`))
"""


def violations(page: Page, *rules: str) -> list[str]:
    """Every violation on the page that is open, with the element; of all rules, or of some."""
    source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    # Not as a script of the page, which the form server's pages would not let in.
    page.evaluate(f"() => {{ {source} }}")
    return list(page.evaluate(_RUN, {"runOnly": list(rules)} if rules else {}))
