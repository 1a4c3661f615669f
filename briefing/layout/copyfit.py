"""Pages within their budget.

A document is laid with spacing that is tight and still easy on the eye. Where it is short, spacing grows; where it is
long, first type size, then the last of the spacing, then optional blocks are used, in this order. Everything is
bracketed on real pages and interpolated between, because the height of a page is convex and piecewise linear in the
spacing: a chord never lies below it. What cannot fit is refused with how much is over. Nothing starts from a remembered
value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

from briefing.documents.partners import STRIP
from briefing.documents.setting import EASY_SPACE, Setting
from briefing.findings import ContentPath, Finding, note, warning


class Laid(Protocol):
    """What fitting needs to know of a laid document."""

    @property
    def length(self) -> float:
        """Pages taken, the last one by its filled part."""

    @property
    def unfilled(self) -> float:
        """How high the holes below the text of earlier pages are, together; 0 where there is none worth telling."""

    @property
    def area_lines(self) -> float:
        """Lines of running text that a page holds."""

    @property
    def words_a_line(self) -> float:
        """Words on a full line of running text."""


@dataclass(frozen=True)
class PageBudget:
    """How long a document may be, in pages, and how short before it looks thin."""

    pages: int
    low: float  # shortest length that is full enough once something was done
    aim: float  # length that a solved setting aims at; aiming at the very end makes another page
    near: float  # how much shorter than that needs no help
    thin: float  # below this the page is called thin


SPACE = (EASY_SPACE, 2.2)  # factors on the tokens' spacing: tightest and widest of a document that is to fill its pages
LEAST = 0.4  # the tightest of all, where type at its floor is not enough
TYPE_FLOOR = 0.9615  # 10.0 pt of 10.4 pt
TYPE_SAVES = 0.88  # what small type leaves of a document's length, at the least: 0.89 to 1 on real pages
OTHER_SPACE = (1.06, 1.24, 0.94)  # what spacing is multiplied with to fill a hole in the text
LAST = 0.4  # what part of all that makes a page shorter is the last of the spacing, about
SAVED = 0.35  # the part of a page that is better saved than filled up
# Spacing below which no page is saved: below SPACE[0], since an open end does not turn to smaller type first.
EASY = 0.5
ROOM_FOR_IMPRINT = 0.04  # the part of the last page that has to be free before its imprint is tried in columns
GROWTH = 0.2  # pages that each page grows by when the spacing grows by its own size: 0.15 to 0.25 on real pages


def page_budget(pages: int) -> PageBudget:
    """One page is filled to 92 % and more; of several, the last is at least two thirds full."""
    if pages == 1:
        return PageBudget(1, 0.945, 0.982, 0.015, 0.92)
    return PageBudget(pages, pages - 0.26, pages - 0.06, 0.1, pages - 1 / 3)


L = TypeVar("L", bound=Laid)


@dataclass(frozen=True)
class Fitted(Generic[L]):
    """A laid document within its budget, or the nearest to it, with what was done."""

    laid: L
    setting: Setting
    dropped: tuple[int, ...]
    fits: bool
    renders: int


@dataclass
class _Trial(Generic[L]):
    """Typesets, counts, and knows again what somebody still holds, so that nothing is typeset twice in a row.

    What nobody holds any more is let go: a hundred pages take 170 MB each time that they are laid.
    """

    render: Callable[[Setting, frozenset[int]], L]
    renders: int = 0
    held: WeakValueDictionary[tuple[Setting, tuple[int, ...]], L] = field(default_factory=WeakValueDictionary)

    def __call__(self, setting: Setting, dropped: tuple[int, ...]) -> L:
        known = self.held.get((setting, dropped))
        if known is None:
            self.renders += 1
            known = self.held[setting, dropped] = self.render(setting, frozenset(dropped))
        return known


def fit(render: Callable[[Setting, frozenset[int]], L], target: PageBudget, optional: tuple[int, ...]) -> Fitted[L]:
    """Bring a document within its budget; `optional` names the blocks that may go, the first to go first."""
    trial = _Trial(render)
    for count in range(len(optional) + 1):
        dropped = optional[:count]
        if count:
            # With blocks gone the tightest setting tells whether it is enough; only then is the best one sought.
            tight = trial(Setting(LEAST, TYPE_FLOOR), dropped)
            if tight.length > target.pages:
                continue
        solved = _solve(trial, target, dropped)
        if solved:
            evened = _evened(trial, target, dropped, *solved)
            return Fitted(*_with_roomy_end(trial, dropped, *evened), dropped, True, trial.renders)
    floor = Setting(LEAST, TYPE_FLOOR, tall=target.pages == 1)
    return Fitted(trial(floor, optional), floor, optional, False, trial.renders)


def fit_open(
    render: Callable[[Setting, frozenset[int]], L], most: int, optional: tuple[int, ...]
) -> tuple[Fitted[L], PageBudget]:
    """Give a document as many pages as it needs, and no more than `most`; it may end anywhere on the last one.

    A page of which little would be used is saved where spacing that is a bit tighter allows.
    """
    trial = _Trial(render)
    for count in range(len(optional) + 1):
        dropped = optional[:count]
        laid = trial(Setting(), dropped)
        pages = max(1, math.ceil(laid.length))
        spare = 1 < pages <= most + 1 and (laid.length - (pages - 1) < SAVED or pages > most)
        if spare and (solved := _eased(trial, pages - 1, dropped)):
            return Fitted(*_with_roomy_end(trial, dropped, *solved), dropped, True, trial.renders), _ending(pages - 1)
        if pages <= most:
            return Fitted(laid, Setting(), dropped, True, trial.renders), _ending(pages)
    floor = Setting(LEAST, TYPE_FLOOR)
    laid = trial(floor, optional)  # tighter than is good to read, but the content asks for no more pages
    return Fitted(laid, floor, optional, laid.length <= most, trial.renders), _ending(most)


def _eased(trial: _Trial[L], pages: int, dropped: tuple[int, ...]) -> tuple[L, Setting] | None:
    """The widest spacing, but for what three halvings miss, at which a document takes no more pages."""
    best, over = EASY, 1.0
    laid = trial(Setting(best), dropped)
    if laid.length > pages:
        return None
    for _ in range(3):
        middle = round((best + over) / 2, 4)
        tried = trial(Setting(middle), dropped)
        if tried.length <= pages:
            best, laid = middle, tried
        else:
            over = middle
    return laid, Setting(best)


def _ending(pages: int) -> PageBudget:
    return replace(page_budget(pages), thin=0.0)


def _solve(trial: _Trial[L], target: PageBudget, dropped: tuple[int, ...]) -> tuple[L, Setting] | None:
    """The loosest setting that fits, or nearly; nothing where not even the floors are enough.

    What is laid first has the tightest spacing that is still easy on the eye, since most documents end near it.
    """
    first = trial(Setting(SPACE[0]), dropped)
    if first.length <= target.pages:
        return _widened(trial, target, dropped, first)
    fits, over = 0.0, (1.0, first)
    if first.length * TYPE_SAVES <= target.pages:
        small = trial(_tightened(LAST), dropped)
        if small.length <= target.pages:
            return _between(trial, target, dropped, _tightened, (LAST, small), over)
        over = LAST, small
    least = trial(_tightened(fits), dropped)
    if least.length > target.pages:
        return None
    return _between(trial, target, dropped, _tightened, (fits, least), over)


def _tightened(share: float) -> Setting:
    """Settings from the tightest of all, 0, to type as it is with the tightest easy spacing, 1."""
    if share <= LAST:
        return Setting(round(LEAST + (SPACE[0] - LEAST) * share / LAST, 4), TYPE_FLOOR)
    return Setting(SPACE[0], round(TYPE_FLOOR + (1.0 - TYPE_FLOOR) * (share - LAST) / (1.0 - LAST), 4))


def _widened(trial: _Trial[L], target: PageBudget, dropped: tuple[int, ...], first: L) -> tuple[L, Setting]:
    """Wider spacing, until the pages are full. The first guess takes pages to grow as they do on average."""
    if first.length >= target.aim - target.near:
        return first, Setting(SPACE[0])
    guess = round(min(SPACE[0] + (target.aim - first.length) / (GROWTH * target.pages), SPACE[1]), 4)
    guessed = trial(Setting(guess), dropped)
    if guessed.length > target.pages:
        return _between(trial, target, dropped, Setting, (SPACE[0], first), (guess, guessed))
    if guessed.length >= target.low or guess == SPACE[1]:
        return guessed, Setting(guess)
    wide = trial(Setting(SPACE[1]), dropped)
    if wide.length <= target.pages:
        return wide, Setting(SPACE[1])
    return _between(trial, target, dropped, Setting, (guess, guessed), (SPACE[1], wide))


def _evened(
    trial: _Trial[L], target: PageBudget, dropped: tuple[int, ...], laid: L, setting: Setting
) -> tuple[L, Setting]:
    """Other spacing, a bit wider or tighter, where text ends far above the foot of a page and would not then."""
    best = laid, setting
    for factor in OTHER_SPACE:
        if not best[0].unfilled:
            break
        other = replace(setting, space=round(min(max(setting.space * factor, LEAST), SPACE[1]), 4))
        if other.is_cramped and not setting.is_cramped:
            continue
        tried = trial(other, dropped)
        if target.thin <= tried.length <= target.pages and tried.unfilled < best[0].unfilled:
            best = tried, other
    return best


def _with_roomy_end(trial: _Trial[L], dropped: tuple[int, ...], laid: L, setting: Setting) -> tuple[L, Setting]:
    """The same with the imprint in columns, where the last page has room for them."""
    pages = math.ceil(laid.length)
    if not setting.is_cramped or pages - laid.length < ROOM_FOR_IMPRINT:
        return laid, setting
    roomy = replace(setting, roomy_end=True)
    tried = trial(roomy, dropped)
    return (tried, roomy) if tried.length <= pages and tried.unfilled <= laid.unfilled else (laid, setting)


def _between(
    trial: _Trial[L],
    target: PageBudget,
    dropped: tuple[int, ...],
    setting: Callable[[float], Setting],
    fits: tuple[float, L],
    over: tuple[float, L],
) -> tuple[L, Setting]:
    """Interpolate between a value that fits and one that does not; the one that fits is always at hand."""
    best, (high, too_long) = fits, over
    if best[1].length >= target.aim - target.near:
        return best[1], setting(best[0])
    for _ in range(4):
        low, laid = best
        share = (target.aim - laid.length) / (too_long.length - laid.length)
        value = low + (high - low) * min(max(share, 0.02), 0.98)
        tried = trial(setting(value), dropped)
        if tried.length <= target.pages:
            best = (value, tried)
            if tried.length >= target.low:
                break
        else:
            high, too_long = value, tried
    return best[1], setting(best[0])


# ------------------------------------------------------------------ what is said


def judge(
    fitted: Fitted[L], target: PageBudget, title: str, document: str, names: Mapping[int, str]
) -> tuple[Finding, ...]:
    """Say what was left out to fit, and how much could come."""
    said = [
        note("block-dropped", f"{title}: {names[index]} was left out to fit", _path(document, index))
        for index in fitted.dropped
    ]
    length, lines_a_page = fitted.laid.length, fitted.laid.area_lines
    if length < target.thin:
        could = round((target.aim - length) * lines_a_page * fitted.laid.words_a_line)
        said.append(
            warning(
                "page-thin",
                f"{title}: {_full(length, target)} full; about {could} words could come",
                ContentPath((document,), key=True),
                "add text or a block, or lower pages:",
            )
        )
    return tuple(said)


def _path(document: str, index: int) -> tuple[str | int, ...]:
    return ("briefing", "co_publishers") if index == STRIP else (document, "blocks", index)


def over_budget(laid: Laid, target: PageBudget) -> tuple[int, int]:
    """How many lines and words of running text are too many, where a document does not fit."""
    lines = (laid.length - target.pages) * laid.area_lines
    return max(1, round(lines)), max(1, round(lines * laid.words_a_line))


def _full(length: float, target: PageBudget) -> str:
    if target.pages == 1:
        return f"the page is {length:.0%}"
    if length <= target.pages - 1:
        return f"only {length:.1f} of {target.pages} pages are"
    return f"the last of {target.pages} pages is {length - target.pages + 1:.0%}"
