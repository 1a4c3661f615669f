"""What a printer can do, and what of a run it cannot: told in words before a job exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.distribution.printing.ipp import Operation
from briefing.distribution.printing.ipp_codec import IppAttribute, IppAttributes, IppTag, attribute

ASKED = (
    *("document-format-supported", "pdf-versions-supported", "operations-supported", "printer-is-accepting-jobs"),
    *("printer-state", "printer-state-reasons", "printer-state-message", "printer-up-time", "printer-error-policy"),
    "device-uri",
    *("sides-supported", "output-bin-supported", "media-supported", "media-ready", "print-scaling-supported"),
    *("print-quality-supported", "media-top-margin-supported", "media-bottom-margin-supported"),
    *("media-left-margin-supported", "media-right-margin-supported", "copies-supported"),
)
MEDIA = {"letter": "na_letter_8.5x11in", "a4": "iso_a4_210x297mm"}
_PAPERS = {"na_letter_8.5x11in": "Letter", "iso_a4_210x297mm": "A4"}
_NEEDED = (Operation.CREATE_JOB, Operation.SEND_DOCUMENT, Operation.GET_JOB_ATTRIBUTES, Operation.GET_JOBS)
_NORMAL, _STOPPED = 4, 5  # print quality; state of a printer
_OLD_PDF = ("adobe-1.2", "adobe-1.3", "adobe-1.4", "none")  # which have no streams of objects
_FEW = 6  # of a list that may be long
_HUNDREDTHS = 100  # of a millimetre, in which margins are told
WHITE_MM = 6.35  # at the edges of our pages for a desktop printer
_REASONS = {  # state reasons of printers and jobs (RFC 8011, PWG 5100.9), in words
    "media-empty": "a tray is empty",
    "media-needed": "it needs paper",
    "media-jam": "paper is jammed",
    "toner-empty": "it is out of toner",
    "marker-supply-empty": "it is out of ink or toner",
    "cover-open": "a cover is open",
    "door-open": "a door is open",
    "paused": "somebody has paused it",
    "output-area-full": "its output tray is full",
    "offline": "it is off line",
    "input-tray-missing": "a tray is missing",
    "shutdown": "it is being switched off",
}


@dataclass(frozen=True, slots=True)
class PrintWish:
    """How a run is to be printed."""

    media: str  # by its self-describing name (PWG 5101.1)
    sides: str
    output_bin: str = ""

    def template(self, able: IppAttributes) -> list[IppAttribute]:
        """What a job is asked for: never a number of copies, since each copy has its own."""
        asked = [attribute(IppTag.KEYWORD, "media", self.media), attribute(IppTag.KEYWORD, "sides", self.sides)]
        if _NORMAL in able.get("print-quality-supported", ()):
            asked.append(attribute(IppTag.ENUM, "print-quality", _NORMAL))
        if "none" in able.get("print-scaling-supported", ()):
            asked.append(attribute(IppTag.KEYWORD, "print-scaling", "none"))
        if self.output_bin:
            asked.append(attribute(IppTag.KEYWORD, "output-bin", self.output_bin))
        return asked


def refusals(able: IppAttributes, wish: PrintWish) -> tuple[str, ...]:
    """What the printer cannot do of what is wished, each in words that follow on its name."""
    return (*_general(able), *_paper(able, wish), *_sheets(able, wish))


def doubts(able: IppAttributes, wish: PrintWish) -> Iterator[str]:
    """What may go wrong with it, in words that follow on its name."""
    ready = _words(able, "media-ready")
    if is_queue(able) and ready and wish.media not in ready:
        yield f"the queue does not say that {_paper_name(wish.media)} is in a tray: see that it is"
    if is_queue(able):
        yield "it is a queue, which counts what it has sent: where its printer does not count, settle each part"
    if "retry-job" in able.get("printer-error-policy", ()):
        yield "it is a queue that begins a job anew when the printer fails, so that copies come out twice"
    known = _words(able, "print-scaling-supported")
    if known and "none" not in known:
        yield "it cannot be told to leave the pages at their size"


def reasons(said: IppAttributes, name: str) -> str:
    """State reasons in words; those that nobody needs are left out."""
    plain = [one.removesuffix("-error").removesuffix("-warning").removesuffix("-report") for one in _words(said, name)]
    return ", ".join(dict.fromkeys(_REASONS[one] for one in plain if one in _REASONS))


def _general(able: IppAttributes) -> Iterator[str]:
    if "application/pdf" not in able.get("document-format-supported", ()):
        yield "it takes no PDF"
    versions = _words(able, "pdf-versions-supported")
    if versions and all(one in _OLD_PDF for one in versions):
        yield "its PDF is older than 1.5"
    operations = able.get("operations-supported", ())
    if operations and not set(_NEEDED) <= set(operations):
        yield "it takes no jobs whose number is known before they print; a queue of CUPS before it does"
    if able.get("printer-is-accepting-jobs", (True,))[0] is False:
        yield "it accepts no jobs now"
    if _STOPPED in able.get("printer-state", ()):
        yield f"it has stopped: {reasons(able, 'printer-state-reasons') or 'it does not say why'}"


def _paper(able: IppAttributes, wish: PrintWish) -> Iterator[str]:
    known, ready = _words(able, "media-supported"), _words(able, "media-ready")
    shown = _paper_name(wish.media)
    if known and wish.media not in known:
        yield f"it has no {shown}; it knows {_listed(map(_paper_name, known))}"
    elif ready and wish.media not in ready and not is_queue(able):
        yield f"{shown} is not in a tray; loaded: {_listed(map(_paper_name, ready))}"
    for edge in ("top", "bottom", "left", "right"):
        least = min((one for one in able.get(f"media-{edge}-margin-supported", ()) if type(one) is int), default=0)
        if least > round(WHITE_MM * _HUNDREDTHS):
            yield f"it leaves {least / _HUNDREDTHS:.1f} mm white at the {edge}, where the pages leave {WHITE_MM:.1f} mm"


def _sheets(able: IppAttributes, wish: PrintWish) -> Iterator[str]:
    sides = _words(able, "sides-supported")
    if wish.sides != "one-sided" and wish.sides not in sides:
        yield f"it cannot print {wish.sides}" if len(sides) > 1 else "it prints on one side only"
    bins = _words(able, "output-bin-supported")
    if wish.output_bin and wish.output_bin not in bins:
        yield f"it has no output bin {wish.output_bin}; it has {_listed(bins) or 'none that it tells'}"


def is_queue(able: IppAttributes) -> bool:
    """Whether CUPS answers: what it calls loaded is the paper of its settings, and no tray."""
    return "printer-error-policy" in able


def _words(said: IppAttributes, name: str) -> list[str]:
    return [one[:200] for one in said.get(name, ()) if isinstance(one, str)]


def _paper_name(media: str) -> str:
    return f"{_PAPERS[media]} ({media})" if media in _PAPERS else media


def _listed(words: Sequence[str] | map[str]) -> str:
    words = list(words)
    return ", ".join(words[:_FEW]) + (f" and {len(words) - _FEW} more" if len(words) > _FEW else "")
