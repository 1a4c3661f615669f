"""Many content files made on a cluster: each job goes out by its paths and the digest of its content.

Content and output folders lie in a folder that all machines share, under the same path. A worker takes the program's
templates, the environment and what is kept from earlier runs as it has them itself, so nothing that is kept there is
told by another machine.
"""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

from briefing.content import yaml_reader
from briefing.design.template_folders import own_templates
from briefing.findings import Place, error
from briefing.pipeline import dispatch, publish, typesetters
from briefing.pipeline.dispatch import FileResult, FileState
from briefing.pipeline.job import Job
from briefing.pipeline.proof_cache import ProofCache
from briefing.runtime import cluster, run_record
from briefing.runtime.fingerprint import digest_of

AHEAD = 4  # files for each that is under way, so that no worker waits for this machine
LEAST = 32  # at once, so that workers that come later find some


def run(jobs: Sequence[Job], model: Job, address: str, at_once: int | None) -> Iterator[FileResult]:
    """Make all of them, and tell of each when it is done; raises `Refused` or `Missing` where the cluster is no use."""
    with _shared_file(model, jobs) as shared, cluster.connected(address, typesetters.load, shared) as (executor, count):
        yield from dispatch.run(jobs, executor, at_once or max(LEAST, AHEAD * count), hand_out=hand_out)


def hand_out(executor: Executor, job: Job) -> Future[FileResult]:
    """Have a content file made on another machine."""
    bare = replace(job, shelf=None, environment={})
    return executor.submit(make, bare, digest_of(str(job.content), yaml_reader.MAX_BYTES), job.shelf is not None)


def make(job: Job, sha256: str, keeping: bool) -> FileResult:
    """One content file, where it is made; `keeping` what may be of use to later runs there."""
    if digest_of(str(job.content), yaml_reader.MAX_BYTES) != sha256:
        message = f"{platform.node()} sees another file under this name"
        hint = "content and output must lie in a folder that all machines of the cluster share, under the same path"
        return FileResult(job.name, FileState.REFUSED, (error("cluster-unshared", message, Place(job.name), hint),))
    around, templates = dict(os.environ), own_templates()
    run = run_record.run_key([], os.sep, around) if keeping else None
    shelf = ProofCache(run.home, run.stands, templates, around) if run else None
    job = replace(job, shelf=shelf, templates=templates, environment=around)
    return dispatch.find_unchanged(job) or dispatch.make(job)


@contextlib.contextmanager
def _shared_file(model: Job, jobs: Sequence[Job]) -> Iterator[Path]:
    """A file by which workers show that they see the folder where documents go; where none go, a content file."""
    if model.dry:
        yield jobs[0].content
        return
    publish.refuse_folder(model.out)
    model.out.mkdir(parents=True, exist_ok=True)
    file = model.out / f".cluster-{secrets.token_hex(8)}"
    try:
        file.write_text(secrets.token_hex(32), encoding="ascii")
        yield file
    finally:
        file.unlink(missing_ok=True)
