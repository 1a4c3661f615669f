"""The order of work, as far as the plan: the content, distribution.yaml and the lists in, recipients and plan out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing import files, program
from briefing.content import validation, yaml_reader
from briefing.content.briefing import Briefing
from briefing.distribution.planning.page_counts import CountsOfPlan, PageCounts
from briefing.distribution.planning.plan import make_plan
from briefing.distribution.planning.plan_file import PLAN, format_plan, read_plan
from briefing.distribution.private_folder import FOLDER, make_private, write_private
from briefing.distribution.recipients.people import Sender
from briefing.distribution.recipients.reading import ListFile, RecipientList, find_lists, read_lists
from briefing.distribution.records import DistributionPlan
from briefing.distribution.settings_file import SETTINGS, SettingsFile, read_settings
from briefing.documents.dressing import BrandChoice, on_its_paper
from briefing.findings import Finding, Place, Refused, error


@dataclass(frozen=True)
class Inputs:
    """What a distribution is made from, read and checked."""

    folder: Path  # of the content file, with distribution.yaml and the lists
    shown: str  # how findings begin its files, with a slash where it is not the current one
    content: bytes
    content_name: str
    briefing: Briefing
    settings: SettingsFile
    people: RecipientList

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed, at its lines."""
        return tuple(map(self.settings.source.locate, self.people.findings))


def read_inputs(
    content: Path, name: str, lists: Sequence[ListFile] = (), show: bool = False, house: Path | None = None
) -> Inputs:
    """Read everything; raises `Refused` with every fault. `name` is how findings call the content file.

    `lists` take the place of those that distribution.yaml names; `house` is this machine's brand, for its paper.
    """
    folder, shown = content.resolve().parent, name[: len(name) - len(content.name)]
    faults: list[Finding] = []

    def tried(read: Callable[[], object]) -> object:
        try:
            return read()
        except Refused as refused:
            faults.extend(refused.findings)
            return None

    read = tried(lambda: _briefing(content, name, house))
    settings = tried(lambda: read_settings(folder / SETTINGS, f"{shown}{SETTINGS}"))
    front = read[1].briefing if isinstance(read, tuple) else None
    people = None
    if isinstance(settings, SettingsFile):
        language, paper = (front.language, front.paper.value) if front else ("en", "letter")
        sender = Sender(settings.settings, language, paper)
        named = tried(lambda: lists or find_lists(folder, shown, sender.settings))
        people = tried(lambda: read_lists(named, sender, show)) if isinstance(named, tuple) else None
        faults = [settings.source.locate(finding) for finding in faults]
    if faults or not isinstance(read, tuple):
        raise Refused(faults)
    assert isinstance(settings, SettingsFile)
    assert isinstance(people, RecipientList)
    return Inputs(folder, shown, read[0], content.name, read[1], settings, people)


def read_briefing(content: Path, name: str) -> Briefing:
    """The briefing of a content file, by its types alone; raises `Refused`."""
    return _briefing(content, name)[1]


def plan_of(inputs: Inputs, out: Path) -> tuple[DistributionPlan, tuple[Finding, ...]]:
    """The plan, with what is to be told of it; `out` is where builds of the content lie."""
    counts = PageCounts(inputs.briefing, inputs.content_name, inputs.content, out)
    planned = make_plan(inputs.people, inputs.settings.settings, inputs.briefing.mark, counts)
    return planned.plan, (*inputs.findings, *planned.findings)


def kept_plan(inputs: Inputs) -> DistributionPlan:
    """The plan that was kept; raises `Refused` where another one would be made now, but for how pages are counted."""
    shown = f"{inputs.shown}{FOLDER}/{PLAN}"
    kept = read_plan(inputs.folder / FOLDER / PLAN, shown)
    now = make_plan(inputs.people, inputs.settings.settings, inputs.briefing.mark, CountsOfPlan(kept)).plan
    if kept.sha256 == now.sha256:
        return kept
    what = "the list has" if kept.list_sha256 != now.list_sha256 else f"{SETTINGS} or the mark of the content has"
    hint = f"see what is planned now with {program.name()} distribute plan"
    raise Refused([error("plan-old", f"{what} changed since the plan", Place(shown), hint)])


def keep_plan(plan: DistributionPlan, inputs: Inputs) -> Path:
    """Write the plan into the private folder beside the content."""
    folder, shown = inputs.folder / FOLDER, f"{inputs.shown}{FOLDER}"
    make_private(folder, shown)
    write_private(folder / PLAN, format_plan(plan), f"{shown}/{PLAN}")
    return folder / PLAN


def _briefing(content: Path, name: str, house: Path | None = None) -> tuple[bytes, Briefing]:
    data = files.read_named(content, yaml_reader.MAX_BYTES, name, "name another with --content FILE")
    source = yaml_reader.parse(data, name)
    briefing = validation.build(source)
    with source.located():
        return data, on_its_paper(briefing, BrandChoice(content.resolve().parent, house=house))
