"""Content becomes a briefing: the tree of a content file in, a `Briefing` out, or every fault at once.

pydantic finds the faults; they are told apart by their type, never by their text, and each is put in an editor's words
with its line and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from briefing import program
from briefing.content import characters
from briefing.content.blocks import BLOCKS, BlockBase
from briefing.content.briefing import Briefing
from briefing.content.records import Qualifier
from briefing.content.scalars import Path
from briefing.content.tree import ContentTree
from briefing.findings import At, ContentPath, Finding, Refused, did_you_mean, error

MOST_SAID = 300  # letters of a message
AnyRecord = TypeVar("AnyRecord", bound=BaseModel)


def build(source: ContentTree) -> Briefing:
    """Give the tree its types; raises `Refused` with every fault."""
    if not isinstance(source.tree, dict):
        raise Refused(
            [
                error(
                    "type-wrong",
                    "the file must hold keys such as briefing:, sources: and brief:",
                    source.place(()),
                    f"{program.name()} new DIR writes a small briefing to begin with",
                )
            ]
        )
    return build_record(source, Briefing)


def build_record(source: ContentTree, record: type[AnyRecord]) -> AnyRecord:
    """Give a tree of keys the types of a record; raises `Refused` with every fault."""
    try:
        return record.model_validate(source.tree)
    except ValidationError as problem:
        found = (_finding(source, detail, record) for detail in problem.errors(include_url=False))
        raise Refused(source.locate(_cut(finding)) for finding in found if finding) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema by which editors complete and check `content.yaml`."""
    schema = Briefing.model_json_schema()
    definitions = schema["$defs"]
    for name in definitions:
        tidy_schema(definitions[name])
    blocks = {
        "oneOf": [
            {
                "type": "object",
                "properties": {kind: {"$ref": f"#/$defs/{model.__name__}"}},
                "required": [kind],
                "additionalProperties": False,
                "description": (model.__doc__ or "").strip(),
            }
            for kind, model in BLOCKS.items()
        ]
    }
    for document in ("Document", "FactSheet"):
        definitions[document]["properties"]["blocks"]["items"] = blocks
    return framed(schema, "A briefing")


