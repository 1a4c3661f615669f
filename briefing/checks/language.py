"""Language: how hard a document reads, its acronyms, its terms and its quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from briefing.checks.reading import LONGEST, Passage, Reading, mask_phrases, sentences, words
from briefing.content.briefing import Briefing
from briefing.findings import ContentPath, Finding, note, warning
from briefing.language.wording import Wording

if TYPE_CHECKING:
    from pyphen import Pyphen


def check(read: Reading, briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    """What a document says in a way that its reader may not follow."""
    yield from _readability(read, briefing, wording)
    yield from _acronyms(read, briefing)
    yield from _terms(read, briefing)


# ------------------------------------------------------------------ readability

EASE = {  # of Flesch's kind: base, weight of words in a sentence, weight of syllables in a word
    "de": (180.0, 1.0, 58.5),  # Amstad 1978
    "es": (206.84, 1.02, 60.0),  # Fernández Huerta 1959
    "fr": (207.0, 1.015, 73.6),  # Kandel and Moles 1958
    "it": (217.0, 1.3, 60.0),  # Flesch–Vacca 1972
    "nl": (206.84, 0.93, 77.0),  # Douma 1960
}
HARDEST_GRADE = 14.0  # years of schooling; sentences of 20 words reach it with words much longer than usual
HARDEST_EASE = 30.0  # below it Flesch's scale says: very difficult
SAMPLE = 100  # words, as Flesch takes them; less cannot be judged
KNOWN = 2  # syllables of a figure, and at most of a name or an acronym: their length says nothing of how hard they are


def _readability(read: Reading, briefing: Briefing, wording: Wording) -> Iterator[Finding]:
    language, locale = wording.locale.language, str(wording.locale)
    spans = [
        (passage, start, end)
        for passage in read.texts
        if passage.has_sentences
        for start, end in sentences(passage.text, briefing.names, language)
    ]
    most = [count for span in spans for count in _syllables(*span, locale, _vowels)]
    if len(most) < SAMPLE:
        return
    at = ContentPath((read.name,), key=True)
    if language != "en" and language not in EASE:
        message = f"how hard the text reads was not judged: no formula is known for “{language}”"
        yield note("readability-unjudged", message, at, "let somebody read it who has not written it", read.about)
    elif _how_hard(language, len(spans), most):  # else no hyphens are asked for: their patterns take long to read
        counts = [count for span in spans for count in _syllables(*span, locale, partial(_of_word, locale=locale))]
        if hard := _how_hard(language, len(spans), counts):
            hint = "part the longest sentences, and put short words for long ones where they say the same"
            yield note("readability-hard", f"the text reads very hard: {hard}", at, hint, read.about)


def _how_hard(language: str, spans: int, counts: Sequence[int]) -> str:
    """The grade or the ease of so many sentences with words of so many syllables, where it is too hard."""
    length, syllables = len(counts) / spans, sum(counts) / len(counts)
    if language == "en":
        grade = 0.39 * length + 11.8 * syllables - 15.59  # Kincaid and others 1975
        return f"grade {grade:.0f} by Flesch and Kincaid" if grade > HARDEST_GRADE else ""
    base, per_word, per_syllable = EASE[language]
    ease = base - per_word * length - per_syllable * syllables
    return f"{ease:.0f} on Flesch’s scale of 100" if ease < HARDEST_EASE else ""


def _syllables(passage: Passage, start: int, end: int, locale: str, of_word: Callable[[str], int]) -> Iterator[int]:
    """The syllables of each word of a sentence; a figure is one word."""
    text = passage.text
    for spot in reversed(passage.figures):
        if start <= spot.start < end:
            text = text[: spot.start] + "0" + text[spot.end :]
            end -= spot.end - spot.start - 1
    nouns = locale.startswith("de")  # has capitals on all its nouns
    for index, word in enumerate(words(text[start:end])):
        parts = [part for part in _NO_LETTER.split(word) if part]
        count = sum(of_word(part[:LONGEST].lower()) for part in parts) or KNOWN
        named = word.isupper() or (index > 0 and word.lstrip("(“‘„«")[:1].isupper() and not nouns)
        yield min(count, KNOWN) if named or _DIGIT.search(word) else count


def _vowels(word: str) -> int:
    """The most syllables that it can have: each has a vowel."""
    return len(_VOWEL.findall(word)) or 1


def _of_word(word: str, locale: str) -> int:
    """Its syllables: the pieces between its hyphens that have a vowel."""
    pieces = _hyphens(locale).inserted(word, "\0").split("\0")
    return max(sum(bool(_VOWEL.search(piece)) for piece in pieces), 1)


_NO_LETTER = re.compile(r"[\W\d_]+")
_DIGIT = re.compile(r"\d")
_VOWEL = re.compile("[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ]")


@cache
def _hyphens(locale: str) -> Pyphen:
    import pyphen

    # British hyphens follow a word's origin and pass over syllables, so all English is counted by American ones. A
    # syllable of one letter counts, though no line would be broken at it.
    language = "en_US" if locale.startswith("en") else pyphen.language_fallback(locale)
    return pyphen.Pyphen(lang=language or "en_US", left=1, right=1)


# ------------------------------------------------------------------ acronyms

_ACRONYM = re.compile(r"(?<![\w&$€£.’'-])(?!(?:[IVX]+|[A-Z]+[$€£])(?!\w))([^\W\d_a-z]{2,})(?:[’']?s)?(?![\w$])")
_SHOUTED = re.compile(r"(?<!\w)[^\W\d_a-z]+(?:[ \u00a0]+[^\W\d_a-z]+){2,}(?!\w)")  # capitals for emphasis
_EVERYDAY = frozenset(("AD", "AM", "BC", "CD", "DVD", "ID", "OK", "PDF", "PM", "QR", "SMS", "TV"))


def _acronyms(read: Reading, briefing: Briefing) -> Iterator[Finding]:
    """Acronyms that are not explained in the first sentence that has them; nor anywhere, where no sentence has them."""
    known = {*briefing.acronyms, *_EVERYDAY}
    known |= {name for term in briefing.glossary.values() for name in _named(f"{term.term} {term.meaning}")}
    first: dict[str, tuple[Passage, bool]] = {}  # in a sentence, where it can be explained, or in a line
    explained: set[str] = set()
    for passage in read.texts:
        text = _SHOUTED.sub(lambda found: found[0].lower(), mask_phrases(_without_figures(passage), briefing.names))
        for name in dict.fromkeys(_named(text)):
            _, in_sentence = first.get(name, (None, False))
            if name in known or in_sentence:
                continue
            if name not in first or passage.has_sentences:
                first[name] = passage, passage.has_sentences
            if _explains(text, name):
                explained.add(name)
    for name, (passage, _) in first.items():
        if name not in explained:
            hint = f"write “Full Name ({name})”, or add it to acronyms: if every reader knows it"
            message = f"{name} is not explained where it first stands"
            yield warning("acronym-unexplained", message, passage.path, hint, passage.about)


def _without_figures(passage: Passage) -> str:
    """The words of a passage, with a sign of the same length for each figure."""
    text = passage.text
    for spot in passage.figures:
        text = text[: spot.start] + "0" * (spot.end - spot.start) + text[spot.end :]
    return text


def _named(text: str) -> Iterator[str]:
    return (found[1] for found in _ACRONYM.finditer(text) if found[1].isupper())


def _explains(text: str, name: str) -> bool:
    """Whether the words around it say what an acronym stands for: “Full Name (FN)” or “FN (full name)”."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?:[’']?s)?(?!\w)", text)
    if not found:
        return False
    if re.search(r"[^\W\d_]{3,}[’”»]?\s+[(\[]\s*$", text[: found.start()]):
        return bool(re.match(r"\s*[)\],;]", text[found.end() :]))
    behind = re.match(r"\s+[(\[]([^()\[\]]+)[)\]]", text[found.end() :])
    inside = [word for word in words(behind[1]) if word[0].isalpha()] if behind else []
    capitals = sum(word[0].isupper() for word in inside)
    return len(inside) >= 2 and (inside[0][0].upper() == name[0] or capitals >= 2)


