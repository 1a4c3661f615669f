"""What every build stands on besides content and options: program, templates, Python, libraries, fonts, environment.

All of it comes in as it lies on this machine, and one digest goes out: where anything differs that could change a byte
of a document or a word of a finding, so does the digest. What is not known to be harmless counts. Only what starts in a
moment is imported: a run that finds nothing changed pays for this module.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys

from briefing import files
from briefing.program import ROOT, SCRIPT

TYPE_CHECKING = False  # `typing` costs as much as all else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Variables that say where and in which window a run was started. All others count.
HARMLESS = frozenset(
    (
        *("_", "SHLVL", "PWD", "OLDPWD", "WINDOWID", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_ID"),
        *("TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "COLORTERM", "COLUMNS", "LINES", "PS1"),
        *("SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_TTY", "GPG_AGENT_INFO"),
        *("TMUX", "TMUX_PANE", "STY", "HISTFILE", "HISTSIZE", "XDG_ACTIVATION_TOKEN", "PYTEST_CURRENT_TEST"),
        *("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKE_TERMOUT", "MAKE_TERMERR", "MFLAGS"),
        "PYTHON",  # with which `make` sets things up; nothing else asks for it
    )
)
SYSTEM_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
SYSTEM_CHOICE = "/etc/fonts"
BREWED = ("/opt/homebrew/lib", "/usr/local/lib")  # where macOS has the libraries of pages
LOADER = ("/etc/ld.so.cache", "/etc/ld.so.preload")
# What the typesetter opens by name, with all that hangs on it.
OPENED = (
    *("libgobject-2.0.so.0", "libpango-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0"),
    *("libharfbuzz-vector.so.0", "libfontconfig.so.1", "libpangoft2-1.0.so.0"),
)
_CODE = (".py", ".pyc", ".so", ".pth", ".egg-link", ".zip", ".dylib")
MAX_BYTES = 200_000_000  # of a file of the program or its templates
_JUST_NS = 2_000_000_000  # a file that was changed so shortly ago may change again within the same tick of its clock


class Fingerprint:
    """What a build stands on, at one moment."""

    __slots__ = ("_latest_ns", "_taken_ns", "digest", "moment", "paths", "program", "python", "templates")

    def __init__(
        self,
        digest: str,
        moment: str,
        trees: tuple[str, str],
        run: tuple[tuple[str, ...], tuple[str, ...]],
        latest_ns: int,
        taken_ns: int,
    ) -> None:
        self.digest = digest  # of all that could matter
        self.moment = moment  # of sizes, dates and numbers of the same files: it changes when one is but written again
        self.templates, self.program = trees  # a digest of each, as a manifest tells it
        # Python as it was started, and where it looks for modules: a child is started otherwise, for the same work.
        self.python, self.paths = run
        self._latest_ns, self._taken_ns = latest_ns, taken_ns

    @property
    def settled(self) -> bool:
        """Whether all files had been left alone for a while: then none can change without a new moment."""
        return self._latest_ns + _JUST_NS < self._taken_ns


def take_fingerprint(templates: str, environment: Mapping[str, str], known: Fingerprint | None = None) -> Fingerprint:
    """What a build now stands on; what is `known` is given back where nothing has been touched since.

    Raises `OSError` where something cannot be read.
    """
    import time

    taken = time.time_ns()
    walked = _Walked()
    looks, code = list(walked.tree(templates)), list(walked.tree(os.path.join(ROOT, "briefing")))
    code += walked.file(os.path.join(ROOT, SCRIPT), f"../{SCRIPT}")
    python = known.python if known else tuple(_python())
    paths = known.paths if known else tuple(sys.path)
    around = [*python, *_around(walked, environment, paths), *_said(environment)]
    moment = _digest([*walked.seen, *around])
    if known and known.moment == moment and known.settled:
        return known
    trees = [_tree(file for file in files if not _aside(file[0])) for files in (looks, code)]
    aside = _tree(file for file in (*looks, *code) if _aside(file[0]))
    whole = _digest([*trees, aside, *around])
    return Fingerprint(whole, moment, (trees[0], trees[1]), (python, paths), walked.latest_ns, taken)


def _aside(name: str) -> bool:
    """Whether a file is called as editors call what they keep beside the files that are open in them."""
    return name.endswith("~") or any(part.startswith(".") and part != ".." for part in name.split(os.sep))


class _Walked:
    """Files on the way, with what tells each apart from what it was before."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.latest_ns = 0

    def tree(self, top: str) -> Iterator[tuple[str, str]]:
        """Every file of a folder by its name below it, and its path; links are followed."""
        todo, been, before = [top], set(), len(os.path.join(top, ""))
        while todo:
            here = todo.pop()
            real = os.path.realpath(here)
            if real in been:
                continue
            been.add(real)
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_dir():
                        todo += [entry.path] if entry.name != "__pycache__" else []
                    else:
                        yield from self.file(entry.path, entry.path[before:])

    def file(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        """Look at a file; what is none, or is gone by now, has nothing to be read."""
        try:
            told = os.stat(path)
        except FileNotFoundError:
            return
        self.latest_ns = max(self.latest_ns, told.st_ctime_ns)
        self.seen.append(f"{path} {told.st_dev} {told.st_ino} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns}")
        yield name, path if stat.S_ISREG(told.st_mode) else ""


def _tree(files: Iterable[tuple[str, str]]) -> str:
    """One digest for all files of a folder: another byte, or another name, is another digest."""
    return _digest([f"{name} {hash_file(path) if path else '-'}" for name, path in sorted(files)])


def hash_file(path: str) -> str:
    """The SHA-256 of a file's bytes."""
    return hash_bytes(files.read(path, MAX_BYTES))


def digest_of(path: str, most: int) -> str:
    """The SHA-256 of a file of at most so many bytes; empty where it cannot be read."""
    try:
        return hash_bytes(files.read(path, most))
    except (files.Unreadable, OSError):
        return ""


def hash_bytes(data: bytes) -> str:
    """The SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def hash_text(text: str) -> str:
    """The SHA-256 of a text."""
    return _digest([text])


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


# ------------------------------------------------------------------ Python, libraries, fonts


def _python() -> Iterator[str]:
    real = os.path.realpath(sys.executable)
    asked = f"{sys.flags} {sys.warnoptions} {sorted(sys._xoptions.items())}"
    yield f"python {sys.version!r} {sys.executable} {_stat(real)} {asked}"
    yield f"system {' '.join(os.uname())}"


def _around(walked: _Walked, environment: Mapping[str, str], paths: Iterable[str]) -> Iterator[str]:
    """The libraries that would be found, and what else of the system has a say."""
    for folder in paths:
        yield f"path {folder} {' '.join(_modules(folder or os.curdir))}"
    for file in LOADER:
        if os.path.exists(file):
            yield from (f"loader {hash_file(path)}" for _, path in walked.file(file, file))
    for folder in environment.get("LD_LIBRARY_PATH", "").split(os.pathsep):
        yield f"libraries {folder} {' '.join(_all(folder))}" if folder else "libraries"
    if sys.platform == "darwin":
        for folder in BREWED:
            yield f"brewed {' '.join(_all(folder))}"
    yield from _fonts(environment)


def _fonts(environment: Mapping[str, str]) -> Iterator[str]:
    """The machine's own fonts, of which a page may take a rare space, and how it chooses among them."""
    home = environment.get("HOME", "")
    data = environment.get("XDG_DATA_HOME") or os.path.join(home, ".local/share")
    config = environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    own = (os.path.join(home, ".fonts"), os.path.join(home, "Library/Fonts"), os.path.join(data, "fonts"))
    for folder in (*SYSTEM_FONTS, *own):
        for here, below, _ in os.walk(folder):
            below.sort()
            yield f"fonts {here} {_stat(here)}"
    yield f"choice {_stat(os.path.join(home, '.fonts.conf'))}"
    for folder in (SYSTEM_CHOICE, os.path.join(config, "fontconfig")):
        for here, below, names in os.walk(folder):
            below.sort()
            yield from (f"choice {here}/{name} {_stat(os.path.join(here, name))}" for name in sorted(names))


def _modules(folder: str) -> Iterator[str]:
    """What Python could import from a folder: modules, packages, and which version of each library is installed."""
    if os.path.isfile(folder):
        yield _stat(folder)
        return
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.name.endswith((".dist-info", ".egg-info")):
            parts = (os.path.join(entry.path, name) for name in ("RECORD", "METADATA", "PKG-INFO"))
            yield f"{entry.name} {' '.join(map(_stat, parts))}"
        elif entry.name.endswith(_CODE):
            yield f"{entry.name} {_stat(entry.path)}"
        elif entry.name.isidentifier() and os.path.exists(os.path.join(entry.path, "__init__.py")):
            yield entry.name


def _all(folder: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        yield f"{name} {os.path.realpath(path)} {_stat(path)}"


def _said(environment: Mapping[str, str]) -> Iterator[str]:
    """Every variable of the environment but those that are known to be harmless."""
    return (f"{name}={value}" for name, value in sorted(environment.items()) if name not in HARMLESS)


def _stat(path: str) -> str:
    """What tells a file apart from another that took its place; nothing where there is none."""
    try:
        told = os.stat(path)
    except OSError:
        return "-"
    return f"{told.st_ino} {told.st_size} {told.st_mtime_ns}"


# ------------------------------------------------------------------ libraries of the system


def loaded_libraries() -> dict[str, str]:
    """The files of all libraries that the typesetter opens, with what hangs on them; Linux tells, others do not."""
    import ctypes
    import zlib  # noqa: F401  # pages are packed with it

    for name in OPENED:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            lines = maps.read().splitlines()
    except OSError:
        return {}
    paths = {line.split(maxsplit=5)[5] for line in lines if line.count(" /") or line.count("\t/")}
    return {path: _stat(path) for path in sorted(paths) if ".so" in os.path.basename(path)}


def are_unchanged(libraries: Mapping[str, str]) -> bool:
    """Whether each library is still the file that it was."""
    return all(_stat(path) == told != "-" for path, told in libraries.items())
