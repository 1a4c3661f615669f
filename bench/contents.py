"""Contents to measure with: the flagship with one thing changed, a longer one, and many small ones.

Everything is made from `content.yaml` and from the Typst documents as they are, and a number says which variant it is:
each round gets another one, so that no round finds what an earlier one has left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
FLAGSHIP = ROOT / "content.yaml"
STARTER = ROOT / "templates" / "starter" / "content.yaml"
LETTERS = "aceonsuvxz"  # all without strokes up or down, and about as wide as each other


@dataclass(frozen=True)
class Edit:
    """One thing changed: a text that stands in a file exactly once, and what it becomes in each variant.

    Where it may stand more often, it is changed where it stands first.
    """

    old: str
    new: Callable[[int], str]
    once: bool = True

    def of(self, text: str, variant: int) -> str:
        """The text with the change; raises ValueError where it is not as the benchmark knows it."""
        if not self.once and self.old in text:
            return text.replace(self.old, self.new(variant), 1)
        if text.count(self.old) != 1:
            raise ValueError(f"{self.old!r} stands {text.count(self.old)} times where the benchmark would change it")
        return text.replace(self.old, self.new(variant))


def _letters(variant: int) -> str:
    """Two letters, another pair for each of a hundred variants."""
    return LETTERS[variant // len(LETTERS) % len(LETTERS)] + LETTERS[variant % len(LETTERS)]


WORD = {  # of the same length, by document; they stand like this in the content and on the finished pages
    "brief": Edit("is dense jungle", lambda n: f"is d{_letters(n)}se jungle"),
    "fact-sheet": Edit("means to close", lambda n: f"m{_letters(n)}ns to close"),
}
LAST_WORD = Edit("by our calculation.\n", lambda n: f"by our calcul{_letters(n)}on.\n")  # of the last page of the brief
FIGURE = Edit("value: 300\n    unit: arrests", lambda n: f"value: {301 + n}\n    unit: arrests")  # in both documents
CHARTED = Edit("value: 29289,", lambda n: f"value: {29290 + n},")  # in a chart of the brief
ADDED = Edit(  # a block at the end of the brief; in every other variant a second one
    "- sources:",
    lambda n: "".join("- prose: {text: A line that is new.}\n    " for _ in range(1 + n % 2)) + "- sources:",
    once=False,
)
# The same of a longer brief, where it stands first; the word is one of the blocks that are not repeated.
LONG = {
    "a word": Edit("defines", lambda n: f"d{_letters(n)}ines", once=False),
    "a word of the last page": LAST_WORD,
    "a figure": Edit("value: '300'\n    unit: arrests", lambda n: f"value: '{301 + n}'\n    unit: arrests"),
    "a block added": Edit(
        "\n  - sources:",
        lambda n: "\n  - prose: {text: A line that is new.}" * (1 + n % 2) + "\n  - sources:",
        once=False,
    ),
}
STYLE = Edit(".bottom_line { border-left: 2.4pt", lambda n: f".bottom_line {{ border-left: 2.4{n:02}pt")
STYLES = Path("templates", "styles", "blocks.css.j2")
TYPST_WORD = {
    "brief": Edit("dense jungle", lambda n: f"d{_letters(n)}se jungle"),
    "fact-sheet": Edit("means to close", lambda n: f"m{_letters(n)}ns to close"),
}

# ------------------------------------------------------------------ long documents

# Blocks of the brief that are repeated in turn; the others stand once, as in the flagship.
REPEATED = (
    *("announced", "measured", "chart-years", "who-crosses", "risks", "lawful", "panama", "options"),
    *("recommendations", "contested"),
)
PARAGRAPHS = 4  # times those of the flagship: a document may have 200 blocks and is to fill 100 pages
# For so many pages, how many blocks are repeated, and which is the first, so that they are full with the usual spacing.
BLOCKS = {10: (15, 9), 25: (43, 9), 50: (89, 6), 100: (181, 0)}


def long(pages: int) -> str:
    """The flagship with a brief of so many pages; with four it is the flagship itself."""
    text = FLAGSHIP.read_text(encoding="utf-8")
    return text if pages == 4 else _lengthened(text, pages, *BLOCKS[pages])


def _lengthened(text: str, pages: int, count: int, first: int) -> str:
    content: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    brief = content["brief"]
    named = {next(iter(block.values()))["id"]: block for block in brief["blocks"]}
    turns = range(first, first + count)
    body = [_other(named[REPEATED[turn % len(REPEATED)]], turn // len(REPEATED)) for turn in turns]
    once = [name for name in named if name not in REPEATED]
    head, tail = once[: once.index("sources")], once[once.index("sources") :]
    brief |= {"pages": str(pages), "blocks": [named[name] for name in head] + body + [named[name] for name in tail]}
    content["answers"] = []
    del content["glossary"]  # words in another order may say what it forbids
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _other(value: Any, time: int) -> Any:
    """The same block with an identifier of its own, its words in another order, and more paragraphs."""
    if isinstance(value, dict) and "prose" in value:
        prose = value["prose"]
        text = "\n\n".join(turned(prose["text"], PARAGRAPHS * time + more) for more in range(PARAGRAPHS))
        return {"prose": {**prose, "id": f"{prose['id']}-{time}", "text": text}}
    if isinstance(value, dict):
        return {key: f"{found}-{time}" if key == "id" else _other(found, time) for key, found in value.items()}
    if isinstance(value, list):
        return [_other(item, time) for item in value]
    return turned(value, time) if " " in value else value


_WORD = re.compile(r"(?<![\w{@|’-])[a-z]{5,}(?![\w}|’:;\]-])")


def turned(text: str, time: int) -> str:
    """The small long words of a text, each moved on to the place of another: other sentences of the same length."""
    words = _WORD.findall(text)
    if not words:
        return text
    moved: Iterator[str] = iter([*words[time % len(words) :], *words[: time % len(words)]])
    return _WORD.sub(lambda _: next(moved), text)


# How often the middle of the Typst brief stands for so many pages.
TYPST_TIMES = {4: 1, 10: 3, 25: 8, 50: 16, 100: 33}
_PROSE = re.compile(r"[\w’.,; –-]+")


def typst(folder: Path, pages: int) -> None:
    """Write the Typst brief with about so many pages, and the style that it asks for."""
    text = (BENCH / "brief.typ").read_text(encoding="utf-8")
    head, first, rest = text.partition("\n#row[\n")
    middle, last, tail = (first + rest).partition("\n== Sources\n")
    if not middle or not tail:
        raise ValueError("bench/brief.typ has no middle that could be repeated")
    body = "".join(_turned_lines(middle, time) for time in range(TYPST_TIMES[pages]))
    (folder / "brief.typ").write_text(head + body + last + tail, encoding="utf-8")
    shutil.copy(BENCH / "style.typ", folder)


def _turned_lines(text: str, time: int) -> str:
    """The lines that are words alone with their words in another order; markup stays as it is."""
    return "\n".join(turned(line, time) if _PROSE.fullmatch(line) else line for line in text.split("\n"))


# ------------------------------------------------------------------ many briefings

_VALUE = re.compile(r"(?<=\bvalue: )\d{5,6}\b")


def small(number: int) -> str:
    """The starter with numbers and words of its own, so that neither its pages nor its chart are another's."""
    text = STARTER.read_text(encoding="utf-8")
    text = _VALUE.sub(lambda found: str(int(found[0]) + 97 * number), text)
    return text.replace("short_title: Bicycle counts", f"short_title: Bicycle count {number}", 1)


_PRINTED = re.compile(r"\b\d{3},\d{3}\b")


def renumbered(page: str, number: int) -> str:
    """A finished page with other numbers of six digits, and of the same length."""
    return _PRINTED.sub(lambda found: f"{min(int(found[0].replace(',', '')) + 97 * number, 999_999):,}", page)
