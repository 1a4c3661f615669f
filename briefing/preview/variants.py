"""What a variant of the preview is made of, by the steps of a build; slow checks wait until pages are at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from briefing.checks import all_faults, image_rules
from briefing.content.briefing import Briefing
from briefing.content.tree import ContentTree
from briefing.design.outputs import OUTPUTS
from briefing.documents.dressing import places
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.findings import Finding, Refused
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.job import Job
from briefing.pipeline.load import brand_choice, check_content, check_dates, check_wording, dress
from briefing.pipeline.plan import plan_with_pictures
from briefing.preview.state import Variant


@dataclass(frozen=True)
class Documents:
    """The documents of a variant, ready to be typeset."""

    manuscript: Manuscript
    jobs: Mapping[str, DocumentJob]
    noticed: tuple[Finding, ...]  # while their pictures were drawn


def load_variant(job: Job, source: ContentTree, language: str | None) -> Manuscript:
    """The manuscript in a language; raises `Refused` where there is nothing to typeset."""
    try:
        manuscript = manuscript_of(source, job.templates, language)
    except Refused as first:
        raise all_faults.refused(first, source, job.content_folder, job.templates) from None
    return check_content(dress(manuscript, job), job.content_folder)


def check_rest(job: Job, manuscript: Manuscript) -> Manuscript:
    """Check what pages do not stand on."""
    return check_wording(check_dates(manuscript, job.today))


def plan_documents(job: Job, drawings: Path, manuscript: Manuscript, variant: Variant) -> Documents:
    """Draw the pictures and say what is to be typeset; raises `Refused` with every fault up to here."""
    kind = OUTPUTS[variant.use]
    job = replace(job, outputs=(kind.name,), paper=variant.paper, documents=kind.documents)
    jobs, noticed = plan_with_pictures(manuscript, job, drawings)
    return Documents(manuscript, {one.document: one for one in jobs}, noticed)


def image_files(job: Job, source: ContentTree) -> tuple[Path, ...]:
    """The pictures that image blocks and partners name, as far as content that may be broken tells."""
    top = source.tree if isinstance(source.tree, dict) else {}
    found = set(_logos(top))
    for document in Briefing.DOCUMENTS:
        part = top.get(document)
        blocks = part.get("blocks") if isinstance(part, dict) else None
        for block in blocks if isinstance(blocks, list) else ():
            image = block.get("image") if isinstance(block, dict) else None
            if isinstance(image, dict) and isinstance(image.get("file"), str):
                found.add(str(image["file"]))
    paths = (image_rules.image_path(job.content_folder, name) for name in sorted(found))
    return (*(path for path in paths if path), *_brand_files(job, top))


def _logos(top: dict[str, object]) -> Iterator[str]:
    """The marks of partners."""
    front = top.get("briefing")
    partners = front.get("co_publishers") if isinstance(front, dict) else None
    for one in partners if isinstance(partners, list) else ():
        if isinstance(one, dict) and isinstance(one.get("logo"), str):
            yield str(one["logo"])


def _brand_files(job: Job, top: dict[str, object]) -> tuple[Path, ...]:
    """The files that are, or would be, the brand if they were there."""
    front = top.get("briefing")
    named = front.get("brand") if isinstance(front, dict) else None
    return tuple(path for path, _ in places(brand_choice(job), str(named) if named else None))


def dress_files(loaded: Iterable[object]) -> tuple[str, ...]:
    """The files of the dresses that manuscripts wear, and the folders in which something was looked for."""
    worn = [one.dress for one in loaded if isinstance(one, Manuscript) and one.dress]
    return tuple(dict.fromkeys(str(file) for dress in worn for file in (*dress.files, *dress.looked)))