# ------------------------------------------------------------------ terms


def _terms(read: Reading, briefing: Briefing) -> Iterator[Finding]:
    quoted = [quotation.text for quotation in briefing.quotations]
    for id_, term in briefing.glossary.items():
        allowed = [*briefing.names, *term.unless, *quoted]
        for passage in (*read.texts, *(beside for beside in read.beside if beside.path[-1] == "alt")):
            if passage.path[:2] == ("glossary", id_) or not term.avoid:
                continue
            text = mask_phrases(passage.text, allowed)
            for word in term.avoid:
                if found := re.search(rf"(?<!\w){_spaced(word)}(?!\w)", text, re.IGNORECASE):
                    hint = f"write “{term.term}”, or add the phrase to unless: where the word means something else"
                    message = f"“{found[0]}” stands where the glossary has “{term.term}”"
                    yield warning("term-avoided", message, passage.path, hint, passage.about)


def _spaced(phrase: str) -> str:
    return r"\s+".join(re.escape(word) for word in phrase.split())


# ------------------------------------------------------------------ quotations

SAID = 3  # words: fewer may be a term that is set apart rather than what somebody said
_QUOTED = re.compile(
    r"“([^“”„]+)[”“]|„([^“”„]+)[“”]|»([^«»]+)«|«\s*([^«»]+?)\s*»|(?<!\w)‘([^‘]+?)’(?!\w)|(?<![\w\"])\"([^\"]+)\"(?!\w)"
    r"|(?<![\w'])'([^']+)'(?!\w)|(?<!\w)‚([^‘‚]+)‘(?!\w)|‹([^‹›]+)›|「([^「」]+)」"
)


