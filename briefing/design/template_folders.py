"""Where templates lie: the program's own are beside the package."""

from pathlib import Path


def own_templates() -> Path:
    """The folder of the program's own templates, with fonts, styles and words."""
    return Path(__file__).resolve().parents[2] / "templates"
