"""A document job as it would be if its content were changed: shorter texts, other places, lower pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from briefing.content.blocks import BlockBase, ChartBlock, Contested, ImageBlock, KeyFigures, Options, Table, Width
from briefing.content.briefing import walk_printed_strings
from briefing.content.panels import GaugeBlock, PullFigure, PullQuote
from briefing.content.scalars import Path
from briefing.design.paper import width_mm
from briefing.documents.block_views import Picture
from briefing.pipeline.document_job import DocumentJob

LONG = 8  # words of a text from which it may be shortened
KEPT = 0.25  # the part of a text that is always kept
_TOKEN = re.compile(r"\{\{[^}]*\}\}|!?\[[^\]]*\](?:\([^)]*\))?|[^\S\n]+|\n\s*|[^\s{\[]+|.")
_WORD = re.compile(r"[\w’'-]+[.,;:]?")
_BARE_ITEM = re.compile(r"\n\s*(?:[-*+]|\d+[.)])\s*$")  # of a list, without a word
# Whose height does not follow the number of their words, or whose words are not ours to cut.
_CELLS = (Table, Options, Contested, KeyFigures, PullQuote, PullFigure, GaugeBlock)


@dataclass(frozen=True)
class TrialChange:
    """What is changed, by the place of each block in the document."""

    places: Mapping[int, Width] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)  # of pictures on the page, in millimetres
    words: Mapping[int, int] = field(default_factory=dict)  # how many words of a block go


def changed(job: DocumentJob, change: TrialChange) -> DocumentJob:
    """The job with that change."""
    record = job.briefing.document(job.document)
    blocks: list[BlockBase] = list(record.blocks)
    pictures = dict(job.pictures)
    for index, place in change.places.items():
        blocks[index] = blocks[index].model_copy(update={"place": place})
        if index in pictures:
            wide = width_mm(job.paper, place, job.tokens)
            pictures[index] = _as_wide(blocks[index], pictures[index], wide)
    for index, height in change.heights.items():
        pictures[index] = _as_high(blocks[index], pictures[index], height)
    for index, count in change.words.items():
        blocks[index] = shortened(blocks[index], count)
    briefing = job.briefing.model_copy(update={job.document: record.model_copy(update={"blocks": tuple(blocks)})})
    return replace(job, briefing=briefing, pictures=pictures)


def _as_wide(block: BlockBase, picture: Picture, wide: float) -> Picture:
    """A chart keeps its height, and whatever else has a shape of its own keeps that."""
    if isinstance(block, ChartBlock):
        return replace(picture, width_mm=wide)
    factor = wide / picture.width_mm if not isinstance(block, ImageBlock) or not block.height_mm else 1.0
    factor = min(factor, wide / picture.width_mm)
    return replace(picture, width_mm=picture.width_mm * factor, height_mm=picture.height_mm * factor)


def _as_high(block: BlockBase, picture: Picture, height: float) -> Picture:
    wide = picture.width_mm if isinstance(block, ChartBlock) else picture.width_mm * height / picture.height_mm
    return replace(picture, width_mm=wide, height_mm=height)


# ------------------------------------------------------------------ texts


def spare_words(block: BlockBase) -> int:
    """How many words a block could lose and still be itself."""
    return sum(int((1 - KEPT) * count) for _, _, count in _texts(block))


def shortened(block: BlockBase, count: int) -> BlockBase:
    """The block with so many words fewer, each of its longer texts being cut at its end."""
    spare = max(1, spare_words(block))
    new = {}
    for path, text, words in _texts(block):
        share = round(int((1 - KEPT) * words) * min(1.0, count / spare))
        new[path] = _cut(text, words - share)
    made = _with_texts(block, new, ())
    assert isinstance(made, BlockBase)
    return made


def _texts(block: BlockBase) -> Iterator[tuple[Path, str, int]]:
    """The longer texts of a block whose height follows their length, each with the words that may go."""
    if isinstance(block, _CELLS):
        return
    for path, _, text in walk_printed_strings(block):
        count = sum(1 for token in _TOKEN.findall(text) if _WORD.fullmatch(token))
        if count >= LONG and path[-1] not in ("heading", "alt"):
            yield path, text, count


def _cut(text: str, words: int) -> str:
    """The first words of a text, so many; sentences and paragraphs behind them go whole, as an editor cuts."""
    kept: list[str] = []
    for token in _TOKEN.findall(text):
        if _WORD.fullmatch(token):
            if not words:
                break
            words -= 1
        kept.append(token)
    return _BARE_ITEM.sub("", "".join(kept)).rstrip()


def _with_texts(record: Any, new: Mapping[Path, str], path: Path) -> Any:
    if path in new:
        return new[path]
    if isinstance(record, tuple):
        return tuple(_with_texts(item, new, (*path, number)) for number, item in enumerate(record))
    if isinstance(record, BaseModel):
        fields = {name: _with_texts(getattr(record, name), new, (*path, name)) for name in type(record).model_fields}
        return record.model_copy(update=fields)
    return record
