"""The two versions that are compared: content files, or the content of a git revision, each read and accounted for.

Names come in, two manuscripts go out, or every fault of both at once. Git is asked for a file and nothing else: with a
list of arguments, a time limit, no pager, and a revision that cannot be taken for an option.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from briefing.content import yaml_reader
from briefing.content.tree import ContentTree
from briefing.documents.manuscript import Manuscript, manuscript_of
from briefing.findings import Finding, Missing, Place, Refused, Severity, error, has_errors

GIT = "git"
SECONDS = 20
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "none"}  # for a git that does not know how not to fetch what a repository lacks
_REVISION = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_./@^~{}+-]{0,199}")


def versions(
    old: str, new: Path, templates: Path, shown: str, environment: Mapping[str, str]
) -> tuple[Manuscript, Manuscript]:
    """The old version, a file or a revision of the new one's file, and the new; `shown` is how the new is called.

    Raises `Refused` with the faults of both, and `Missing` where a revision is asked for and there is no git.
    """
    read: list[Manuscript] = []
    faults: list[Finding] = []
    for which in ("old", "new"):
        try:
            if which == "old":
                read.append(earlier(old, new, templates, environment))
            else:
                read.append(_accounted(yaml_reader.read(new, shown), templates))
        except Refused as refused:
            faults += refused.findings
    if faults:
        raise Refused(faults)
    return read[0], read[1]


def earlier(old: str, new: Path, templates: Path, environment: Mapping[str, str]) -> Manuscript:
    """The old version alone; raises as `versions` does."""
    return _accounted(_old(old, new.resolve(), environment), templates)


def _accounted(source: ContentTree, templates: Path) -> Manuscript:
    manuscript = manuscript_of(source, templates)
    if has_errors(manuscript.findings):
        raise Refused(one for one in manuscript.locate(manuscript.findings) if one.severity is Severity.ERROR)
    return manuscript


def _old(name: str, new: Path, environment: Mapping[str, str]) -> ContentTree:
    path = Path(name)
    if name and os.path.lexists(path):
        return yaml_reader.read(path, name)
    return yaml_reader.parse(_from_git(name, new, environment), f"{name}:{new.name}")


# ------------------------------------------------------------------ git


def _from_git(revision: str, new: Path, environment: Mapping[str, str]) -> bytes:
    """The bytes of a file at a revision."""
    place = Place(revision)
    known = "name a file that is there, or a revision of the repository, such as HEAD~1, v1.0 or a branch"
    if not _REVISION.fullmatch(revision):
        message = "this is neither a file nor the name of a revision"
        raise Refused([error("revision-malformed", message, place, known)])
    folder = new.parent
    if not folder.is_dir() or _git(folder, environment, "rev-parse", "--git-dir") is None:
        message = "this is no file, and the content is in no git repository that may be read"
        raise Refused([error("repository-missing", message, place, "name the old content file instead of a revision")])
    commit = _git(folder, environment, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None:
        raise Refused([error("revision-unknown", "this is neither a file nor a known revision", place, known)])
    blob = f"{commit.decode('ascii', 'replace').strip()}:./{new.name}"
    size = _git(folder, environment, "cat-file", "-s", blob)
    if size is None:
        message = f"the revision has no file {new.name} in this folder"
        hint = "name an earlier or later revision, or the file as --content; a file that was moved is named itself"
        raise Refused([error("revision-lacks-file", message, place, hint)])
    if int(size) > yaml_reader.MAX_BYTES:
        message = f"the file is larger than {yaml_reader.MAX_BYTES:,} bytes"
        raise Refused([error("file-too-large", message, place, "divide it into several briefings")])
    data = _git(folder, environment, "show", "--no-textconv", "--end-of-options", blob)
    if data is None:
        message = f"git does not give {new.name} out"
        raise Refused([error("revision-lacks-file", message, place, "name the old content file instead")])
    return data


def _git(folder: Path, environment: Mapping[str, str], *arguments: str) -> bytes | None:
    """What git says; nothing where it refuses. Its own words are not read: they differ with version and language."""
    own = {name: value for name, value in environment.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            [GIT, "--no-pager", *arguments],
            cwd=folder,
            env={**own, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", **_OFFLINE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        hint = "install git, or name the old content file instead of a revision"
        raise Missing(error("git-missing", "there is no git on this machine", hint=hint)) from None
    except subprocess.TimeoutExpired:
        message = f"git did not answer within {SECONDS} seconds"
        raise Refused([error("git-time", message, hint="name the old content file instead of a revision")]) from None
    except OSError as problem:
        hint = "name the old content file instead of a revision"
        raise Missing(error("git-missing", f"git cannot be started: {problem.strerror}", hint=hint)) from None
    return done.stdout if done.returncode == 0 else None
