"""The brand of a run: found beside the content or where it is named, read, judged, and put on the manuscript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.content.briefing import Briefing
from briefing.design.brand import FILE
from briefing.documents.manuscript import Manuscript, usual_paper
from briefing.findings import At, Finding, Refused, did_you_mean, error, has_errors
from briefing.language.wording import Wording

if TYPE_CHECKING:
    from briefing.design.brand.brand_file import BrandFile
    from briefing.design.brand.marks import Judge

CHANGEABLE = ("document", "label")  # groups of words that a brand may say otherwise


@dataclass(frozen=True)
class BrandChoice:
    """Where a brand may be named: on the command line, in the folder of the content, and for this machine."""

    folder: Path
    named: Path | None = None
    house: Path | None = None


def places(choice: BrandChoice, named: str | None) -> tuple[tuple[Path, str], ...]:
    """Where a brand may lie, first what goes first, and how findings call each; `named` is what the content names.

    The command line goes before the content, the content before a file beside it, and that before the environment.
    """
    if choice.named:
        return ((choice.named, str(choice.named)),)
    if named:
        return ((choice.folder / named, named),)
    house = ((choice.house, str(choice.house)),) if choice.house else ()
    return ((choice.folder / FILE, FILE), *house)


def find_brand(choice: BrandChoice, briefing: Briefing) -> tuple[Path, str] | None:
    """The file of the brand and how findings call it; raises `Refused` where the content names what can be none."""
    named = briefing.briefing.brand
    if named and not choice.named and (Path(named).is_absolute() or Path(named).suffix not in (".yaml", ".yml")):
        at: At = ("briefing", "brand")
        hint = "name it from the folder of the content, as in ../house/brand.yaml"
        raise Refused([error("brand-outside", f'"{named}" is not the name of a brand', at, hint)])
    found = places(choice, named)
    asked = found[-1] if choice.named or named or choice.house else None  # which is told where it is not there
    return next((one for one in found if one[0].exists()), asked)


def dressed(manuscript: Manuscript, choice: BrandChoice, templates: Path, judge: Judge) -> Manuscript:
    """The manuscript with the dress of its brand, where there is one, and with what is to be told of it.

    `judge` tells whether a picture can be drawn at all.

    Raises `Refused` with every fault of the brand.
    """
    with manuscript.source.located():
        found = find_brand(choice, manuscript.briefing)
    looked = [path for path, _ in places(choice, manuscript.briefing.briefing.brand)]
    looked = looked[: looked.index(found[0]) + 1] if found else looked
    if manuscript.taken:
        manuscript = replace(manuscript, taken=manuscript.taken.more(looked))
    if found is None:
        return manuscript
    from briefing.design.brand import brand_file, fitting  # much that no other run needs

    brand = brand_file.read(*found)
    fitted = fitting.fit(brand, templates, judge)
    faults = [*fitted.findings, *_unknown_words(brand, manuscript.wording)]
    if has_errors(faults):
        raise Refused(faults)
    dress = replace(fitted.dress, looked=(*looked, *fitted.dress.looked))
    return replace(
        manuscript,
        dress=dress,
        wording=_reworded(manuscript.wording, dress.words) if dress.words else manuscript.wording,
        taken=manuscript.taken.more((*dress.files, *dress.looked)) if manuscript.taken else None,
    ).with_findings(faults)


def on_its_paper(briefing: Briefing, choice: BrandChoice) -> Briefing:
    """The briefing on the paper of its brand, where it names none; raises `Refused` where that cannot be read."""
    found = find_brand(choice, briefing)
    if not found:
        return briefing
    from briefing.design.brand import brand_file

    front = briefing.briefing
    paper = usual_paper(front, brand_file.read(*found).record.paper or "")
    return briefing.model_copy(update={"briefing": front.model_copy(update={"paper": paper})})


def _unknown_words(brand: BrandFile, wording: Wording) -> list[Finding]:
    known = [f"{group}.{key}" for group in CHANGEABLE for key in wording.words[group]]
    return [
        error(
            "brand-word-unknown",
            f'"{name}" is none of the words that a brand can change',
            brand.place("words", name),
            did_you_mean(name, known) or f"such as {', '.join(known[:4])}",
        )
        for name in brand.record.words
        if name not in known
    ]


def _reworded(wording: Wording, said: Mapping[str, str]) -> Wording:
    words = {group: dict(those) for group, those in wording.words.items()}
    for name, text in said.items():
        group, _, key = name.partition(".")
        words[group][key] = text
    return replace(wording, words=words)
