"""Progress of long commands on a terminal; silent without one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[..., None]
"""``tell(what)`` names the current step, ``tell(total=…)`` its size, ``tell(advance=…)`` progress in it."""


@contextmanager
def followed() -> Iterator[Tell]:
    """Show a transient progress line on stderr, only on a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    # Lazy import: Rich takes a tenth of a second, which scripts need not pay.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str = "", *, total: int | None = None, advance: int = 0) -> None:
            if what:
                progress.update(task, description=what)
            if total is not None:
                progress.reset(task, total=total)
            progress.advance(task, advance)

        yield tell


def silent(what: str = "", *, total: int | None = None, advance: int = 0) -> None:
    """No-op without a terminal."""
