"""A finished PDF is judged for a use: its facts are read, rules look at them, and findings come out.

Every rule speaks at most once for a file: it names the pages and how often it was met.
"""

from __future__ import annotations

from collections.abc import Iterable

from briefing.design.outputs import OutputName
from briefing.findings import Finding, Place
from briefing.preflight.facts import Facts, Font, PageFacts, Zone
from briefing.preflight.ink_coverage import with_ink
from briefing.preflight.inspect import inspect
from briefing.preflight.rule import Limits, Rule, Violation
from briefing.preflight.rule_sets import LIMITS, MEASURED, RULES
from briefing.preflight.rules_general import DAMAGED, ENCRYPTED

_PAGES_TOLD = 6


def preflight(data: bytes, name: str, use: OutputName, limits: Limits | None = None) -> tuple[Finding, ...]:
    """What speaks against using a file as a use; nothing where nothing does."""
    return judge(read_facts(data, name, use), use, limits)


def read_facts(data: bytes, name: str, use: OutputName) -> Facts:
    """The facts that a use's rules need."""
    facts = inspect(data, name)
    return with_ink(facts, data) if use in MEASURED and not facts.trouble else facts


# What is asked of a file that people read or fold; not of one with many copies, which goes to a printer.
_OF_PRINTERS = (OutputName.OFFICE, OutputName.PRESS)
_OF_ONE_COPY = frozenset(
    {"tags-missing", "ua-unsaid", "archive-unsaid", "pages-odd", "pages-unfolded", "print-preset-missing"}
)


def judge(facts: Facts, use: OutputName, limits: Limits | None = None) -> tuple[Finding, ...]:
    """What a use's rules say of facts, in the order of the rules."""
    numbers = limits or LIMITS[use]
    told = ((rule, tuple(rule.look(facts, numbers))) for rule in _rules(facts, use))
    return tuple(_finding(rule, seen, facts.name) for rule, seen in told if seen)


def _rules(facts: Facts, use: OutputName) -> tuple[Rule, ...]:
    """The rules that a file is held against."""
    if facts.trouble:
        return (DAMAGED, ENCRYPTED)
    many = facts.numbered and use in _OF_PRINTERS
    return tuple(rule for rule in RULES[use] if not (many and rule.code in _OF_ONE_COPY))


def _finding(rule: Rule, seen: tuple[Violation, ...], name: str) -> Finding:
    first = seen[0]
    pages = list(dict.fromkeys(one.page for one in seen if one.page))
    times = sum(one.count for one in seen)
    message = (f"page {first.page}: " if first.page else "") + first.said
    if times > 1:
        message += f" ({times} times)"
    if len(pages) > 1:
        more = [str(page) for page in pages[1 : 1 + _PAGES_TOLD]]
        rest = len(pages) - 1 - len(more)
        message += f"; also on page{'s' * (len(pages) > 2)} {', '.join(more)}{f' and {rest} more' if rest else ''}"
    return Finding(rule.severity, rule.code, message, Place(file=name), rule.hint)


def format_report(facts: Facts, findings: Iterable[Finding], use: OutputName) -> str:
    """What was looked at and what was found, in plain words and with the clause of each rule."""
    findings = tuple(findings)
    clauses = {rule.code: rule.clause for rule in RULES[use]}
    lines = [f"Preflight of {facts.name} as {use.value}", "", "What was looked at", ""]
    lines += [f"  {line}" for line in (_file(facts) if not facts.trouble else [f"Nothing: {facts.trouble}."])]
    lines = [line.replace("\n", " ") for line in lines]  # in words of the file
    for page in facts.pages:
        lines += [f"  Page {page.number}: {_page(page)}"]
    lines += ["", "What was found", ""]
    for finding in findings:
        lines += [f"  {finding.severity.value}: {finding.message} [{finding.code}]"]
        lines += [f"    To do: {finding.hint}.", f"    Why: {clauses.get(finding.code, 'ours')}."]
    if not findings:
        lines += [f"  Nothing. {len(_rules(facts, use))} rules were held against the file."]
    return "\n".join(lines) + "\n"


def _file(facts: Facts) -> list[str]:
    said = facts.xmp
    claims = [f"PDF/A-{said.pdfa[0]}{said.pdfa[1].lower()}"] if said.pdfa[0] else []
    claims += [f"PDF/UA-{said.pdfua}"] if said.pdfua else []
    claims += [said.pdfx] if said.pdfx else []
    intents = [f"{one.identifier or one.info or 'unnamed'} ({one.subtype})" for one in facts.intents]
    fonts = dict.fromkeys(font for page in facts.pages for font in page.fonts)
    return [
        f"PDF {facts.version}, {facts.count} page{'s' * (facts.count != 1)}, {facts.size / 1000:.0f} KB.",
        f"It says that it is {' and '.join(claims) if claims else 'of no standard'}.",
        f"Title: {said.title or facts.info.get('Title', '') or 'none'}. Language: {facts.language or 'none'}.",
        f"Colours are meant for: {', '.join(intents) or 'nothing in particular'}.",
        f"Fonts: {', '.join(map(_font, fonts)) or 'none'}.",
        *(["Numbered copies, for a printer: tags, folding and presets of one copy are not judged."] * facts.numbered),
        f"Attached: {', '.join(file.name for file in facts.attachments) or 'nothing'}.",
    ]


def _font(font: Font) -> str:
    return font.name.rstrip(",") + ("" if font.embedded else " (not in the file)")


def _page(page: PageFacts) -> str:
    width, height = page.size_mm()
    parts = [f"{width:.1f} × {height:.1f} mm"]
    if {"trim", "bleed"} <= page.boxes.keys():
        trim, bleed = page.box_mm("trim"), page.box_mm("bleed")
        parts.append(f"bleed {min(trim[0] - bleed[0], bleed[2] - trim[2]):.1f} mm")
    models = {p.colour.space.model.value for p in page.paints} | {image.space.model.value for image in page.images}
    parts.append(f"colours: {', '.join(sorted(models - {'nothing', 'pattern'})) or 'none'}")
    sizes = [paint.size for paint in page.text if paint.zone is Zone.PAGE]
    widths = [line.width for line in page.lines if line.zone is Zone.PAGE]
    ppi = [image.ppi for image in page.images if image.zone is Zone.PAGE and image.width_px * image.height_px > 1]
    parts += [f"smallest type {min(sizes):g} pt"] if sizes else []
    parts += [f"thinnest line {min(widths):g} pt"] if widths else []
    parts += [f"coarsest image {min(ppi):.0f} ppi"] if ppi else []
    if page.ink is not None and page.ink.most is not None and page.ink.plates is not None:
        means = ", ".join(f"{name} {value:g} %" for name, value in zip("CMYK", page.ink.plates, strict=True))
        parts.append(f"most ink {page.ink.most:.0f} %; mean {means}")
    elif page.ink is not None:
        parts.append(f"ink not measured: {page.ink.why_not}")
    return "; ".join(parts) + "."
