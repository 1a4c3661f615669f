"""The bytes of a content stream become operators with their operands, one at a time (ISO 32000-1, 7.8.2).

Nothing is kept: a stream that swells costs time and no memory. Strings and the arrays of text are skipped, not decoded;
their place in the bytes is told, so that a stream can be copied with some operators changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Operand = float | str | tuple[float, ...] | bytes | None  # a name begins with a slash; bytes are a dictionary unread
Step = tuple[str, list[Operand], int, int]  # operator, operands, where they begin and end
MAX_OPERANDS = 64  # DeviceN has at most 32; what comes before is dropped

_SPACE = rb"\0\t\n\f\r "
_ENDS = rb"[" + _SPACE + rb"\[\]<>()/%{}]"
_NAME = rb"/([^" + _SPACE + rb"\[\]<>()/%{}]*+)"
_OPERATOR = rb"([A-Za-z'\"][A-Za-z0-9'\"*]*+)"
_LEX = re.compile(
    rb"[" + _SPACE + rb"]*+(?:"
    rb"([+-]?(?:\d++\.?\d*+|\.\d++))(?=" + _ENDS + rb"|\Z)"  # 1 number
    rb"|" + _OPERATOR + rb"|" + _NAME +  # 2 operator, 3 name
    rb"|(\((?:[^()\\]++|\\.)*+\)|<(?!<)[^>]*+>)"  # 4 plain string
    rb"|(\[(?:[^\[\]()<>%]++|\((?:[^()\\]++|\\.)*+\)|<(?!<)[^>]*+>)*+\])"  # 5 plain array
    rb"|(<<)"  # 6 dictionary
    rb"|(\()"  # 7 string with brackets in it
    rb"|(%[^\r\n]*+)"  # 8 remark
    rb"|([^" + _SPACE + rb"])"  # 9 anything else
    rb")",
    re.DOTALL,
)  # fmt: skip
# Most operators have a name, some short numbers or both before them: those are read in one go, and as above.
_SHORT = rb"[+-]?(?:\d{1,18}+\.?\d{0,18}+|\.\d{1,18}+)[\t\n\f\r ]++"
_WHOLE = re.compile(rb"[" + _SPACE + rb"]*+(?:" + _NAME + rb"[\t\n\f\r ]++)?+((?:" + _SHORT + rb"){0,50}+)" + _OPERATOR)
_BRACKETS = re.compile(rb"\\.|[()]", re.DOTALL)
_NESTING = re.compile(rb"<<|>>|\((?:[^()\\]|\\.)*+\)|<(?!<)[^>]*+>", re.DOTALL)
_NUMBERS = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_IMAGE_END = re.compile(rb"[" + _SPACE + rb"]EI(?=[" + _SPACE + rb"]|\Z)")
_ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")


def operators(data: bytes) -> Iterator[Step]:
    """Every operator in order; an inline image is `BI`, with its dictionary as the one operand."""
    whole, lex, position, start = _WHOLE.match, _LEX.match, 0, -1
    operands: list[Operand] = []
    while True:
        if start < 0 and (found := whole(data, position)) and found[3] != b"BI":
            operands = [_name(found[1])] if found[1] is not None else []
            operands += map(float, found[2].split())
            begin, position = position, found.end()
            yield found[3].decode("ascii"), operands, begin, position
            operands = []
            continue
        if not (found := lex(data, position)):
            break
        kind, begin, position = found.lastindex, found.start(), found.end()
        if start < 0:
            start = begin
        if kind == 1:
            operands.append(_number(found[1]))
        elif kind == 2:
            name = found[2].decode("ascii", "replace")
            if name == "BI":
                head, position = _inline(data, position)
                operands = [head]
            yield name, operands, start, position
            operands, start = [], -1
        elif kind == 3:
            operands.append(_name(found[3]))
        elif kind == 5:
            operands.append(_array(found[5]))
        elif kind == 6:
            position = _matching(data, position)
            operands.append(data[found.start(6) : position])
        elif kind == 7:
            position = _closing(data, position)
            operands.append(None)
        elif kind == 4 or (kind == 9 and found[9] not in b"[]>{}"):
            operands.append(None)
        if len(operands) > MAX_OPERANDS:
            del operands[:-MAX_OPERANDS]


def _number(text: bytes) -> float:
    return float(text) if len(text) < 40 else 0.0


def _name(text: bytes) -> str:
    name = text.decode("latin-1")
    return "/" + (_ESCAPE.sub(lambda found: chr(int(found[1], 16)), name) if "#" in name else name)


def _array(text: bytes) -> Operand:
    """Numbers of a short array without strings, such as a dash pattern."""
    if len(text) > 400 or b"(" in text or b"<" in text:
        return None
    return tuple(_number(number) for number in _NUMBERS.findall(text))


def _closing(data: bytes, position: int) -> int:
    depth = 1
    for found in _BRACKETS.finditer(data, position):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(data)


def _matching(data: bytes, position: int) -> int:
    depth = 1
    for found in _NESTING.finditer(data, position):
        depth += {b"<<": 1, b">>": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(data)


def _inline(data: bytes, position: int) -> tuple[bytes, int]:
    """The dictionary of an inline image as it stands, and where the image ends (ISO 32000-1, 8.9.7)."""
    begin = re.compile(rb"[" + _SPACE + rb"]ID(?=[" + _SPACE + rb"])").search(data, position)
    if not begin:
        return b"", len(data)
    end = _IMAGE_END.search(data, begin.end() + 1)
    return data[position : begin.start()], end.end() if end else len(data)