def framed(schema: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A schema with the language that it is written in, and a title."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**named, **schema, **named}  # a record's own title is the name of its class


def tidy_schema(definition: dict[str, Any]) -> None:
    """Take out the null that an optional key does not need: in a content file it is simply left out."""
    for value in definition.get("properties", {}).values():
        choices = [choice for choice in value.get("anyOf", ()) if choice != {"type": "null"}]
        if len(choices) == 1:
            del value["anyOf"]
            value.update(choices[0])
            value.pop("default", None)


# ------------------------------------------------------------------ faults in an editor's words


def _cut(finding: Finding) -> Finding:
    """The finding without the middle of a value that nobody would read."""
    said = finding.message
    return replace(finding, message=f"{said[:160]} … {said[-80:]}") if len(said) > MOST_SAID else finding


@dataclass(frozen=True)
class _Fault:
    """One of pydantic's errors, with what is needed to tell it."""

    kind: str
    path: Path
    key: bool  # the fault is the key's own
    given: Any
    context: Mapping[str, Any]
    said: str
    root: type[BaseModel]  # the record of the whole file

    @property
    def name(self) -> str:
        return _last(self.path)

    @property
    def at(self) -> ContentPath:
        return ContentPath(self.path, self.key)


def _finding(source: ContentTree, detail: ErrorDetails, root: type[BaseModel]) -> Finding | None:
    path, kind = _path(detail["loc"]), detail["type"]
    if path not in source.values and kind not in ("missing", "extra_forbidden"):
        path = path[:-1]  # the name of a type that pydantic has tried
    is_key, context = "[key]" in detail["loc"], detail.get("ctx") or {}
    fault = _Fault(kind, path, is_key, detail.get("input"), context, detail["msg"], root)
    if fault.name == "alt" and (kind in ("missing", "string_too_short") or fault.given is None):
        return alt_missing(ContentPath(path[:-1] if kind == "missing" else path, key=True))
    if _is_cell(path) and (kind == "string_too_short" or fault.given is None):
        return error("cell-empty", "a cell of the table is empty", ContentPath(path), "write –, or n/a")
    if fault.given is None and kind not in ("missing", "extra_forbidden", *_BLOCK):
        at = ContentPath(path, key=True)
        return error("value-empty", f'"{fault.name}" has no value', at, "write one, or delete the key")
    return _TELL.get(kind, _wrong_type)(fault)


def _is_cell(path: Path) -> bool:
    """Whether a path is that of a cell or of the head of a column."""
    inside = path[path.index("table") + 1 :] if "table" in path else ()
    return (inside[:1] in (("rows",), ("total",)) and len(inside) > 1) or (
        inside[:1] == ("columns",) and inside[2:] == ("head",)
    )


def _missing(fault: _Fault) -> Finding:
    above = fault.path[:-1]
    hint = f"add {fault.name}: to {_words(above)}"
    return error("key-missing", f'"{fault.name}" is missing', ContentPath(above, key=True), hint)


def _unknown_key(fault: _Fault) -> Finding:
    above = fault.path[:-1]
    known = _fields(above, fault.root)
    hint = did_you_mean(fault.name, known) or (f"known here: {', '.join(known)}" if known else "delete it")
    at = ContentPath(fault.path, key=True)
    return error("key-unknown", f"{_shown(fault.name)} is not a key of {_words(above)}", at, hint)


def _shown(name: str) -> str:
    """A name in quotation marks, with the letters that only look like those of a key."""
    unlike = characters.unlike_ascii(name)
    return f'"{name}", which holds {unlike},' if unlike else f'"{name}"'


def _unknown_block(fault: _Fault) -> Finding:
    tag = str(fault.context.get("tag", ""))
    hint = did_you_mean(tag, BLOCKS) or f"a block is one of {', '.join(BLOCKS)}"
    shape = "a block is one key with its content, as in - prose: {text: …}"
    return error("block-unknown", f"{_shown(tag)} is not a kind of block" if tag else shape, fault.at, hint)


def _unknown_choice(fault: _Fault) -> Finding:
    expected = str(fault.context.get("expected", "")).replace(" or ", ",")
    known = [choice.strip("' ") for choice in expected.split(",")]
    meant = _SYNONYMS.get(str(fault.given).lower())  # “less than” looks more like “more than” than like what it means
    near = f'Did you mean "{meant}"?' if meant in known else did_you_mean(str(fault.given), known)
    hint = near or f"choose from {', '.join(known)}"
    name = _last(fault.path[:-1]) if fault.key else fault.name
    return error("choice-unknown", f'{_shown(str(fault.given))} is no choice for "{name}"', fault.at, hint)


_SYNONYMS: dict[str, str] = {
    **dict.fromkeys(("less than", "lower than", "under", "below", "<"), Qualifier.FEWER_THAN),
    **dict.fromkeys(("greater than", "over", "above", "in excess of", ">"), Qualifier.MORE_THAN),
    **dict.fromkeys(("approximately", "approx.", "around", "roughly", "circa", "ca.", "c.", "~", "≈"), Qualifier.ABOUT),
    **dict.fromkeys(("not less than", "no less than", "no fewer than", "minimum", "≥", ">="), Qualifier.AT_LEAST),
    **dict.fromkeys(("not more than", "no more than", "maximum", "≤", "<="), Qualifier.AT_MOST),
    **dict.fromkeys(("almost", "just under"), Qualifier.NEARLY),
}


_UNIT_SYNONYMS = {
    **dict.fromkeys(("%", "per-cent", "pct", "percentage", "prozent", "por-ciento"), "percent"),
    **dict.fromkeys(("pp", "ppt", "percentage-point", "percentage-points", "percent-points", "pct-points"), "points"),
    **dict.fromkeys(("count", "none", "integer", "int", "numbers"), "number"),
    "$": "usd",
    "us$": "usd",
    "dollar": "usd",
    "dollars": "usd",
    "€": "eur",
    "euro": "eur",
    "euros": "eur",
    "£": "gbp",
    "pound-sterling": "gbp",
    "¥": "jpy",
    "yen": "jpy",
    "°c": "celsius",
    "c": "celsius",
    "°f": "fahrenheit",
    "km": "kilometer",
    "ha": "hectare",
    "kwh": "kilowatt-hour",
    "kg": "kilogram",
    "m": "meter",
    "mm": "millimeter",
    "t": "tonne",
    "km²": "square-kilometer",
}


def unit_meant(given: str) -> str:
    """The unit that is meant by a sign, a short form or a name spelt otherwise; nothing where none is known to be."""
    name = "-".join(given.lower().replace("_", " ").split())
    return _UNIT_SYNONYMS.get(name, name if name != given and re.fullmatch("[a-z][a-z0-9-]*", name) else "")


def _malformed(fault: _Fault) -> Finding:
    code, hint = _MALFORMED[fault.kind]
    fix = fault.context.get("fix")
    return error(code, f'"{fault.name}": {fault.said}', fault.at, f"write {fix}" if fix else hint)


def _pattern(fault: _Fault) -> Finding:
    pattern = str(fault.context.get("pattern", ""))
    if pattern.startswith("^https?"):
        other = isinstance(fault.given, str) and not fault.given.isascii()
        hint = "write other letters of a host as xn--…" if other else "write it in full, beginning with https://"
        return error("link-malformed", f'"{fault.name}" is not a web address', fault.at, hint)
    if "[A-Z]{2}" in pattern:
        hint = "two capital letters, such as PA"
        return error("country-malformed", f'"{fault.given}" is not a country code', fault.at, hint)
    if "{2,3}(-" in pattern:
        hint = "a tag of two or three letters, such as fr, or es-419"
        return error("language-unknown", f'"{fault.given}" is not the tag of a language', fault.at, hint)
    hint = "small letters, digits and hyphens, beginning with a letter"
    if fault.name == "unit" and (meant := unit_meant(str(fault.given))):
        hint = f'Did you mean "{meant}"?'
    if r"\." in pattern:
        hint = "small letters, with a point behind the group, as in document.brief"
    given = fault.given if isinstance(fault.given, str) and not fault.key else fault.name
    return error("id-malformed", f"{_shown(given)} is not a usable name", fault.at, hint)


def _count(fault: _Fault) -> Finding | None:
    few = fault.kind.endswith("short")
    limit = fault.context.get("min_length" if few else "max_length")
    if few and isinstance(fault.given, (list, dict)) and len(fault.given) >= int(limit or 0):
        return None  # its items have faults of their own, and pydantic counts only the good ones
    if few and fault.given == "":
        return error("count-wrong", f'"{fault.name}" is empty', fault.at, "write something, or delete the key")
    said = f"too little: at least {limit}" if few else f"too much: at most {limit}"
    hint = "add to it" if few else "shorten it, or divide it"
    return error("count-wrong", f'"{fault.name}" has {said}', fault.at, hint)


def _range(fault: _Fault) -> Finding:
    hint = fault.said.replace("Input should be ", "it must be ")
    if fault.name == "pages" and "fact_sheet" in fault.at.path:
        hint = "a fact sheet has one page; move to the brief what needs more"
    return error("range-wrong", f'"{fault.name}" is out of range', fault.at, hint)


def _wrong_type(fault: _Fault) -> Finding:
    expected = _EXPECTED.get(fault.kind, "something else")
    hint = _type_hint(fault.kind, fault.given)
    return error("type-wrong", f'"{fault.name}" must be {expected}, not {_is(fault.given)}', fault.at, hint)


_BLOCK = ("union_tag_invalid", "union_tag_not_found")
_TELL: dict[str, Callable[[_Fault], Finding | None]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    **dict.fromkeys(_BLOCK, _unknown_block),
    **dict.fromkeys(("literal_error", "enum"), _unknown_choice),
    **dict.fromkeys(
        (f"{kind}_malformed" for kind in ("number", "truth", "date", "moment", "period", "colour")), _malformed
    ),
    "string_pattern_mismatch": _pattern,
    **dict.fromkeys(("too_short", "too_long", "string_too_short", "string_too_long"), _count),
    **dict.fromkeys(("greater_than_equal", "less_than_equal", "greater_than", "less_than"), _range),
}


_MALFORMED = {
    "number_malformed": ("number-malformed", "digits only, with a point for decimals: 8000000 or 2.5"),
    "truth_malformed": ("choice-unknown", "write true or false"),
    "date_malformed": ("date-malformed", "write year-month-day: 2024-06-11 (where less is known, 2024-06 or 2024)"),
    "period_malformed": (
        "date-malformed",
        "write its first and last month, as in 2024-01..2024-05, or a year, as in FY2023",
    ),
    "colour_malformed": (
        "colour-malformed",
        'six digits or letters from a to f behind #, in quotation marks: "#0b3f5c"',
    ),
    "moment_malformed": ("date-malformed", "write date, time and zone: 2024-06-11T06:00+02:00"),
}
_EXPECTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "is_instance_of": "a number or a date",
    "decimal_type": "a number or a date",
    "date_type": "a number or a date",
    "dataclass_type": "a number or a date",
}


