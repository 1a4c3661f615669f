"""What is needed to make one document for one use, and nothing of any other document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.content.briefing import Briefing
from briefing.design.outputs import USES, OutputName, Step, Use
from briefing.design.paper import Paper
from briefing.design.tokens import Tokens
from briefing.documents.block_views import Picture
from briefing.documents.manuscript import Manuscript
from briefing.documents.page_setup import PageSetup
from briefing.findings import ContentPath
from briefing.language.wording import Wording
from briefing.ledger.ledger import Ledger
from briefing.ledger.subset import cut_to_document

if TYPE_CHECKING:
    from briefing.finishing.context import PrintingCondition as Shop


@dataclass(frozen=True)
class DocumentJob:
    """What is needed to make one document."""

    briefing: Briefing  # cut down to the document
    ledger: Ledger
    wording: Wording
    document: str
    paper: Paper
    pictures: Mapping[int, Picture]
    templates: Path
    tokens: Tokens
    use: Use = USES[OutputName.READING]
    shop: Shop | None = None  # for whom a use is made that goes to a press

    @property
    def pages(self) -> int:
        """The page budget; where a use has an open end, the most pages that it may take."""
        return self.briefing.document(self.document).most_pages(self.use.open_ended)

    @property
    def at(self) -> ContentPath:
        """Where it is told what is of no block."""
        return ContentPath((self.document,), key=True)

    def at_block(self, index: int) -> ContentPath:
        """Where it is told what is of a block."""
        return ContentPath((self.document, "blocks", index))

    @property
    def title(self) -> str:
        """How findings call the document: by its use too, where that is not the reader's."""
        name = self.wording.word("document", self.document)
        return name if self.use.layer == "" else f"{name}, {self.wording.word('use', self.use.name)}"


def document_jobs(
    manuscript: Manuscript,
    documents: tuple[str, ...],
    setup: PageSetup,
    pictures: Mapping[str, Mapping[int, Picture]],
    use: Use = USES[OutputName.READING],
    shop: Shop | None = None,
) -> tuple[DocumentJob, ...]:
    """A job for each document of a use, with its pictures drawn or blank."""
    shares = {name: cut_to_document(manuscript.briefing, manuscript.ledger, name) for name in documents}
    return tuple(
        DocumentJob(
            briefing=shares[name][0],
            ledger=shares[name][1],
            wording=setup.wording,
            document=name,
            paper=setup.paper,
            pictures=pictures[name],
            templates=setup.templates,
            tokens=setup.tokens,
            use=use,
            shop=shop if Step.MARKS in use.steps else None,
        )
        for name in documents
    )
