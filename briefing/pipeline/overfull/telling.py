"""A document that does not fit, in words: what binds it, by how much, and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from briefing.content.blocks import Width
from briefing.design.paper import PX_PER_MM
from briefing.documents.document import DocumentView
from briefing.findings import ContentPath, Finding, error
from briefing.layout import copyfit, margin_column
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.laying import MARGIN_GAP_PX, LaidDocument, renderer
from briefing.pipeline.overfull.changes import TrialChange, changed
from briefing.pipeline.overfull.remedies import Remedies, Search, Trials

if TYPE_CHECKING:
    from briefing.layout.typesetter import Typesetter

_LISTS = ("sources", "imprint")  # which say what is said elsewhere
NAMED = 5  # texts that are named as the longest
COLUMNS = {Width.MAIN: "the main column", Width.SIDE: "the margin column"}


@dataclass(frozen=True)
class _Bound:
    """The blocks that are too long together, and where that shows."""

    column: str
    blocks: tuple[int, ...]
    over: str  # in words: what runs over


def tell(
    job: DocumentJob, press: Typesetter, fitted: copyfit.Fitted[LaidDocument], names: Mapping[int, str]
) -> tuple[Finding, ...]:
    """Why a document does not fit, and what would help; lays trial pages."""
    laid = fitted.laid
    findings: list[Finding] = []
    bound = _bound(job, laid, names)
    over = laid.text_length - job.pages
    if over > 0:
        findings.append(_overflow(job, laid, bound, _tried(job, press, fitted, bound, over), names))
    findings += [_homeless(job, press, fitted, name, names) for name in laid.homeless]
    return tuple(findings)


def _tried(
    job: DocumentJob, press: Typesetter, fitted: copyfit.Fitted[LaidDocument], bound: _Bound, over: float
) -> Remedies:
    laid = fitted.laid
    dropped = frozenset(fitted.dropped)
    area_px = laid.area_px

    def laid_after(change: TrialChange, tall: bool) -> LaidDocument:
        return renderer(changed(job, change), press, area_px)(replace(fitted.setting, tall=tall), dropped)

    def fits(change: TrialChange) -> bool:  # on the sheet itself, as fitting does
        return laid_after(change, tall=False).length <= job.pages

    def over_after(change: TrialChange) -> float:
        return max(0.0, laid_after(change, fitted.setting.tall).length - job.pages)

    heights = {view.index: _height(laid, view.id) for view in laid.made.blocks}
    words = laid.area_lines * laid.words_a_line
    over_mm = over * laid.area_px / PX_PER_MM
    return Search(job, Trials(fits, over_after), bound.blocks, heights, over_mm, over, words, laid.words_a_line).found()


def _height(laid: LaidDocument, name: str) -> float:
    """How high a block stands on its pages, in millimetres."""
    spans = (sheet.blocks[name] for sheet in laid.layout.sheets if name in sheet.blocks)
    return sum(bottom - top for top, bottom in spans) / PX_PER_MM


# ------------------------------------------------------------------ what binds


def _bound(job: DocumentJob, laid: LaidDocument, names: Mapping[int, str]) -> _Bound:
    made = laid.made
    if made.document == "fact_sheet" and not made.one_column:
        return _bound_row(laid, names)
    text = [view for view in made.blocks if view.place != Width.SIDE.value]
    beyond = [view for sheet in laid.layout.sheets[job.pages :] for view in text if view.id in sheet.blocks]
    if job.pages == 1:  # measured on a sheet without end
        here = laid.layout.sheets[0].blocks
        beyond = [view for view in text if view.id in here and here[view.id][1] > laid.area_px] or beyond
    over = f"{names[beyond[0].index]} runs over the end of page {job.pages}" if beyond else ""
    column = "" if made.one_column else COLUMNS[Width.MAIN]
    return _Bound(column, tuple(view.index for view in text), over)


def _bound_row(laid: LaidDocument, names: Mapping[int, str]) -> _Bound:
    """On a page of two columns: blocks of full width, and of each row the column that is the longer one."""
    bottoms: dict[str, float] = {}
    for number, sheet in enumerate(laid.layout.sheets):
        bottoms |= {name: number * laid.area_px + bottom for name, (_, bottom) in sheet.blocks.items()}
    blocks: list[int] = []
    tall: tuple[float, str, str] = (0.0, "", "")
    for row in laid.made.rows():
        if "pair" in row:
            blocks += [view.index for view in row["pair"]]
            continue
        if "wide" in row:
            blocks.append(row["wide"].index)
            continue
        ends = {place: max((bottoms.get(view.id, 0.0) for view in row[place.value]), default=0.0) for place in COLUMNS}
        place = max(ends, key=lambda one: ends[one])
        blocks += [view.index for view in row[place.value]]
        other = Width.SIDE if place is Width.MAIN else Width.MAIN
        if row[other.value]:
            apart = ends[place] - ends[other]
            said = _listed(names[view.index] for view in row[place.value])
            tall = max(tall, (apart, COLUMNS[place], said))
    apart, column, said = tall
    longer = f"it ends {round(apart / PX_PER_MM)} mm below the other one, with {said}"
    return _Bound(column, tuple(blocks), longer if column and apart > PX_PER_MM else "")


def _listed(names: Iterable[str]) -> str:
    said = list(names)
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


# ------------------------------------------------------------------ in words


def _overflow(
    job: DocumentJob, laid: LaidDocument, bound: _Bound, remedies: Remedies, names: Mapping[int, str]
) -> Finding:
    over = laid.text_length - job.pages
    lines, mm = max(1, round(over * laid.area_lines)), max(1, round(over * laid.area_px / PX_PER_MM))
    room = "one page" if job.pages == 1 else f"{job.pages} pages"
    size = f"{lines} line{'s' if lines > 1 else ''}, {mm} mm"
    message = f"{job.title}: {mm} mm ({lines} line{'s' if lines > 1 else ''}) too long for {room}"
    if remedies.words:
        message = f"{job.title}: about {remedies.words} word{'s' * (remedies.words > 1)} ({size}) too many for {room}"
    where = "; ".join(filter(None, [f"{bound.column} binds" if bound.column else "", bound.over]))
    return error(
        "overflow",
        f"{message}; {where}" if where else message,
        ContentPath((job.document,), key=True),
        f"{_helps(remedies, names)} {_longest(laid.made, bound, names)}",
    )


def _helps(remedies: Remedies, names: Mapping[int, str]) -> str:
    helps = list(_in_words(remedies, names))
    measured = "tried at the tightest setting and without optional blocks"
    if not helps:
        return f"No single change is enough ({measured}): shorten several texts, or mark a block optional: true."
    alone = "this is enough" if len(helps) == 1 else "each of these alone is enough"
    return f"{measured[:1].upper()}{measured[1:]}, {alone}: {'; '.join(helps)}."


def _in_words(remedies: Remedies, names: Mapping[int, str]) -> Iterator[str]:
    for index, place in remedies.moved:
        yield f"place: {place.value} for {names[index]}"
    for index, high, low in remedies.lowered:
        yield f"height_mm: {low:.0f} for {names[index]}, which has {high:.0f}"
    if remedies.cut:
        index, count = remedies.cut
        yield f"about {count} words less in {names[index]}"


def _longest(made: DocumentView, bound: _Bound, names: Mapping[int, str]) -> str:
    words = {view.index: view.words for view in made.blocks if view.kind not in _LISTS and view.index in bound.blocks}
    longest = sorted(words, key=lambda index: -words[index])[:NAMED]
    said = "; ".join(f"{names[index]} ({words[index]} words)" for index in longest)
    return f"The longest: {said}." if said else ""


# ------------------------------------------------------------------ the margin


def _homeless(
    job: DocumentJob,
    press: Typesetter,
    fitted: copyfit.Fitted[LaidDocument],
    name: str,
    names: Mapping[int, str],
) -> Finding:
    """A block of the margin without room: what it needs, what there is, and what would help."""
    laid = fitted.laid
    margin = laid.margin
    index = next(view.index for view in laid.made.blocks if view.id == name)
    need = next(side.height for side in margin.sides if side.id == name)
    rooms = margin_column.rooms(margin, MARGIN_GAP_PX)
    gap, page = max(((high, number) for number, high in rooms), default=(0.0, 0))
    largest = f"most is left on page {page + 1}, {gap / PX_PER_MM:.0f} mm" if gap > PX_PER_MM else "it is full"
    sides = tuple(view.index for view in laid.made.blocks if view.place == Width.SIDE.value)
    ordered: Sequence[int] = (index, *(other for other in sides if other != index))
    bound = _Bound(COLUMNS[Width.SIDE], tuple(ordered), "")
    found = Remedies()
    if laid.text_length <= job.pages:
        found = _tried(job, press, fitted, bound, max(0.0, need - gap) / laid.area_px)
    return error(
        "margin-full",
        f"{job.title}: the margin column has no room for {names[index]}, of {need / PX_PER_MM:.0f} mm: {largest}",
        job.at_block(index),
        f"{_helps(found, names)} Or give it another place, or shorten what stands in the margin."
        if laid.text_length <= job.pages
        else "give it place: main or wide, or shorten what stands in the margin",
    )