def quotations(readings: Sequence[Reading], briefing: Briefing) -> Iterator[Finding]:
    """What stands in quotation marks and is no quotation, and quotations that stand nowhere."""
    declared = {_bare(quotation.text): index for index, quotation in enumerate(briefing.quotations)}
    titles = [_bare(source.title).lower() for source in briefing.sources.values()]
    terms = {term.term.lower() for term in briefing.glossary.values()}
    used: set[str] = set()
    for passage in (passage for read in readings for passage in read.texts):
        for words_ in _quoted(passage.text):
            bare = _bare(words_)
            if bare in declared:
                used.add(bare)
            elif bare and bare.lower() not in terms and not any(_is_work(bare.lower(), title) for title in titles):
                hint = "add it under quotations: with its source if it is letter for letter, or take the marks away"
                message = f"“{words_}” stands in quotation marks and is not declared as a quotation"
                if len(words(bare)) < SAID:
                    yield note("quotation-undeclared", message, passage.path, hint, passage.about)
                else:
                    yield warning("quotation-undeclared", message, passage.path, hint, passage.about)
    pulled = (passage for read in readings for passage in read.beside if passage.path[3:4] == ("pull_quote",))
    used.update(_bare(passage.text) for passage in pulled)
    for bare, index in declared.items():
        if bare not in used:
            message = "the quotation stands nowhere in quotation marks"
            hint = "quote it letter for letter, or delete it"
            yield note("quotation-unused", message, ("quotations", index, "text"), hint)


def _is_work(bare: str, title: str) -> bool:
    """Whether words are the title of a cited work, or several words of it."""
    return bare == title or (" " in bare and bare in title)


def _quoted(text: str) -> Iterable[str]:
    return (next(group for group in found.groups() if group) for found in _QUOTED.finditer(text))


def _bare(text: str) -> str:
    """The words of a quotation without its ending punctuation, its spaces and the size of its first letter."""
    bare = " ".join(text.replace("'", "’").split()).rstrip(".,;:!?…").strip('“”„‘’«»" ')
    return bare[:1].lower() + bare[1:]
