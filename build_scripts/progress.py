"""What a command is doing, on the terminal of whoever waits; nothing where nobody looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[..., None]
"""``tell(what)`` says what is done now, ``tell(total=…)`` how many steps it has, ``tell(advance=…)`` what is done."""


@contextmanager
def followed() -> Iterator[Tell]:
    """A line on stderr with what is being done, gone at the end; only on a terminal."""
    if not sys.stderr.isatty():
        yield _nothing
        return
    # Rich takes a tenth of a second to import, which scripts need not pay.
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


def _nothing(what: str = "", *, total: int | None = None, advance: int = 0) -> None:
    """Nobody looks."""
