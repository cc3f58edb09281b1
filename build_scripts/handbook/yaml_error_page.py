"""The error page of the live preview while the YAML has problems."""

import html
from pathlib import Path

from build_scripts.handbook.stylesheet import palette
from checklist.problems import Problem

_STYLE = """
body { font: 16px/1.7 var(--text-font); margin: 2rem auto; max-width: 60rem;
  padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.4rem; color: var(--strong) }
li { margin: 0 0 1.2rem } code { font-weight: 700; overflow-wrap: anywhere }
pre { background: var(--soft); border: 1px solid var(--line); margin: .3rem 0; overflow-x: auto; padding: .5rem .8rem }
"""


def error_page(problems: list[Problem], folder: Path) -> str:
    """Render every problem with its place, source line and remedy."""
    lines = "\n".join(_entry(problem, folder) for problem in problems)
    return (
        '<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>有 {len(problems)} 处要改</title>\n'
        f"<style>{palette()}{_STYLE}</style></head>\n"
        f"<body><main><h1>{html.escape(folder.name)} 有 {len(problems)} 处要改</h1>\n"
        f"<p>改好并保存以后，这一页会自己换成手册。</p>\n<ol>\n{lines}\n</ol></main></body></html>"
    )


def _entry(problem: Problem, folder: Path) -> str:
    excerpt = _excerpt(problem, folder)
    shown = f'<pre tabindex="0">{html.escape(excerpt)}</pre>' if excerpt else ""
    return f"<li><code>{html.escape(problem.place)}</code>{shown}{html.escape(problem.message)}</li>"


def _excerpt(problem: Problem, folder: Path) -> str:
    """Return the problem's source line with a caret below its column; empty if the file cannot be read."""
    file, line, column = problem.place.rsplit(":", 2)
    path = folder / file
    if not path.is_file():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if int(line) > len(lines):
        return ""
    text = lines[int(line) - 1]
    before = "".join("　" if ord(sign) > 0x2E7F else " " for sign in text[: int(column) - 1])
    return f"{text}\n{before}^"
