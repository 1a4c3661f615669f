"""Rules for files that are read out and kept: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3)."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.findings import Severity
from briefing.preflight.facts import Facts, Structure
from briefing.preflight.rule import Limits, Rule, Violation

_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW = 1, 2, 4, 32  # flags of annotations (ISO 32000-1, 12.5.3)
_LONG = 2  # pages that need no bookmarks


def _tree(facts: Facts) -> Structure | None:
    return facts.structure if facts.structure is not None and facts.structure.roles else None


def _tags(facts: Facts, _: Limits) -> Iterator[Violation]:
    if _tree(facts) is None or not facts.marked:
        yield Violation("the file is not tagged: a screen reader finds nothing in order")


def _broken(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.structure is not None and facts.structure.broken:
        yield Violation("the tags are no tree: a part stands in two places")


def _untagged(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if _tree(facts) is not None and page.untagged:
            yield Violation("something is painted that is neither tagged nor an artifact", page.number, page.untagged)


def _language(facts: Facts, _: Limits) -> Iterator[Violation]:
    if not facts.language:
        yield Violation("the file does not say its language")


def _title(facts: Facts, _: Limits) -> Iterator[Violation]:
    if not facts.title_shown:
        yield Violation("a window shows the name of the file in place of its title")


def _identified(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.xmp.readable and facts.xmp.pdfua != "1":
        yield Violation("the file does not say that it is PDF/UA-1")


def _counted(field: str, said: str, facts: Facts) -> Iterator[Violation]:
    tree = _tree(facts)
    if tree is not None and getattr(tree, field):
        yield Violation(said, count=getattr(tree, field))


def _pictures(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("figures_without_alt", "a picture has no alternative text", facts)


def _scopes(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("heads_without_scope", "a table's header does not say for which cells it stands", facts)


def _heads(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("tables_without_heads", "a table has no headers", facts)


def _numbering(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("lists_without_numbering", "a list does not say how it is numbered", facts)


def _notes(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("notes_without_id", "a note has no identifier", facts)


def _empty_links(facts: Facts, _: Limits) -> Iterator[Violation]:
    yield from _counted("links_without_target", "a tag says link, and nothing can be followed", facts)


def _headings(facts: Facts, _: Limits) -> Iterator[Violation]:
    before = 0
    for level in facts.structure.headings if facts.structure is not None else ():
        if level > before + 1:
            yield Violation(f"a heading of level {level} comes after one of level {before}" if before else
                       f"the first heading is of level {level}")  # fmt: skip
        before = level


def _roles(facts: Facts, _: Limits) -> Iterator[Violation]:
    for role in facts.structure.strange if facts.structure is not None else ():
        yield Violation(f"no standard knows the tag {role}, and the file does not explain it")


def _silent(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        silent = sum(not one.contents.strip() for one in page.annotations if one.subtype == "Link")
        if silent:
            yield Violation("a link does not say where it leads", page.number, silent)


def _loose(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        loose = sum(not one.tagged for one in page.annotations if one.subtype not in ("Popup", "PrinterMark"))
        if loose and _tree(facts) is not None:
            yield Violation("a link or remark stands outside the tags", page.number, loose)


def _tabs(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        if page.annotations and page.tabs != "S":
            yield Violation("the tabulator key does not follow the order of reading", page.number)


def _letters(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        for font in page.fonts:
            if not font.unicode:
                yield Violation(f"letters of the font {font.name or 'without a name'} cannot be read out", page.number)


def _bookmarks(facts: Facts, _: Limits) -> Iterator[Violation]:
    if facts.count > _LONG and not facts.bookmarks:
        yield Violation(f"the file has {facts.count} pages and no bookmarks")


def _xmp(facts: Facts, _: Limits) -> Iterator[Violation]:
    if not facts.xmp.readable:
        yield Violation("the file has no metadata (XMP) that can be read")


def _archive(facts: Facts, _: Limits) -> Iterator[Violation]:
    part, level = facts.xmp.pdfa
    if facts.xmp.readable and (part, level.upper()) != ("3", "A"):
        said = f"says that it is PDF/A-{part}{level.lower()}" if part else "does not say that it is PDF/A"
        yield Violation(f"the file {said}, and PDF/A-3a is wanted")


def _intent(facts: Facts, _: Limits) -> Iterator[Violation]:
    device = {
        space.family
        for page in facts.pages
        for space in (*(p.colour.space for p in page.paints), *(image.space for image in page.images))
        if space.family.startswith("Device") and space.family != "DeviceN"
    }
    if device and not any(one.subtype == "GTS_PDFA1" and one.parts for one in facts.intents):
        yield Violation(f"nothing says what {' and '.join(sorted(device))} look like")


def _attachments(facts: Facts, _: Limits) -> Iterator[Violation]:
    for file in facts.attachments:
        if not (file.relationship and file.associated and file.kind):
            yield Violation(f"the attached file {file.name} does not say what it is and to what it belongs")


def _smoothed(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        smoothed = sum(image.smoothed for image in page.images)
        if smoothed:
            yield Violation("an image asks to be smoothed", page.number, smoothed)


def _unprinted(facts: Facts, _: Limits) -> Iterator[Violation]:
    for page in facts.pages:
        unprinted = sum(
            not one.flags & _PRINT or bool(one.flags & (_INVISIBLE | _HIDDEN | _NO_VIEW))
            for one in page.annotations
            if one.subtype != "Popup"
        )
        if unprinted:
            yield Violation("a link or remark is hidden or not printed", page.number, unprinted)


def _identifier(facts: Facts, _: Limits) -> Iterator[Violation]:
    if not facts.identified and not facts.trouble:
        yield Violation("the file has no identifier (ID)")


E, W = Severity.ERROR, Severity.WARNING
_TAG = "tag it where it is written; the program that exports the PDF does it from there"
READABLE = (
    Rule("tags-missing", E, "ISO 14289-1, 7.1", "export it as tagged PDF", _tags),
    Rule("tags-broken", E, "ISO 32000-1, 14.7.2", "export the file anew", _broken),
    Rule("content-untagged", E, "ISO 14289-1, 7.1", _TAG, _untagged),
    Rule("language-missing", E, "ISO 14289-1, 7.2", "give the document its language", _language),
    Rule("title-hidden", E, "ISO 14289-1, 7.1", "let the window show the title (DisplayDocTitle)", _title),
    Rule("ua-unsaid", E, "ISO 14289-1, 5", "mark it as PDF/UA-1 once it is", _identified),
    Rule("figure-silent", E, "ISO 14289-1, 7.3", "say in words what the picture shows", _pictures),
    Rule("header-scope-missing", E, "ISO 14289-1, 7.5", "give each header its scope, row or column", _scopes),
    Rule("table-headless", E, "ISO 14289-1, 7.5", "mark the first row as headers", _heads),
    Rule("list-numbering-missing", W, "ISO 14289-1, 7.6", "let the list say whether it is numbered", _numbering),
    Rule("headings-skip", E, "ISO 14289-1, 7.4.2", "let no level be left out", _headings),
    Rule("note-unnamed", E, "ISO 14289-1, 7.9", "give each note an ID", _notes),
    Rule("link-empty", E, "ISO 14289-1, 7.18.5", "let the tag hold its link, or take it away", _empty_links),
    Rule("link-silent", E, "ISO 14289-1, 7.18.5", "say in its contents where it leads", _silent),
    Rule("link-untagged", E, "ISO 14289-1, 7.18.1", _TAG, _loose),
    Rule("tab-order", E, "ISO 14289-1, 7.18.3", "let tabs follow the structure (Tabs /S)", _tabs),
    Rule("role-unknown", E, "ISO 14289-1, 7.1", "map it to a tag of the standard", _roles),
    Rule("letters-unreadable", E, "ISO 14289-1, 7.21.7; ISO 19005-3, 6.2.11.7", "embed fonts with ToUnicode", _letters),
    Rule("bookmarks-missing", W, "WCAG 2.4.5; ours", "export headings as bookmarks", _bookmarks),
)  # fmt: skip
ARCHIVE = (
    Rule("xmp-missing", E, "ISO 19005-3, 6.6.2", "export the file as PDF/A-3a", _xmp),
    Rule("archive-unsaid", E, "ISO 19005-3, 6.6.4", "export the file as PDF/A-3a", _archive),
    Rule("intent-missing", E, "ISO 19005-3, 6.2.3 and 6.2.4.3", "export it with an output intent (sRGB)", _intent),
    Rule("attachment-loose", E, "ISO 19005-3, 6.8", "attach it with relationship (AF) and media type", _attachments),
    Rule("image-smoothed", E, "ISO 19005-3, 6.2.8", "export images without Interpolate", _smoothed),
    Rule("annotation-unprinted", E, "ISO 19005-3, 6.3.2", "let it be printed (flag 4)", _unprinted),
    Rule("identifier-missing", E, "ISO 19005-3, 6.1.3", "export the file anew", _identifier),
)  # fmt: skip
