"""Writes ``deploy/security/*.md`` from the YAML beside them: ``python deploy/make_security_tables.py``."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "security"
WORDS = {
    "asvs": ("Requirement", "Level", "State", "How, or why not", "Tests"),
    "gbt22239": ("条款", "要求", "情况", "怎样做到，或者由谁落实", "测试"),
}
STATES = {
    "asvs": {
        "met": "met",
        "partly": "partly",
        "open": "open",
        "operator": "for the operator",
        "none": "not applicable",
    },
    "gbt22239": {"met": "做到", "partly": "部分做到", "operator": "由运行单位落实", "none": "不涉及"},
}
"""In the order of the sums."""


def read(name: str) -> dict[str, Any]:
    """A standard's lines."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return found


def table(name: str) -> str:
    """The page of a standard."""
    said = read(name)
    states, head = STATES[name], WORDS[name]
    lines = {**said["lines"], **said.get("chapters", {})}
    sums = {state: sum(1 for each in lines.values() if each["is"] == state) for state in states}
    told = ", ".join(f"{words} {sums[state]}" for state, words in states.items() if sums[state])
    rows = [
        f"| {each} | {line.get('level', line.get('name', ''))} | {states[line['is']]} | {line['why']} |"
        f" {', '.join(f'`{test}`' for test in line.get('tests', ()))} |"
        for each, line in sorted(lines.items(), key=lambda item: _order(item[0]))
    ]
    return "\n".join(
        [
            f"# {said['title']}", "", f"<!-- made from {name}.yml by deploy/make_security_tables.py -->", "", told, "",
            f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |", *rows, "",
        ]
    )  # fmt: skip


def _order(identity: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in identity.lstrip("V").split(".")]


def main() -> None:
    """Write all pages."""
    for name in WORDS:
        (FOLDER / f"{name}.md").write_text(table(name), encoding="utf-8")


if __name__ == "__main__":
    main()
