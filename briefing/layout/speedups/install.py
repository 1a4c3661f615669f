"""The one door to the shorter ways through WeasyPrint: all of them, or none.

Each stands on parts of WeasyPrint that are nobody's to use, so all are for one version and leave another one alone.
What they give is the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from briefing.layout.speedups import fast_import

MADE_FOR = "70.0"  # another version may do otherwise


@contextmanager
def importing(plain: bool) -> Iterator[None]:
    """Import WeasyPrint in here, in half the time or in its own way."""
    if plain:
        yield
    else:
        with fast_import.ready():
            yield
    install(plain)


def install(plain: bool) -> None:
    """Have WeasyPrint, which is imported, go its own ways from now on, or the shorter ones."""
    import weasyprint

    if weasyprint.__version__ != MADE_FOR:
        return
    from briefing.layout.speedups import (
        balanced_columns,
        flow,
        fonts,
        html_parser,
        lengths,
        numbers,
        paths,
        styles,
        stylesheets,
    )

    for trick in (balanced_columns, flow, fonts, html_parser, lengths, numbers, paths, styles, stylesheets):
        trick.install(plain)
