"""Where the reading of a content file stops, the fault is told and its line is mended, so that the rest can be read.

Nothing of this is printed: a file with a fault is refused. What was mended only keeps one fault from hiding the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from briefing.content.loose_flow import LooseFlow
from briefing.content.sheet import Letters, Sheet, quoted
from briefing.content.tree_builder import Stop


@dataclass(frozen=True)
class Told:
    """A fault at a letter of the sheet, counted from 0."""

    code: str
    message: str
    line: int
    column: int
    hint: str


@dataclass(frozen=True)
class Mend:
    """What is wrong, and the sheet without it."""

    told: tuple[Told, ...]
    sheet: Sheet
    last: int  # the last line that it has changed
    gap: bool = False  # a line was left out
    before: bool = False  # the fault stands before where the reading has stopped, and so may the next one


_VALUE = re.compile(
    r"(?P<before>\s*(?:-\s+)*)(?:(?P<key>\"[^\"]*\"|'[^']*'|[^\s'\"\[\]{}#&*!|>%@`,-][^:#'\"{}\[\]]*?)\s*(?P<colon>:)(?:\s+|$))?"
)
_HINTS = {
    "yaml-figure-unquoted": 'write "{{figure}} and so on" with the quotation marks',
    "yaml-citation-unquoted": 'write "[@source] and so on" with the quotation marks',
    "yaml-comma": "put the whole text in quotes; within braces a comma begins the next key",
    "yaml-colon": "put the whole text in quotes",
    "yaml-start": "put the whole text in quotes",
    "yaml-quote": "close it, or double a quotation mark that belongs to the text",
    "yaml-comment": "put the whole text in quotes; or give the comment a line of its own",
}
_NUMBER = "a number has a point before its decimals, and nothing between its thousands: 1250.5"
_SAID = {
    "yaml-figure-unquoted": "text that {begins} {{{{ must be quoted",
    "yaml-citation-unquoted": "text that {begins} [@ must be quoted",
    "yaml-comma": "a comma stands in a text without quotation marks",
    "yaml-colon": "a colon and a space stand in a text without quotation marks",
    "yaml-quote": "a quotation mark opens here and is not closed",
    "yaml-comment": "everything after # on this line is read as a comment",
}


def mends(sheet: Sheet, stop: Stop) -> Iterator[Mend]:
    """What may be wrong where a reading has stopped, the likeliest first."""
    if stop.kind == "documents":
        told = Told("yaml-documents", "a second YAML document begins here", stop.line, stop.column, _DELETE)
        yield Mend((told,), sheet.with_lines({stop.line: []}), stop.line)
        return
    near = [number for number in (stop.line, stop.line - 1) if 0 <= number < len(sheet.lines)]
    for number in near:
        if found := re.match(r"(\s*(?:- +)*(?:[\w-]+: +)?)(\{\{|\[@)", sheet.lines[number]):
            code = "yaml-figure-unquoted" if found[2] == "{{" else "yaml-citation-unquoted"
            yield _as_text(sheet, number, found.end(1), _told(code, number, found.end(1), "begins with"))
    yield from _quotes(sheet, stop)
    found = _VALUE.match(sheet.lines[stop.line]) if stop.line < len(sheet.lines) else None
    if stop.flow:
        yield from _flow(sheet, stop.flow)
    elif found and sheet.lines[stop.line][found.end() : found.end() + 1] in ("{", "["):  # a parser looks ahead
        yield from _flow(sheet, (stop.line, found.end()))
    for number in reversed(near):
        yield from _colonless(sheet, number)
    if found and found["key"] in known_keys() and stop.column <= found.start("colon"):
        yield from _indentation(sheet, stop.line)
    if stop.kind == "key":
        yield Mend((unknown(stop),), sheet.with_lines({stop.line: []}), stop.line)
    for number in near:
        yield from _block(sheet, number)
    for number in near:
        yield from _indentation(sheet, number)
    for number in near:  # nothing helps: the line is left out
        if not sheet.is_blank(number):
            yield Mend((unknown(stop),), sheet.with_lines({number: []}), number, gap=True)


_DELETE = "keep one briefing in a file: delete the line ---"


def unknown(stop: Stop) -> Told:
    """A fault that cannot be told apart from others."""
    if stop.kind == "key":
        hint = "put text that begins with { or [ in quotes"
        return Told("yaml-key", "a key must be a word", stop.line, stop.column, hint)
    what = getattr(stop.problem, "problem", None) or "cannot be read"
    during = getattr(stop.problem, "context", None)
    hint = "look at this line and the one before: indentation, a missing colon or quotation mark"
    said = f"this is not YAML: {what}" + (f" ({during})" if during else "")
    return Told("yaml-syntax", said, stop.line, stop.column, hint)


def _told(code: str, line: int, column: int, begins: str = "holds") -> Told:
    said = _SAID.get(code, "text may not begin so unless it is quoted").format(begins=begins)
    return Told(code, said, line, column, _HINTS[code])


# ------------------------------------------------------------------ texts


def _as_text(sheet: Sheet, line: int, column: int, told: Told) -> Mend:
    """Put all that stands from a letter on in quotation marks, with the lines that go on below it."""
    found = _VALUE.match(sheet.lines[line])
    assert found
    owner = found.start("key") if found["key"] else found["before"].rfind("-")
    last = line
    for number in range(line + 1, len(sheet.lines)):
        if sheet.lines[number].strip() and sheet.indent(number) <= max(owner, 0):
            break
        last = number if sheet.lines[number].strip() else last
    changed: dict[int, Letters] = {}
    for number in range(line, last + 1):
        letters = sheet.letters(number)
        start = column if number == line else 0
        body = letters[start:]
        if remark := re.search(r"\s+#\s", "".join(letter for letter, _ in body)):
            body = body[: remark.start()]
        while body and body[-1][0] == " ":
            body.pop()
        if number == line and body and body[0][0] in "\"'":
            body = _without_marks(body, last == line)
        at = letters[start][1] if start < len(letters) else start
        opening: Letters = [('"', at)] if number == line else []
        closing: Letters = [('"', body[-1][1] + 1 if body else at)] if number == last else []
        changed[number] = [*letters[:start], *opening, *quoted(body), *closing]
    return Mend((told,), sheet.with_lines(changed), last)


def _without_marks(body: Letters, alone: bool) -> Letters:
    """A text without the marks around it, or without one that is never closed."""
    mark = body[0][0]
    if sum(letter == mark for letter, _ in body) == 1 or not alone:
        return body[1:]
    return body[1:-1] if body[-1][0] == mark and len(body) > 1 else body


def _quotes(sheet: Sheet, stop: Stop) -> Iterator[Mend]:
    """A quotation mark that nothing closes, or that a later text has closed; and backslashes."""
    context = getattr(stop.problem, "context_mark", None)
    mark = sheet.letter_at(context.line, context.column) if context else ""
    near = max(stop.column - 2, 0)
    escape = sheet.lines[stop.line][near : near + 3].rfind("\\") if stop.line < len(sheet.lines) else -1
    at = near + escape
    if context and stop.flow is None and mark in ("'", '"'):
        told = _escape(stop.line, at) if escape >= 0 else _told("yaml-quote", context.line, context.column)
        yield replace(_as_text(sheet, context.line, context.column, told), before=True)
    elif mark == '"' and escape >= 0:
        letters = sheet.letters(stop.line)
        changed = {stop.line: [*letters[: at + 1], ("\\", letters[at][1]), *letters[at + 1 :]]}
        yield Mend((_escape(stop.line, at),), sheet.with_lines(changed), stop.line)
    first, column, last = stop.quoted
    if stop.flow is None and first < last and stop.line in (last, last + 1):
        yield replace(_as_text(sheet, first, column, _told("yaml-quote", first, column)), before=True)


def _escape(line: int, column: int) -> Told:
    hint = "put the text in single quotation marks, or double the backslash"
    return Told("yaml-escape", "a backslash may not stand here", line, column, hint)


def _flow(sheet: Sheet, start: tuple[int, int]) -> Iterator[Mend]:
    """Texts within braces and brackets that need quotation marks, and brackets that nothing closes."""
    line, column = start
    text = "\n".join([sheet.lines[line][column:], *sheet.lines[line + 1 :]])
    read = LooseFlow(text, sheet.indent(line))
    spots = {}
    at, number, offset = 0, line, column
    for piece in text[: read.end].split("\n"):
        spots[number] = (at, offset)
        at, number, offset = at + len(piece) + 1, number + 1, 0
    told, changed = [], {}
    for number, (begin, offset) in spots.items():
        letters = sheet.letters(number)
        out = letters[:offset]
        for index, (letter, origin) in enumerate(letters[offset:], begin):
            inside = next((one for one in read.texts if one[1] <= index < one[2]), None)
            if inside and index == inside[1]:
                told.append(_in_braces(inside[0], number, offset + index - begin, text[inside[1] : inside[2]]))
                out.append(('"', origin))
                if letter in "\"'" and text[inside[2] - 1] != letter:
                    continue
            out += quoted([(letter, origin)]) if inside else [(letter, origin)]
            if inside and index == inside[2] - 1:
                out.append(('"', origin + 1))
        changed[number] = out
    if read.missing:
        number = max(spots)
        while number > line and not sheet.lines[number].strip():
            number -= 1
        changed[number] = [*changed[number], *((letter, len(sheet.lines[number])) for letter in read.missing)]
        hint = "close it where its list or its keys end"
        told.append(Told("yaml-bracket", "a bracket opens here and is not closed", line, column, hint))
    if told:
        yield Mend(tuple(told), sheet.with_lines(changed), max(spots))


def _in_braces(code: str, line: int, column: int, said: str) -> Told:
    """A text that needs quotation marks; a number with a comma needs another way of writing."""
    told = _told(code, line, column, _begins(said))
    number = code == "yaml-comma" and re.fullmatch(r"[-−]?[\d.,]+", said)
    return replace(told, message="a comma stands in a number", hint=_NUMBER) if number else told


def _begins(said: str) -> str:
    return "begins with" if said.startswith(("{{", "[@")) else "holds"


# ------------------------------------------------------------------ lines


def _block(sheet: Sheet, line: int) -> Iterator[Mend]:
    """A text with a colon, one that begins with a sign, a key without its colon, a remark within a text."""
    said = sheet.lines[line]
    found = _VALUE.match(said)
    assert found
    start, key = found.end(), (found["key"] or "").strip()
    if remark := re.match(r"[^'\"#]*[^'\"#\s]\s+(?=#)", said):
        at = remark.end()
        yield Mend((_told("yaml-comment", line, at),), sheet.with_lines({line: sheet.letters(line)[:at]}), line)
    if said[start : start + 1] in ("'", '"'):
        message = "a quotation mark within this text ends it"
        hint = "double it, or put the other kind of marks around the whole text"
        yield _as_text(sheet, line, start, Told("yaml-quote", message, line, start, hint))
    elif start < len(said) and (said[start] in "@`%&*!|>[{" or said.startswith(("- ", "? "), start)):
        message = f"text may not begin with {said[start]} unless all of it is quoted"
        yield _as_text(sheet, line, start, Told("yaml-start", message, line, start, _HINTS["yaml-start"]))
    second = re.compile(r":(?=\s|$)").search(said.partition(" #")[0], start) if key else None
    if second:
        yield _as_text(sheet, line, start, _told("yaml-colon", line, second.start()))
    if key and key not in known_keys():
        for number in range(line - 1, -1, -1):
            if not sheet.is_blank(number) and sheet.indent(number) < sheet.indent(line):
                above = _VALUE.match(sheet.lines[number])
                if above and above.end() < len(sheet.lines[number]):
                    yield _as_text(sheet, number, above.end(), _told("yaml-colon", line, found.start("colon")))
                break


def _colonless(sheet: Sheet, line: int) -> Iterator[Mend]:
    """A key without its colon, or without the space behind it."""
    bare = re.match(r"(\s*(?:-\s+)*)([A-Za-z][\w-]*)(?::(?=\S)|\s+(?=\S))", sheet.lines[line])
    if bare and bare[2] in known_keys():
        letters, at = sheet.letters(line), bare.end(2)
        colon: Letters = [(":", letters[at][1]), (" ", letters[at][1])]
        hint = f"write {bare[2]}: with a colon and a space behind it"
        told = Told("yaml-colon-missing", f'the colon or the space behind "{bare[2]}" is missing', line, at, hint)
        yield Mend((told,), sheet.with_lines({line: [*letters[:at], *colon, *letters[bare.end() :]]}), line)


def _indentation(sheet: Sheet, line: int) -> Iterator[Mend]:
    """The line moved to where others begin, alone or with those below it; nearest first."""
    if sheet.is_blank(line):
        return
    now = sheet.indent(line)
    others: set[int] = set()
    for number in range(line - 1, -1, -1):
        if not sheet.is_blank(number):
            found = _VALUE.match(sheet.lines[number])
            others |= {sheet.indent(number), found.start("key") if found and found["key"] else now}
            others |= {max(others) + 2} if sheet.lines[number].rstrip().endswith(":") else set()
            if not sheet.indent(number):
                break
    below = next(
        (n for n in range(line + 1, len(sheet.lines)) if sheet.lines[n].strip() and sheet.indent(n) < now),
        len(sheet.lines),
    )
    for wanted in sorted(others - {now}, key=lambda one: (abs(one - now), one))[:4]:
        hint = f"begin it with {wanted} spaces, as those that it belongs to"
        told = Told("yaml-indentation", "this line begins further in or out than its neighbours", line, now, hint)
        for last in dict.fromkeys((line + 1, below)):
            changed = {n: _moved(sheet, n, wanted - now) for n in range(line, last) if sheet.lines[n].strip()}
            yield Mend((told,), sheet.with_lines(changed), line)


def _moved(sheet: Sheet, line: int, by: int) -> Letters:
    letters = sheet.letters(line)
    return [(" ", 0)] * by + letters if by > 0 else letters[min(-by, sheet.indent(line)) :]


@cache
def known_keys() -> frozenset[str]:
    """Every key that a content file may have, blocks included."""
    from briefing.content.blocks import BLOCKS
    from briefing.content.briefing import Briefing
    from briefing.content.scalars import Record

    found, todo = {*BLOCKS, *Briefing.model_fields}, [Record]
    while todo:
        kinds = todo.pop().__subclasses__()
        todo += kinds
        found.update(name for kind in kinds for name in kind.model_fields)
    return frozenset(found)