def _last(path: Path) -> str:
    if not path:
        return "content"
    return f"item {path[-1] + 1} of {_last(path[:-1])}" if isinstance(path[-1], int) else path[-1]


def alt_missing(at: At) -> Finding:
    """A picture without words for those who cannot see it."""
    return error("alt-missing", "the picture has no alternative text", at, "say under alt: what the picture shows")


def _type_hint(kind: str, given: object) -> str:
    if kind in ("tuple_type", "list_type"):
        return "write each item on a line of its own behind “- ”, or all in [ ] with commas"
    if kind == "string_type" and isinstance(given, (dict, list)):
        return "a text with “: ” in it, or one that begins with { or [, needs quotation marks"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return "write each key on a line of its own below it, as in key: value"
    return "write the value itself, without a list and without keys"


def _is(given: object) -> str:
    if isinstance(given, Mapping):
        return "keys with values"
    return "a list" if isinstance(given, (list, tuple)) else "a text"


def _words(path: Path) -> str:
    """A path as an editor would say it: brief › blocks › 3 › prose."""
    return " › ".join(str(part + 1 if isinstance(part, int) else part) for part in path) or "the file"


def _path(loc: Iterable[int | str]) -> Path:
    """pydantic's place as a path of the file; a fault of a key itself is told at that key, and no shape has a name."""
    return tuple(part for part in loc if part != "[key]" and not str(part).startswith("~"))


def _fields(path: Path, root: type[BaseModel]) -> list[str]:
    """The keys that the record at a path knows."""
    current: Any = root
    for part in path:
        current = _step(current, part)
        if current is None:
            return []
    return list(current.model_fields) if _is_record(current) else []


def _step(current: Any, part: str | int) -> Any:
    if _is_record(current):
        field = current.model_fields.get(part)
        return _record_in(field.annotation) if field else None
    if current is BlockBase:
        return BlockBase if isinstance(part, int) else BLOCKS.get(part)
    return current[0] if isinstance(current, tuple) else None


def _is_record(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel) and value is not BlockBase


def _record_in(annotation: Any) -> Any:
    """The record in an annotation; in a one-tuple where a key or a number still lies before it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    args = get_args(annotation)
    if any("AnyBlock" in str(arg) or "_only_key" in str(arg) for arg in args):
        return BlockBase
    for arg in args:
        inner = _record_in(arg)
        if inner is not None:
            container = getattr(annotation, "__origin__", None) in (tuple, dict)
            return (inner,) if container and not isinstance(inner, tuple) else inner
    return None
