"""Options become the job that the pipeline is given."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import files
from briefing.cli.options import DOCUMENTS, BuildOptions
from briefing.design.brand import FILE
from briefing.design.outputs import OUTPUTS, OutputName
from briefing.design.template_folders import own_templates

if TYPE_CHECKING:
    from briefing.pipeline.build import Job
    from briefing.pipeline.proof_cache import ProofCache
    from briefing.runtime.run_record import RunKey

BRAND = "BRIEFING_BRAND"  # the brand of this machine


def job_of(options: BuildOptions, dry: bool) -> Job:
    """What the options ask for; `dry` builds everything and publishes nothing."""
    from briefing.content.briefing import Briefing
    from briefing.content.records import PaperName
    from briefing.products.registry import ProductOptions

    if options.use == OutputName.BOOKLET and options.only == "fact-sheet":
        raise click.UsageError("a booklet is made of the brief")
    only, everything = options.only, options.use == "all"
    return replace(
        plain_job(options.content, options.out, options.today),
        documents=(DOCUMENTS[only],) if only else Briefing.DOCUMENTS,
        paper=PaperName(options.paper) if options.paper else None,
        outputs=tuple(_outputs(only)) if everything else (OutputName(options.use),),
        bars=options.bars,
        options=ProductOptions(
            booklet_of=OutputName(options.booklet_pages),
            half=options.booklet_sheet == "half",
            paper_mm=options.booklet_paper,
            draft=options.draft,
        ),
        dry=dry,
        brand=brand_of(options.brand),
        house_templates=folder_of(options.templates),
        strict=options.strict,
        shelf=shelf(),
    )


def plain_job(content: Path | None, out: Path | None, today: datetime.datetime | None = None) -> Job:
    """A plain build of a content file."""
    from briefing import api

    job = replace(api.plain_job(content or api.CONTENT, out or api.OUT), house_brand=house_brand())
    return replace(job, today=today.date()) if today else job


def folder_of(named: Path | None) -> Path | None:
    """A folder that is named, by its whole path."""
    return Path(files.absolute(named)) if named else None


def house_brand() -> Path | None:
    """The file of this machine's brand."""
    named = os.environ.get(BRAND)
    return brand_of(Path(named)) if named else None


def brand_of(named: Path | None) -> Path | None:
    """The file of a brand; of a folder, the one in it."""
    if named is None:
        return None
    return Path(files.absolute(named / FILE if named.is_dir() else named))


def call() -> RunKey | None:
    """The run that this process was started for, where something may be kept of it."""
    found: RunKey | None = click.get_current_context().find_root().obj
    return found


def shelf() -> ProofCache | None:
    """Where proofs and drawings are kept."""
    from briefing.pipeline.proof_cache import ProofCache

    run = call()
    return ProofCache(run.home, run.stands, own_templates(), dict(os.environ)) if run else None


def _outputs(only: str | None) -> Iterator[OutputName]:
    """The uses that there are of what is to be built."""
    return (name for name, kind in OUTPUTS.items() if not only or DOCUMENTS[only] in kind.documents)
