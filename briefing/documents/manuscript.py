"""A manuscript: content that was read, typed and accounted for. Every run begins from one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from briefing.content import validation
from briefing.content.briefing import Briefing
from briefing.content.records import Front, PaperName
from briefing.content.scalars import Path
from briefing.content.tree import ContentTree
from briefing.design.brand.dress import Dress
from briefing.design.tokens import HouseTemplates
from briefing.documents.text_renderer import TextRenderer
from briefing.findings import Finding, Place
from briefing.language.wording import Wording, read_wording
from briefing.ledger import ledger as accounts
from briefing.ledger.ledger import Ledger
from briefing.runtime.inputs import BuildInputs


@dataclass(frozen=True)
class Manuscript:
    """What content says: its records, the words of its language, and every figure with its uses."""

    source: ContentTree
    briefing: Briefing
    wording: Wording
    ledger: Ledger
    findings: tuple[Finding, ...] = ()  # what was noticed until now
    taken: BuildInputs | None = None  # what it was read from, where that is recorded
    house_templates: HouseTemplates | None = None  # templates of the house's own
    dress: Dress | None = None  # what its pages wear instead of the house's own

    def place(self, path: Path) -> Place:
        """Where in its file a value stands."""
        return self.source.place(path)

    def locate(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings at their lines and columns, as they are told."""
        return tuple(map(self.source.locate, findings))

    @property
    def paper(self) -> PaperName:
        """What its pages are for, where nothing else is asked for."""
        return usual_paper(self.briefing.briefing, self.dress.paper if self.dress else "")

    def with_findings(self, more: Iterable[Finding]) -> Manuscript:
        """The same, with more that was noticed."""
        return replace(self, findings=(*self.findings, *more))

    def text_renderer(self) -> TextRenderer:
        """Renders its texts as plain words; source marks and disputes are nothing to it."""
        return TextRenderer(self.briefing, self.ledger, self.wording, linked=False)


def usual_paper(front: Front, worn: str) -> PaperName:
    """The paper that content names; where it names none, that of the brand if there is one."""
    return PaperName(worn) if worn and "paper" not in front.model_fields_set else front.paper


def manuscript_of(source: ContentTree, templates: FilePath, language: str | None = None) -> Manuscript:
    """Type what was read and account for its figures, in another `language` if one is named.

    Raises `Refused` with every fault of what cannot be typed; a fault in the accounts is a finding.
    """
    briefing = validation.build(source)
    front = briefing.briefing
    if language and language != front.language:
        front = front.model_copy(update={"language": language})
        briefing = briefing.model_copy(update={"briefing": front})
    return account(briefing, source, templates)


def account(briefing: Briefing, source: ContentTree, templates: FilePath) -> Manuscript:
    """The manuscript of records that were typed: with the words of their language, and their figures accounted for."""
    with source.located():
        wording = read_wording(templates, briefing.briefing.language, briefing.units)
    ledger, noticed = accounts.build(briefing, wording)
    return Manuscript(source, briefing, wording, ledger, tuple(noticed))
