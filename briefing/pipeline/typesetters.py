"""Documents made side by side by typesetters in child processes; these are forked from a server that has one loaded."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from briefing.design.template_folders import own_templates
from briefing.findings import Finding, Missing
from briefing.runtime import fork_server, timings, worker_pool
from briefing.runtime.ready_children import Kept
from briefing.runtime.sandbox import Task, TaskRun
from briefing.runtime.task_child import ParentLine

if TYPE_CHECKING:  # what takes long is loaded where it is used
    from briefing.pipeline.document_job import DocumentJob
    from briefing.proofing.proof import Proof


_KEPT = Kept(os.cpu_count() or 1)


def warm() -> None:
    """Start the server now, so that it imports the typesetter while the content is read."""
    fork_server.begin(load)


def load() -> None:
    """Import what every child needs: the typesetter, if this machine has it, and what reads back.

    Fonts are set up by each child: what Pango makes of them does not survive a fork.
    """
    with timings.span("press", "load the typesetter"), suppress(Missing):  # each child says it again, and is heard
        from briefing.layout.typesetter import covered_characters

        covered_characters(own_templates() / "fonts")
    with timings.span("press", "load what proves"):
        from briefing.finishing import finish  # noqa: F401
        from briefing.pipeline import document  # noqa: F401
        from briefing.preflight import preflight  # noqa: F401
        from briefing.proofing import readback  # noqa: F401
        from briefing.proofing.photocopy import judge  # noqa: F401


def begin(jobs: tuple[DocumentJob, ...], at_once: int | None = None) -> TaskRun[Proof]:
    """Begin to make all documents side by side, with blank pictures; the drawn ones are told later, for each job.

    Until then the caller is at work too, so a core is left to it. In a worker the children stay for the next documents.
    """
    tasks = [Task(_make, (job,), job.title, job.at) for job in jobs]
    at_once = at_once or max(2, os.cpu_count() or 1)
    kept = _KEPT if worker_pool.is_worker() else None
    return TaskRun(tasks, at_once, max(1, at_once - 1), share=at_once > 1, kept=kept)


def run(jobs: tuple[DocumentJob, ...], at_once: int | None = None) -> tuple[list[Proof], tuple[Finding, ...]]:
    """Make all documents side by side; a child that dies or takes too long is a finding.

    Raises `Missing` where the typesetter is not on this machine.
    """
    running = begin(jobs, at_once)
    running.tell([job.pictures for job in jobs])
    return running.ended()


def _make(job: DocumentJob, parent: ParentLine) -> Proof:
    from briefing.pipeline import document

    return document.make(job, parent.receive)
