"""The faces of type that pages are set in: files of fonts, each with its family, weight and style."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FontFace:
    """One file of a font; a brand's own has its whole path and its SHA-256, ours lie in the folder of the templates."""

    file: str
    family: str
    weight: int
    style: str
    sum: str = ""


HOUSE = (
    FontFace("SourceSerif4_400Regular.ttf", "Source Serif 4", 400, "normal"),
    FontFace("SourceSerif4_400Regular_Italic.ttf", "Source Serif 4", 400, "italic"),
    FontFace("SourceSerif4_600SemiBold.ttf", "Source Serif 4", 600, "normal"),
    FontFace("SourceSans3_400Regular.ttf", "Source Sans 3", 400, "normal"),
    FontFace("SourceSans3_400Regular_Italic.ttf", "Source Sans 3", 400, "italic"),
    FontFace("SourceSans3_600SemiBold.ttf", "Source Sans 3", 600, "normal"),
    FontFace("SourceSans3_700Bold.ttf", "Source Sans 3", 700, "normal"),
)


def folders(fonts: Path, faces: Iterable[FontFace]) -> tuple[Path, ...]:
    """The folders in which the files of faces lie; ours are in `fonts`."""
    return tuple(dict.fromkeys((fonts / face.file).parent for face in faces))
