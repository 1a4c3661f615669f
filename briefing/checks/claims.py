"""What in a text is a number that nobody has sourced, and what has digits and claims nothing.

Addresses, dates, times, ages and references have digits, and are found by their whole form, so that no count passes
with them: “call 555-0100” is an address, and “call 300 people” is none.
"""

from __future__ import annotations

import re
from functools import cached_property

from briefing.content.blocks import Table
from briefing.content.briefing import Briefing
from briefing.content.names import name_pattern
from briefing.content.scalars import Path
from briefing.language.wording import Wording

_DASH = r"\s*[–—-]\s*"
_TO = rf"(?:{_DASH}|\s+(?:to|and|or|until|till|through|bis|und|au|à|et|al|y|a|e|en|tot)\s+)"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_NTH = r"\d{1,2}(?:st|nd|rd|th|er|º|ª)?"
_GRADE = r"(?!\s*(?:[%‰]|[a-z]*(?:percent|per\s+cent|hundred|thousand|million|billion|trillion)))"

_ADDRESSES = (
    r"(?:[a-z][a-z0-9+.-]*://|www\.)\S*[\w/=]",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"\b(?:[a-z][\w-]*\.)+[a-z]{2,}/\S*[\w/=]",
    r"\b(?:doi:?\s*)?10\.\d{4,9}/\S*\w",
    r"\bISBN(?:-1[03])?:?\s*(?:\d[\s-]?){9,12}[\dX]\b",
    r"\bISSN:?\s*\d{4}-\d{3}[\dX]\b",
)
_LINE = (
    r"(?:tel(?:ephone)?|phone|mobile|cell|fax|hotline|helpline|tip\s?line|switchboard|whatsapp|signal|sms|tél|telefon)"
)
_TELEPHONES = (
    r"(?<![\w.])\+\d{1,3}(?:[\s().\u2011–/-]*\d){6,13}\b",
    r"\((?!(?:19|20)\d\d\))\d{2,5}\)\s*\d{3,4}(?:[-\s.–]\d{2,5}){1,3}\b",
    r"(?<![\w.,-])(?:1[-.\s])?\d{3}[-.\s–]\d{3}[-.\s–]\d{4}\b",
    r"(?<![\w.,-])1-\d{3}-[A-Z\d]{3}-?[A-Z\d]{4}\b",
    r"(?<![\w.,-])(?:\+?1[-.\s])?\d{3}[-.](?=[\d-]*[A-Z])(?:-?[A-Z\d]){7,10}\b",
    r"(?<![\w.,-])0(?=(?:[\s()–-]?\d){8,})\d{1,4}(?:[\s()–-]{0,2}\d{2,}){1,4}\b",
    rf"\b{_LINE}(?:\s+(?:number|line|no))?\s*[.:]?\s*(?!\d{{1,3}}(?:[ ,.]\d{{3}})+(?!\d))\d(?:[\s–-]?\d){{4,11}}\b",
    r"\b(?:call|ring|text|dial|phone)\s+(?:on\s+|us\s+(?:on|at)\s+)?\d{3}[-–]\d{4}\b",
    r"\b(?:call|ring|text|dial|phone)\s+(?:0{3}|1[01]\d|911|988|999)(?=\s*(?:[.,;:)]|$|(?:for|to|in|if|from|at|or|and|when)\b))",
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_HALF_DAY = r"(?:[ap]\.?\s?m\b\.?|[ap]m\b|noon\b|o[’']clock\b|Uhr\b|hrs\b)"
_TIMES = (
    rf"\b{_HOUR}(?:[:.][0-5]\d)?(?:\s*{_HALF_DAY})?{_TO}{_HOUR}(?:[:.][0-5]\d)?\s*{_HALF_DAY}",
    rf"\b{_HOUR}(?:[:.][0-5]\d)?\s*{_HALF_DAY}{_TO}(?:midnight|noon|midday)",
    rf"\b{_HOUR}(?:[:.][0-5]\d)?\s*{_HALF_DAY}",
    rf"(?:\b(?:at|from|by|until|till|before|after|since|um|ab|à|de|las)\s+)\d{{1,2}}:[0-5]\d(?:{_TO}\d{{1,2}}:[0-5]\d)?\b",
    r"(?<!of )(?<!is )(?<!was )(?<![\d:.,])(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\b",
    r"\b(?:[01]?\d|2[0-3])h(?:[0-5]\d)?\b",
    r"\b24/7\b",
)
_PERIODS = (
    rf"(?<![\d.,]){_YEAR}\s*[–/-]\s*(?:{_YEAR}|\d\d)(?![\d%]|[.,]\d)",
    rf"\b(?:FY|fiscal\s+year|financial\s+year)\s?(?:{_YEAR}|\d\d)(?:[–/-]\d{{2,4}})?\b(?![%,.]\d)",
    rf"\b[QH][1-4](?:{_DASH}[QH]?[1-4])?\b",
    rf"(?<![\d.,])(?:{_YEAR}s|[’‘'][1-9]0s|[1-9]0s)\b",
    r"\b\d{1,2}(?:st|nd|rd|th)[\s-]centur(?:y|ies)\b",
    rf"(?<![\d.,]){_YEAR}(?![\d%]|[.,]\d)",
)
_LOOSE = (
    r"(?:"
    r"tables?|figures?|charts?|box(?:es)?|annex|appendix|chapters?|sections?|articles?|paragraphs?|pages?"
    r"|notes?|footnotes?|clauses?|steps?|options?|recommendations?|phases?|stages?|type|questions?|weeks?"
    r"|nos?\.|figs?\.|pp?\.|paras?\.|arts?\.|secs?\.|ch\.|vols?\.|§+"
    r")"
)
_CAPITAL = (
    r"(?:"
    r"Map|Part|Title|Rule|Regulation|Directive|Decision|Resolution|Law|Act|Bill|Schedule|Goal|SDG"
    r"|Indicator|Level|Class|Category|Grade|Tier|Zone|Volume|Issue|No|Nos|Exhibit|Order|Amendment|Protocol"
    r"|Chart|Line|Route|Highway|Interstate|Ward|District|Room|Scenario|Module|Lot|Round|Wave|Week|Version"
    r"|Edition|Number|Proposition|Form|Annexe|Tableau|Article|Artikel|Tabelle|Abbildung|Abb\.|Seite"
    r"|Kapitel|Abschnitt|Absatz|Abs\.|Nr\.|Tabla|Cuadro|Gráfico|Artículo|Página|Capítulo|Sección"
    r")"
)
_MARK = r"(?:\d{1,4}(?:/\d{2,4}(?:/[A-Z]+)?)?[a-z]?\b(?:\.\d+)*(?:\(\w{1,4}\))*)"
_MANY = rf"(?:(?:{_DASH}|\s*,\s+(?:and\s+)?|\s+(?:to|and|or|&)\s+){_MARK})*"
_PEOPLE = (
    r"(?:"
    r"child(?:ren)?|infants?|people|adults?|persons|pupils|students|women|men|girls|boys|youths?|those"
    r"|anyone|everyone|voters|patients"
    r")"
)
_AGE = r"(?:1[01]\d|\d{1,2})(?![\d.,]*\d)"
_AGES = (
    rf"\b(?:aged|ages|age)\s+(?:between\s+)?{_AGE}(?:{_TO}{_AGE})?(?:\s+(?:and|or)\s+(?:over|above|under|older|younger|more)|\+)?",
    rf"\b(?:under|over)[\s-]?{_AGE}[’']?s\b",
    rf"\b{_AGE}(?:{_TO}{_AGE})?s?[\s-]?(?:years?[\s-]olds?)\b",
    rf"\b{_AGE}-\s*(?:to|and|or)\s+{_AGE}-years?-olds?\b",
    rf"\b{_PEOPLE}\s+(?:under|over|below|above)\s+(?:the\s+age\s+of\s+)?{_AGE}(?=\s*(?:[.,;:)]|$|(?:and|or|in|are|were|is|was|who|can|may|have|had|at|with|years\s+of\s+age)\b))",
    rf"\b(?:under|over|below|above|from|at|until|before|after)\s+the\s+age\s+of\s+{_AGE}",
)
_MEAN = re.compile(r"\b(?:average|mean|median|typical|expected|life)\b", re.IGNORECASE)
_OF_AGE = re.compile(r"\b(?:ages?|aged|years?\s+old|âges?|Alter|edad|età|leeftijd)\b", re.IGNORECASE)
_LONG = r"(?:\s*(?:years?|months?|weeks?|days?|yrs?))?"
_BAND = re.compile(
    rf"(?:(?:all|total|aged?|ages|under|over|below|above|less\s+than|more\s+than|up\s+to|from|at\s+least|younger\s+than|[<>≤≥])\s*)*"
    rf"{_AGE}{_LONG}(?:{_TO}(?:under\s+|less\s+than\s+)?{_AGE}{_LONG})?"
    rf"(?:\s*\+|\s+(?:and|or)\s+(?:over|above|under|below|older|younger|more))?(?:\s+(?:old|of\s+age))?",
    re.IGNORECASE,
)
_LEVEL = r"\b(?:8|9)\d(?:\.\d+)?\s*(?:%|per\s?cent)"
_FINE = r"\b(?:0\.\d+|[15]|10)\s*(?:%|per\s?cent)"
_ON_LEVELS = re.compile(
    r"\bconfiden|\bcredib|\bsignifican|\bintervals?\b|\buncertain|\bCIs?\b|\berror\b", re.IGNORECASE
)
_LEVELS = re.compile(
    rf"(?:{_LEVEL})(?=(?:\s+|-)(?:(?:confiden|credib|uncertain|predict|probab)\w*|intervals?|levels?|CIs?|limits?|bounds?)\b)"
    rf"|(?:{_FINE})(?=(?:\s+|-)(?:significance\s+)?level\b)"
    rf"|\b(?:levels?|confidence|certainty|probability)\s*(?:of|at|is|are|was|were|:|=)\s*(?:{_LEVEL}|{_FINE})"
    r"|\bp\s*[<≤]\s*0?\.\d+",
    re.IGNORECASE,
)
_VERSIONS = (
    r"\bCC(?:0|[\s-]BY)(?:-(?:NC|SA|ND))*(?:[\s-]\d\.\d)?",
    r"\b(?:A|L)?GPL\s?v?\d(?:\.\d)?\b|\b(?:Apache|MPL|EUPL|OGL|ODbL|Open\s+Government\s+Licen[cs]e)(?:\s+v)?\s*\d(?:\.\d)?\b",
    r"\bv\d+(?:\.\d+)*\b|\bversion\s+\d+(?:\.\d+)*(?![\d,]|\s*%)",
    r"\b(?:ISO|IEC|EN|DIN|ANSI|ASTM|NFPA|RFC|IEEE)(?:/[A-Z]+)*\s\d+(?:-\d+)*(?::\d{4})?\b",
)
_MONEY = (
    r"USD|EUR|GBP|CHF|JPY|CNY|KES|NGN|ZAR|INR|CAD|AUD|NZD|US|RMB|SSP|UGX|TZS|XAF|XOF|BRL|MXN|COP|SEK|NOK|DKK|PLN|UAH"
    r"|TRY|RUB|ILS|EGP|ETB|GHS|PKR|BDT|IDR|PHP|THB|VND|CLP|PEN|ARS|HUF|CZK|RON"
)
_CODES = (  # a name with digits of its own: COVID-19, PM2.5, H5N1, G20, M25, CO₂
    r"\bCOVID-19\b|\bSARS-CoV-\d\b|\bPM\s?(?:2\.5|10|₂[.,]₅|₁₀)(?!\d)|\bH\d+N\d+\b|\b(?![RKP])[A-Z]\d{1,2}\b(?!\s*(?:[mbkt]n?\b|million|billion|[.,]\d|%))|\b[2-6]G\b|\b[23]D\b",
    r"\b(?:[A-Z][a-z]?[₀-₉0-9]?)*(?:C|H|N|O|S|CH|NH)[₂-₉](?:[A-Z][a-z]?[₀-₉]?)*|\b(?:CO2|NO2|SO2|CH4|N2O|H2O|NH3|O3|SF6)(?:e|eq)?\b",
    rf"\b(?!(?:{_MONEY})\b)[A-Z]{{2,}}(?:-[A-Z]+)*(?:-\d+)+\b",
    r"\b[A-Z]-\d{1,3}\b|(?<![\w&])#\d{1,6}\b(?!%)",
    r"(?<=[kcmdµh]m)[²³]|(?<=\bm)[²³]|(?<=[a-z]/m)[²³]",
    r"\b\d{1,3}(?:st|nd|rd|th)(?:\s+(?=[A-Z][a-z])|[\s-](?:edition|session|anniversary|congress|amendment|meeting|floor)\b)",
)

# Laws, cases, papers, places, products and events, cased as they are written: “410 U.S. 113” is a case.
_SECTION = r"\d{1,4}[A-Za-z]?\b(?:\.\d+)*(?:\(\w{1,4}\))*"
_SECTIONS = rf"{_SECTION}(?:(?:\s*[–-]\s*|,\s+|\s+(?:and|to|or)\s+){_SECTION})*"
_LAWS = (
    rf"(?<![\w.])(?:ss?|regs?|rr?|cls?|[Ss]ch|[Aa]rts?|[Pp]aras?)\.\s?{_SECTIONS}",
    rf"§+\s?{_SECTIONS}",
    r"\b[Rr](?:ule|egulation)s?\s\d{1,4}[A-Z]?(?:\(\w{1,4}\))+",
    r"\b\d{1,3}\s(?:U\.?\s?S\.?\s?C\.?|C\.?\s?F\.?\s?R\.?)\s?(?:§+\s?|pt\.\s?|[Pp]art\s)?\d[\d.]*(?:\(\w{1,4}\))*(?:[a-z]\b)?",
    r"\b\d{1,3}\s(?:U\.\s?S\.|S\.\s?Ct\.|Stat\.|F\.(?:2d|3d|4th)?|Fed\.\sReg\.)\s\d{1,5}\b",
    r"\b(?:Pub\.\s?L\.|P\.L\.|Public\sLaw)(?:\sNo\.)?\s\d{1,3}[–-]\d{1,4}\b",
    r"\[(?:19|20)\d\d\]\s(?:\d\s)?[A-Z][A-Za-z.]*(?:\s[A-Z][a-z]*)?\s\d{1,5}\b",
    r"\b(?:Regulation|Directive|Decision)s?\s\((?:EU|EC|EEC|Euratom|CFSP)(?:,\s?Euratom)?\)\s(?:No\.?\s)?\d{1,4}/\d{1,4}\b",
    r"\b[CTF][–-]\d{1,4}/\d\d\b(?:\sP\b)?",
    r"\b[A-Z]{1,4}(?:/[A-Z]{1,6})*/(?:\d{1,4}|[A-Z]{2,6})(?:/(?:[A-Z]+[.-]?)?\d+)+(?:\s\((?:19|20)\d\d\))?",
)
_PAPERS = (r"\barXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?", r"\bPMC\d{5,8}\b|\bPMID:?\s?\d{5,8}\b")
_PLACES = (
    r"\b\d{1,3}(?:\.\d+)?\s?°(?:\s?\d{1,2}(?:\.\d+)?\s?[′’'])?(?:\s?\d{1,2}(?:\.\d+)?\s?[″”\"])?\s?[NSEW]\b",
    r"\b(?:Flat|Apt\.?|Suite)\s\d{1,4}[A-Za-z]?\b",
    r"\b\d{1,4}[A-Za-z]?(?:[–-]\d{1,4})?,?\s(?:[A-Z][\w’.-]*\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Boulevard|Terrace|Quay)(?=\s*(?:[,.;:)]|$))",
    r"\b\d{1,4}(?:[–-]\d{1,4})?,?\s(?:[Rr]ue|[Qq]uai|[Cc]alle|[Aa]venida|[Vv]ia|[Rr]ua)\s(?=[A-Zd])",
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b",
    r"(?<=,\s)[A-Z]{2}\s\d{5}(?:-\d{4})?\b",
)
_THINGS = (
    r"\b(?:Boeing|Airbus|Windows|Android|Python|Apollo|Channel|Radio|Fortune|FTSE|S&P|Formula|Catch)[\s-]A?\d{1,4}\b(?:\.\d+)*",
    r"\bCOPs?\s?\d{1,2}\b|\b[Cc]ovid-19\b|\b9/11\b|\bArea\s51\b|\b[A-Z]2[A-Z]\b|\bGroup\sof\s(?:7|8|20|77)\b",
    r"\b(?:won|lost|drew|beat\s\w+|beaten|defeated)\s\d{1,2}[–-]\d{1,2}\b(?!\s*%)|\b\d{1,2}[–-]\d{1,2}\s(?:win|defeat|draw)\b",
    r"\b(?:1\.5|2)\s?°C[\s-](?:target|limit|goal|threshold|pathway)s?\b",
    r"\b(?:on|by|until|from|before|after|and|to)\sthe\s\d{1,2}(?:st|nd|rd|th)\b(?=\s*(?:[.,;:)]|$|of\s[A-Z]|and\b))",
    r"\b(?:1[01]\d|\d{2})\+(?:s\b|\s(?:group|age|population|cohort|year))",
)
_GROUPED = (
    r"\b(?:[Cc]all|[Rr]ing|[Tt]ext|[Dd]ial|[Pp]hone)\s(?:on\s)?(?!\d{1,3}(?:\s\d{3})+\b)\d{2,4}(?:\s\d{2,4}){2,4}\b",
)
_CITED = (*_LAWS, *_PAPERS, *_PLACES, *_THINGS, *_GROUPED)


class NumberFinder:
    """Finds numbers that are neither in the ledger nor any of what may stand in a text without it."""

    def __init__(self, briefing: Briefing, wording: Wording) -> None:
        self._briefing, self._wording = briefing, wording
        self._nouns = {form.lower() for unit in briefing.units.values() for form in (unit.one, unit.other)}

    def literals(self, text: str, path: Path) -> tuple[str, ...]:
        """The numbers of a text from which figures were left out."""
        if path in _OWN or not any(map(str.isnumeric, text)):
            return ()
        text = text.replace("\u2011", "-")  # a hyphen at which no line ends
        if not self._left(text, path, self._plainly):  # most texts: the other pattern takes long to be read
            return ()
        if self._is_age(text, path):
            return ()
        return self._left(_LEVELS.sub(" ", text) if _ON_LEVELS.search(text) else text, path, self._fully)

    def _is_age(self, text: str, path: Path) -> bool:
        """Whether it names a row of a table by the age of those whom it counts."""
        if not isinstance(path[-1], int) or "table" not in path or not _BAND.fullmatch(text.strip()):
            return False
        block, column = self._briefing.document(str(path[0])).blocks[int(path[2])], int(path[-1])
        heads = [one.head for one in block.columns] if isinstance(block, Table) else []
        head = heads[column] if column < len(heads) else ""
        return bool(_OF_AGE.search(head)) and not _MEAN.search(head)

    @cached_property
    def _plainly(self) -> re.Pattern[str]:
        names = (name_pattern(name) for name in sorted(self._briefing.names, key=len, reverse=True))
        return re.compile(
            "|".join((*names, *_dates(self._wording), rf"(?<![\d.,]){_YEAR}(?![\d%]|[.,]\d)")), re.IGNORECASE
        )

    @cached_property
    def _fully(self) -> re.Pattern[str]:
        names = (name_pattern(name) for name in sorted(self._briefing.names, key=len, reverse=True))
        cased = (f"(?-i:{one})" for one in (*_CITED, *_CODES))
        before = (*names, *_ADDRESSES, *_TELEPHONES, *_TIMES, *_dates(self._wording), *_VERSIONS, *_AGES)
        return re.compile("|".join((*before, *cased, *_REFERENCES, *_PERIODS)), re.IGNORECASE)

    def _left(self, text: str, path: Path, allowed: re.Pattern[str]) -> tuple[str, ...]:
        kept, position = [], 0
        for found in allowed.finditer(text):
            kept.append(text[position : found.start()] + (found[0] if self._counts(text, found) else " "))
            position = found.end()
        rest = "".join(kept) + text[position:]
        front = self._briefing.briefing
        own = (front.number, str(front.edition)) if path == ("briefing", "cite") else ()
        signs = (sign for sign in _DIGITS.sub("", rest) if sign.isnumeric())  # ½, ², Ⅻ, ①
        return (*(found[0] for found in _DIGITS.finditer(rest) if found[0] not in own), *signs)

    def _counts(self, text: str, found: re.Match[str]) -> bool:
        """Whether it counts what follows: “2000 people” is no year."""
        if not found[0][-1:].isdigit() or found[0][:1].isupper() or _WHEN.search(text[: found.start()]):
            return False
        rest = text[found.end() :]
        return bool(_COUNTED.match(rest) or ((noun := re.match(r"\s*(\w+)", rest)) and noun[1].lower() in self._nouns))


_DIGITS = re.compile(r"\d[\d.,]*\d|\d")
_OWN = {("briefing", key) for key in ("contact", "licence")}  # addresses and names throughout
_WHEN = re.compile(r"\b(?:in|since|by|of|from|until|during|before|after|late|early|mid|for|the|its)\s*$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*(?:people|persons|men|women|children|pupils|students|patients|workers|households|families|homes|houses|cases"
    r"|deaths|jobs|dollars|euros|pounds|percent|million|billion|trillion|thousand|hundred|kilomet(?:re|er)s|miles"
    r"|met(?:re|er)s|hectares)\b",
    re.IGNORECASE,
)


def _dates(wording: Wording) -> tuple[str, ...]:
    months = "|".join(re.escape(month) for month in (*wording.month_names, *wording.short_month_names))
    month = rf"(?:{months})\b\.?"
    return (
        rf"\b{_NTH}(?:(?:\s+{month})?{_TO}{_NTH})?\.?\s+(?:de\s+|of\s+)?{month}(?:\s+(?:de\s+)?\d{{4}}\b)?",
        rf"\b{month}\s+{_NTH}\b(?!\d|[.,]\d|\s*%)(?:{_TO}(?:{month}\s+)?{_NTH}\b(?![.,]?\d|\s*%))?(?:,\s*\d{{4}}\b)?",
        rf"\b{month}\s+\d{{4}}\b",
    )


_REFERENCES = (rf"\b{_LOOSE}\s*{_MARK}{_MANY}{_GRADE}", rf"(?-i:\b{_CAPITAL}\s+{_MARK}{_MANY}{_GRADE})")
