"""Where templates lie: the program's own are in the package where it is installed, else in the checkout beside it."""

from pathlib import Path

from briefing.program import TEMPLATES


def own_templates() -> Path:
    """The folder of the program's own templates, with fonts, styles and words."""
    return Path(TEMPLATES).resolve()
