"""What is kept from one run to the next is never believed wrongly: with it and without it, a run gives the same."""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from briefing import program
from briefing.content import yaml_reader
from briefing.design.outputs import OutputName
from briefing.documents.setting import Setting
from briefing.findings import error, note
from briefing.pipeline import build, proof_cache, typesetters
from briefing.pipeline.document_job import DocumentJob
from briefing.proofing.proof import Proof
from briefing.runtime import cache_store, fingerprint, run_record, timings
from briefing.runtime import digest as digests
from tests.support.builds import (
    CHARTS,
    GOOD,
    ROOT,
    TEMPLATES,
    TODAY,
    briefing_of,
    clone,
    command,
    forked_from_here,
    orders,
    proofs,
)
from tests.support.examples import examples, times
from tests.support.footing import look_anew

AS_BEFORE: dict[str, Any] = {"derandomize": True, "database": None, "phases": [Phase.generate]}


# ------------------------------------------------------------------ the user's own folder


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A folder in which things may be kept."""
    found = cache_store.folder({"XDG_CACHE_HOME": str(tmp_path / "own")})
    assert found
    assert cache_store.make_folder(found)
    return found


def test_what_is_kept_is_given_back_under_its_own_name_only(own: str) -> None:
    cache_store.write(own, "one", b"first")
    cache_store.write(own, "two", b"second")
    assert (cache_store.read(own, "one"), cache_store.read(own, "two"), cache_store.read(own, "three")) == (
        b"first",
        b"second",
        None,
    )
    cache_store.write(own, "one", b"again")
    assert cache_store.read(own, "one") == b"again"
    os.replace(f"{own}/two", f"{own}/one")
    assert cache_store.read(own, "one") is None


@given(data=st.binary(max_size=200), cut=st.integers(0, 400), flip=st.integers(0, 7))
@examples(100, **AS_BEFORE)
def test_an_entry_with_another_bit_or_an_end_cut_off_is_none(
    data: bytes, cut: int, flip: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = str(tmp_path_factory.getbasetemp() / "bits")
    assert cache_store.make_folder(own)
    cache_store.write(own, "entry", data)
    whole = Path(own, "entry").read_bytes()
    at = cut % len(whole)
    Path(own, "entry").write_bytes(whole[:at])
    assert cache_store.read(own, "entry") is None
    Path(own, "entry").write_bytes(whole[:at] + bytes([whole[at] ^ 1 << flip]) + whole[at + 1 :])
    assert cache_store.read(own, "entry") is None
    Path(own, "entry").write_bytes(whole)
    assert cache_store.read(own, "entry") == data


def _linked(own: str) -> None:
    os.replace(f"{own}/entry", f"{own}/../elsewhere")
    os.symlink("../elsewhere", f"{own}/entry")


def _pipe(own: str) -> None:
    os.unlink(f"{own}/entry")
    os.mkfifo(f"{own}/entry")


def _folder(own: str) -> None:
    os.unlink(f"{own}/entry")
    os.mkdir(f"{own}/entry")


def _moved(own: str) -> None:
    os.replace(own, f"{own}-moved")
    os.symlink(f"{own}-moved", own)


SPOILT: Mapping[str, Callable[[str], None]] = {
    "a link": _linked,
    "a pipe": _pipe,
    "a folder": _folder,
    "a file that may not be read": lambda own: os.chmod(f"{own}/entry", 0) if os.geteuid() else _folder(own),
    "in a folder that others may write": lambda own: os.chmod(own, 0o777),
    "in a folder that a group may write": lambda own: os.chmod(own, 0o770),
    "in a folder that is a link": _moved,
    "in no folder": lambda own: shutil.rmtree(own),
}


@pytest.mark.parametrize("how", SPOILT)
def test_an_entry_that_is_not_the_user_s_own_file_is_none(how: str, own: str) -> None:
    cache_store.write(own, "entry", b"data")
    SPOILT[how](own)
    assert cache_store.read(own, "entry") is None
    cache_store.write(own, "entry", b"new")  # may fail, and says nothing of it


def test_a_folder_of_another_user_is_not_used(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cache_store.write(own, "entry", b"data")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert (cache_store.read(own, "entry"), cache_store.make_folder(own)) == (None, False)


def test_nothing_is_kept_where_the_surroundings_name_no_folder_or_forbid_it() -> None:
    assert cache_store.folder({}) is None
    assert cache_store.folder({"HOME": "relative"}) is None
    assert cache_store.folder({"HOME": "/u", "XDG_CACHE_HOME": "relative"}) == "/u/.cache/briefing"
    assert cache_store.folder({"HOME": "/u", cache_store.NO_CACHE: "1"}) is None
    assert cache_store.make_folder("/dev/null/briefing") is False


def test_nobody_else_may_read_what_is_kept(own: str) -> None:
    cache_store.write(own, "entry", b"data")
    assert stat.S_IMODE(os.stat(own).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(f"{own}/entry").st_mode) == 0o600


def test_what_was_not_used_for_the_longest_time_goes_first(own: str) -> None:
    for number in range(6):
        cache_store.write(own, f"e{number}", bytes(1000))
        os.utime(f"{own}/e{number}", (number + 1, number + 1))
    Path(own, ".part-dead").write_bytes(b"half")
    os.utime(f"{own}/.part-dead", (1, 1))
    Path(own, ".part-alive").write_bytes(b"half")
    assert cache_store.read(own, "e0")  # and thereby used
    cache_store.tidy(own, 100_000)
    assert not os.path.exists(f"{own}/.part-dead")
    cache_store.tidy(own, 5000)
    assert sorted(os.listdir(own)) == [".part-alive", "e0", "e4", "e5"]


def _write_often(own: str, letter: str) -> None:
    for _ in range(200):
        cache_store.write(own, "entry", letter.encode() * 5000)


def test_runs_side_by_side_never_read_each_other_s_halves(own: str) -> None:
    ctx = multiprocessing.get_context("fork")
    writers = [ctx.Process(target=_write_often, args=(own, letter)) for letter in "ab"]
    for writer in writers:
        writer.start()
    found = set()
    while any(writer.is_alive() for writer in writers):
        found.add(cache_store.read(own, "entry"))
    for writer in writers:
        writer.join()
    assert found <= {None, b"a" * 5000, b"b" * 5000}
    assert cache_store.read(own, "entry")
    assert os.listdir(own) == ["entry"]


# ------------------------------------------------------------------ what a build stands on


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the program, which may be changed."""
    return clone(tmp_path_factory.mktemp("house") / "clone")


@pytest.fixture
def stands(house: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., fingerprint.Fingerprint]:
    """What a build of the clone stands on, all of it looked at each time."""
    look_anew(monkeypatch)
    monkeypatch.setattr(fingerprint, "ROOT", str(house))

    def taken(known: fingerprint.Fingerprint | None = None, **environment: str) -> fingerprint.Fingerprint:
        return fingerprint.take_fingerprint(str(house / "templates"), environment, known)

    return taken


@pytest.mark.slow
def test_another_byte_of_a_file_of_program_or_templates_is_another_footing(
    house: Path, stands: Callable[..., fingerprint.Fingerprint]
) -> None:
    before = stands()
    every = [house / "generate.py", *(house / "briefing").rglob("*.py"), *(house / "templates").rglob("*")]
    deep = times(1, 9)  # one of each kind in each of the two folders, and at night in every folder of these
    kinds = {(*file.relative_to(house).parts[:-1][:deep], file.suffix): file for file in every if file.is_file()}
    files = sorted(kinds.values())
    found = {before.digest}
    for file in files:
        data = file.read_bytes()
        file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if data else b"x")
        now = stands()
        assert (now.program == before.program) is (house / "templates" in file.parents)
        assert (now.templates == before.templates) is (house / "templates" not in file.parents)
        found.add(now.digest)
        file.write_bytes(data)
    assert len(found) == 1 + len(files) > times(8, 30)
    assert stands().digest == before.digest


def test_a_file_more_or_less_or_under_another_name_is_another_footing(
    house: Path, stands: Callable[..., fingerprint.Fingerprint]
) -> None:
    found = [stands().digest]
    new, other = house / "templates" / "styles" / "new.css", house / "templates" / "new.css"
    new.parent.mkdir(exist_ok=True)
    new.write_text("")
    found.append(stands().digest)
    new.rename(other)
    found.append(stands().digest)
    other.rename(house / "briefing" / "new.css")
    found.append(stands().digest)
    (house / "briefing" / "new.css").rename(house / "templates" / ".hidden")  # nothing that is there goes unseen
    found.append(stands().digest)
    (house / "templates" / ".hidden").unlink()
    assert len(set(found)) == 5
    assert stands().digest == found[0]


def test_a_file_behind_a_link_to_a_folder_counts(house: Path, stands: Callable[..., fingerprint.Fingerprint]) -> None:
    (house / "aside").mkdir()
    (house / "aside" / "loop").symlink_to("../templates")
    (house / "templates" / "more").symlink_to("../aside")
    before = stands().digest
    (house / "aside" / "new.css").write_text("")
    assert stands().digest != before
    (house / "templates" / "more").unlink()
    shutil.rmtree(house / "aside")


def test_an_unchanged_file_that_was_written_again_is_another_moment_of_the_same_footing(
    house: Path, stands: Callable[..., fingerprint.Fingerprint]
) -> None:
    before = stands()
    os.utime(house / "generate.py", ns=(5, 5))
    after = stands(before)
    assert after.digest == before.digest
    assert after.moment != before.moment


def test_what_is_known_is_read_again_where_it_was_just_changed(
    house: Path, stands: Callable[..., fingerprint.Fingerprint]
) -> None:
    os.utime(house / "generate.py")
    now = stands()
    assert stands(now) is not now
    now._taken_ns += 10**10
    assert stands(now) is now


@pytest.mark.parametrize("name", ["LD_LIBRARY_PATH", "LANG", "HOME", "FONTCONFIG_FILE", "PYTHONPATH", "NOBODY_KNOWS"])
def test_a_variable_that_is_not_known_to_be_harmless_counts(
    name: str, stands: Callable[..., fingerprint.Fingerprint]
) -> None:
    assert len({stands().digest, stands(**{name: "/a"}).digest, stands(**{name: "/b"}).digest}) == 3


def test_a_harmless_variable_does_not_count(stands: Callable[..., fingerprint.Fingerprint]) -> None:
    assert stands(TERM="dumb", COLUMNS="40", _="x").digest == stands(COLUMNS="200").digest


@pytest.mark.parametrize(
    "name",
    ["weasyprint.py", "weasyprint.so", "Fake-1.0.dist-info/RECORD", "fake/__init__.py", "fake.egg-info/PKG-INFO"],
)
def test_what_python_could_import_counts(
    name: str, tmp_path: Path, stands: Callable[..., fingerprint.Fingerprint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    before = stands().digest
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("1")
    between = stands().digest
    (tmp_path / name).write_text("22")
    assert len({before, between, stands().digest}) == (2 if name.endswith("__init__.py") else 3)


def test_libraries_of_the_system_and_fonts_count(
    tmp_path: Path, stands: Callable[..., fingerprint.Fingerprint], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fontconfig").mkdir()
    found = {stands(XDG_CONFIG_HOME=str(tmp_path)).digest}
    (tmp_path / "fontconfig" / "fonts.conf").write_text("<fontconfig/>")
    found.add(stands(XDG_CONFIG_HOME=str(tmp_path)).digest)
    assert len(found) == 2
    found = {stands(LD_LIBRARY_PATH=str(tmp_path)).digest}
    (tmp_path / "libpango-1.0.so.0").write_text("")
    found.add(stands(LD_LIBRARY_PATH=str(tmp_path)).digest)
    assert len(found) == 2
    monkeypatch.setattr(fingerprint, "LOADER", (str(tmp_path / "ld.so.cache"),))
    found = {stands().digest}
    (tmp_path / "ld.so.cache").write_text("a")
    found.add(stands().digest)
    (tmp_path / "ld.so.cache").write_text("b")
    found.add(stands().digest)
    assert len(found) == 3
    monkeypatch.setattr(fingerprint, "SYSTEM_FONTS", (str(tmp_path),))
    found = {stands().digest}
    (tmp_path / "new.ttf").write_text("")
    found.add(stands().digest)
    assert len(found) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which libraries are loaded")
def test_the_libraries_that_set_pages_are_known_and_one_that_was_replaced_is_seen(tmp_path: Path) -> None:
    found = fingerprint.loaded_libraries()
    names = " ".join(found)
    for part in ("libpango-1.0", "libpangoft2", "libharfbuzz.", "libharfbuzz-subset", "libfontconfig", "libfreetype"):
        assert part in names
    assert fingerprint.are_unchanged(found)
    library = tmp_path / "lib.so"
    library.write_text("one")
    told = {str(library): fingerprint._stat(str(library))}
    assert fingerprint.are_unchanged(told)
    library.write_text("other")
    assert not fingerprint.are_unchanged(told)
    library.unlink()
    assert not fingerprint.are_unchanged(told)
    assert not fingerprint.are_unchanged({str(library): fingerprint._stat(str(library))})


# ------------------------------------------------------------------ proofs of a press that only says what it was given


def proof_of(order: DocumentJob) -> Proof:
    """What stands for typesetting: a proof that differs wherever its order does."""
    digest = digests.digest(order)
    first = note("block-dropped", "first", order.at_block(0))
    return Proof(
        document=order.document,
        use=order.use.name,
        title=order.title,
        headline=digest,
        pdf=digest.encode(),
        pages=1,
        budget=1,
        fill=1.0,
        words=1,
        dropped=(),
        renders=1,
        setting=Setting(),
        findings=(note("page-thin", "whole", order.at), first),
        lacking=(),
        amiss=(),
        stood=(),
        lines=(),
        faint=(),
        html=digest,
        seconds=0.0,
    )


@dataclass
class Press:
    """Counts what it is asked for."""

    asked: list[str]
    begun: tuple[DocumentJob, ...] = ()

    def begin(self, wanted: tuple[DocumentJob, ...], at_once: int | None = None) -> Press:
        self.asked += [order.document for order in wanted]
        self.begun = wanted
        return self

    def tell(self, later: list[object]) -> None:
        assert len(later) == len(self.begun)

    def ended(self) -> tuple[list[Proof], tuple[()]]:
        return [proof_of(order) for order in self.begun], ()

    def stop(self) -> None:
        pass


@pytest.fixture
def kept(own: str) -> proof_cache.ProofCache:
    """An empty shelf."""
    return proof_cache.ProofCache(own, fingerprint.take_fingerprint(str(TEMPLATES), {}), TEMPLATES, {})


def filled(text: str, shelf_: proof_cache.ProofCache | None) -> tuple[list[Proof], list[str]]:
    counted = Press([])
    row = proof_cache.look_up(starter_orders(text), shelf_)
    proofs = row.store(counted.begin(row.wanted).ended()[0])
    return [replace(proof, seconds=0.0) for proof in proofs], counted.asked


def starter_orders(text: str) -> tuple[DocumentJob, ...]:
    """Orders of a content without pictures."""
    return orders(briefing_of(text), ROOT, "letter", ROOT)


BOTH = ("brief", "fact_sheet")
EDITS = (
    *(
        ("counted", "rode"),
        ("rides.", "rides!"),
        ("plain", "pale"),
        ("300", "301"),
        ("Office", "Desk"),
        ("A t", "The t"),
    ),
    *(
        ("2024-05", "2024-04"),
        ("pages: 1", "pages: 2"),
        ("Free", "Fee"),
        ("text: We", "optional: true\n        text: We"),
    ),
)


@pytest.mark.slow
@given(edits=st.sets(st.sampled_from(EDITS), max_size=4), remarks=st.integers(0, 3))
@examples(20, **AS_BEFORE)
def test_with_a_shelf_and_without_proofs_and_their_places_are_the_same(
    edits: set[tuple[str, str]], remarks: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = str(tmp_path_factory.getbasetemp() / "shelf")  # which stays from example to example
    assert cache_store.make_folder(own)
    kept = proof_cache.ProofCache(own, fingerprint.take_fingerprint(str(TEMPLATES), {}), TEMPLATES, {})
    text = GOOD
    for old, new in sorted(edits):
        text = text.replace(old, new, 1)
    text = "# remark\n" * remarks + text
    assert filled(text, kept)[0] == filled(text, None)[0]
    once_more, asked = filled(text, kept)
    assert (once_more, asked) == (filled(text, None)[0], [])


def test_a_document_that_has_not_changed_is_not_typeset_again_wherever_it_stands_now(
    kept: proof_cache.ProofCache,
) -> None:
    text = GOOD.replace("A plain", "A certain")
    assert filled(text, kept)[1] == list(BOTH)
    assert filled("# one line more\n" + text, kept)[1] == []
    assert filled(text.replace("We counted", "We have counted"), kept)[1] == ["brief"]
    assert filled(text.replace("certain", "rare"), kept)[1] == ["fact_sheet"]
    assert filled(text.replace("value: 300", "value: 301"), kept)[1] == ["brief"]
    assert filled(text.replace("publisher: Desk", "publisher: Table"), kept)[1] == list(BOTH)


def test_a_proof_is_made_again_where_what_it_stands_on_has_changed(kept: proof_cache.ProofCache) -> None:
    text = GOOD.replace("A plain", "A firm")
    filled(text, kept)
    other = fingerprint.Fingerprint("other", kept.stands.moment, ("", ""), ((), ()), 0, 10**18)
    assert filled(text, replace(kept, stands=other))[1] == list(BOTH)
    assert filled(text, kept)[1] == []


def test_a_proof_is_not_kept_where_what_it_stands_on_was_touched_meanwhile(kept: proof_cache.ProofCache) -> None:
    touched = fingerprint.Fingerprint(kept.stands.digest, "another moment", ("", ""), ((), ()), 0, 10**18)
    assert filled(GOOD, replace(kept, stands=touched))[1] == list(BOTH)
    assert filled(GOOD, kept)[1] == list(BOTH)
    assert filled(GOOD, kept)[1] == []


def test_a_proof_is_made_again_where_a_library_of_the_system_was_replaced(
    kept: proof_cache.ProofCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = GOOD.replace("A plain", "A hollow")
    library = tmp_path / "libpango.so"
    library.write_text("one")
    with monkeypatch.context() as patched:
        patched.setattr(fingerprint, "loaded_libraries", lambda: {str(library): fingerprint._stat(str(library))})
        filled(text, kept)
    assert filled(text, kept)[1] == []
    library.write_text("another")
    assert filled(text, kept)[1] == list(BOTH)


@pytest.mark.parametrize("poison", [b"", b"null", b"{}", b"cos\nsystem\n.", b'{"libraries": {}, "proof": {"pdf": 7}}'])
def test_an_entry_that_is_no_proof_counts_as_not_kept_and_the_timings_say_why(
    poison: bytes, kept: proof_cache.ProofCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    remarks: list[str] = []
    monkeypatch.setattr(timings, "_REMARKS", remarks)
    order = starter_orders(GOOD)[0]
    cache_store.write(kept.home, proof_cache._name(order, kept), poison)
    assert "brief" in filled(GOOD, kept)[1]
    assert "made anew: what is kept cannot be read" in remarks[0]
    assert filled(GOOD, kept)[1] == []
    assert remarks[-1] == "fact_sheet: the proof of an earlier run is used"


@pytest.mark.slow
def test_a_proof_with_all_that_a_document_gives_is_kept_as_it_was(drawings: Path) -> None:
    """Through the text that an entry is; every field of every record in it comes back as it was."""
    made = proofs(CHARTS, "letter", drawings)  # those of the samples have been through it
    assert len(made) == 2
    for proof in made.values():
        assert proof.stood
        assert proof.lines
        entry = proof_cache._kind()(libraries={}, proof=proof)
        assert proof_cache._kind().model_validate_json(entry.model_dump_json()).proof == proof


def test_a_proof_with_an_error_is_not_kept(kept: proof_cache.ProofCache) -> None:
    read = starter_orders(GOOD)
    for _ in range(2):
        row = proof_cache.look_up(read, kept)
        assert len(row.wanted) == 2
        faulty = [replace(proof_of(order), findings=(error("page-full", "x", order.at),)) for order in row.wanted]
        assert row.store(faulty) == faulty


def test_what_a_kept_proof_tells_is_told_at_the_line_where_it_stands_now(kept: proof_cache.ProofCache) -> None:
    filled(GOOD, kept)
    for text in (GOOD, "# one line more\n" + GOOD):
        proofs, asked = filled(text, kept)
        source = yaml_reader.parse(text.encode(), "content.yaml")
        lines = {proof.document: [source.locate(one).place.line for one in proof.findings] for proof in proofs}
        first = {name: source.lines.index(f"{name}:") + 1 for name in BOTH}
        assert (asked, lines) == ([], {name: [line, line + 3] for name, line in first.items()})


def test_a_child_that_dies_is_told_at_its_own_document(monkeypatch: pytest.MonkeyPatch) -> None:
    found = starter_orders(GOOD)
    monkeypatch.setattr("briefing.pipeline.document.make", lambda *_: os._exit(3))
    forked_from_here(monkeypatch)
    _, faults = typesetters.run(found)
    assert [(fault.code, fault.at) for fault in faults] == [("typesetting-died", order.at) for order in found]


# ------------------------------------------------------------------ records of runs, of the same press

PICTURED = GOOD.replace(
    "    - prose:\n",
    "    - image: {file: dot.png, alt: A dot, credit: Desk, licence: CC0, place: side, height_mm: 10}\n    - prose:\n",
).replace("cite:", "status: draft, cite:")
TODAY_IS = ["--today", TODAY.isoformat()]


@dataclass
class Desk:
    """A folder with content, in which runs are made in this process."""

    folder: Path
    environment: dict[str, str]

    @property
    def content(self) -> Path:
        return self.folder / "content.yaml"

    @property
    def out(self) -> Path:
        return self.folder / "build"

    def call(self, *arguments: str, folder: Path | None = None) -> run_record.RunKey:
        found = run_record.run_key(list(arguments), str(folder or self.folder), self.environment)
        assert found
        return found

    def job(self, call: run_record.RunKey, **more: object) -> build.Job:
        stands = proof_cache.ProofCache(call.home, call.stands, TEMPLATES, self.environment)
        told = {"name": "content.yaml", "out": self.out, "templates": TEMPLATES, "today": TODAY, "shelf": stands}
        return build.Job(**{"content": self.content, "environment": self.environment, **told, **more})  # type: ignore[arg-type]

    def run(self, *arguments: str, **more: object) -> build.Outcome:
        """Build, and keep a record as the command line does."""
        call = self.call(*arguments)
        outcome = build.run(self.job(call, **more))
        if outcome.files and not outcome.refused:
            run_record.keep(call, outcome.files, run_record.RunOutput("out\n", "err\n"))
        return outcome

    def recalled(self, *arguments: str, folder: Path | None = None) -> bool:
        """Whether the run would end at once."""
        said = run_record.recall(self.call(*arguments, folder=folder))
        assert said is None or (said.out, said.err) == ("out\n", "err\n")
        return said is not None


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Content with a picture, built once by the press that only says what it was given."""
    monkeypatch.setattr(typesetters, "begin", Press([]).begin)
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "content.yaml").write_text(PICTURED)
    shutil.copy(ROOT / "tests" / "other" / "wells.png", folder / "dot.png")
    found = Desk(folder, {"HOME": str(tmp_path / "home")})
    outcome = found.run()
    assert not outcome.refused, outcome.findings
    assert found.recalled()
    return found


def flip(file: Path, at: int = -1) -> None:
    """Change one bit of a file, and nothing that a folder tells of it."""
    told, data = file.stat(), bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))


def to_link(file: Path) -> None:
    """Put a link to the same bytes in a file's place."""
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def folder_to_link(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def only_entry(desk: Desk) -> Path:
    (found,) = Path(desk.environment["HOME"], ".cache", "briefing").glob("*.run")
    return found


CHANGES: Mapping[str, Callable[[Desk], object]] = {
    "a byte at the end of the content": lambda desk: flip(desk.content),
    "a byte at the start of the content": lambda desk: flip(desk.content, 0),
    "no content": lambda desk: desk.content.unlink(),
    "content behind a link": lambda desk: to_link(desk.content),
    "a byte of the picture": lambda desk: flip(desk.folder / "dot.png", 20),
    "no picture": lambda desk: (desk.folder / "dot.png").unlink(),
    "a picture behind a link": lambda desk: to_link(desk.folder / "dot.png"),
    "a byte of the brief": lambda desk: flip(desk.out / "policy-brief.pdf"),
    "a byte of the fact sheet": lambda desk: flip(desk.out / "fact-sheet.pdf", 0),
    "a byte of the manifest": lambda desk: flip(desk.out / "manifest.json"),
    "no fact sheet": lambda desk: (desk.out / "fact-sheet.pdf").unlink(),
    "no manifest": lambda desk: (desk.out / "manifest.json").unlink(),
    "a brief behind a link": lambda desk: to_link(desk.out / "policy-brief.pdf"),
    "no folder": lambda desk: shutil.rmtree(desk.out),
    "a folder behind a link": lambda desk: folder_to_link(desk.out),
    "a document of somebody else's": lambda desk: (desk.out / "old.pdf").write_bytes(b""),
    "an archive of somebody else's": lambda desk: (desk.out / "old.zip").write_bytes(b""),
    "the journal of a run that died": lambda desk: (desk.out / ".publish-journal").write_bytes(b"[]"),
    "a variable": lambda desk: desk.environment.update(LANG="fr_FR.UTF-8"),
    "a library": lambda desk: desk.environment.update(LD_LIBRARY_PATH=str(desk.folder)),
    "a record cut off": lambda desk: only_entry(desk).write_bytes(only_entry(desk).read_bytes()[:-1]),
    "a record with another bit": lambda desk: flip(only_entry(desk), 100),
    "no record": lambda desk: only_entry(desk).unlink(),
    "nothing kept": lambda desk: shutil.rmtree(only_entry(desk).parent),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_run_is_made_in_full_after_a_change_of(change: str, desk: Desk) -> None:
    CHANGES[change](desk)
    assert not desk.recalled()


def test_another_command_line_folder_or_day_is_another_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not desk.recalled("--strict")
    assert not desk.recalled(folder=desk.folder.parent)
    monkeypatch.setattr(run_record, "today", lambda: "2000-01-01")
    assert not desk.recalled()


def test_another_program_or_library_is_another_run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(program, "TEMPLATES", str(shutil.copytree(TEMPLATES, tmp_path / "looks")))
        assert desk.recalled()
        flip(tmp_path / "looks" / "tokens.toml")
        assert not desk.recalled()
    assert desk.recalled()
    (tmp_path / "site" / "weasyprint-99.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    assert not desk.recalled()


def test_a_library_of_the_system_that_was_replaced_ends_the_record(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "libharfbuzz.so"
    library.write_text("one")
    monkeypatch.setattr(fingerprint, "loaded_libraries", lambda: {str(library): fingerprint._stat(str(library))})
    desk.run("again")
    assert desk.recalled("again")
    library.write_text("another")
    assert not desk.recalled("again")


def test_a_record_under_another_run_s_name_is_none(desk: Desk) -> None:
    other = desk.call("--strict")
    only_entry(desk).rename(Path(other.home, other.name))
    assert run_record.recall(other) is None


def test_what_needs_no_change_is_not_mistaken_for_one(desk: Desk) -> None:
    os.utime(desk.content)
    desk.environment.update({"TERM": "dumb", "PYTHON": "python3"})
    (desk.folder / "notes.txt").write_text("nothing of the briefing")
    (desk.out / "notes.txt").write_text("nothing of the briefing")
    assert desk.recalled()
    data = desk.content.read_bytes()
    desk.content.unlink()
    desk.content.write_bytes(data)
    assert desk.recalled()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["reading", "typesetting", "publishing"])
@pytest.mark.parametrize("name", ["content.yaml", "dot.png"])
def test_what_is_edited_while_documents_are_made_is_refused(name: str, step: str, desk: Desk) -> None:
    if (name, step) == ("content.yaml", "reading"):
        return  # before anything was read
    before = {file.name: file.read_bytes() for file in desk.out.iterdir()}
    file, good = desk.folder / name, (desk.folder / name).read_bytes()

    def edit(now: str) -> None:
        if now == step:
            file.write_bytes(good.replace(b"plain", b"clear") if name == "content.yaml" else good + b"\0")

    outcome = build.run(desk.job(desk.call()), edit)
    if step == "reading":
        assert not outcome.refused
        return
    if step == "publishing":  # what is published is of one version, and the next run is of another
        assert not outcome.refused
        assert outcome.files is None
        return
    assert [(f.code, f.place.file) for f in outcome.findings if f.severity == "error"] == [
        ("inputs-changed", "content.yaml" if name == "content.yaml" else "")
    ]
    assert outcome.refused
    assert outcome.files is None
    assert {file.name: file.read_bytes() for file in desk.out.iterdir()} == before
    file.write_bytes(good)
    assert desk.recalled()


def test_templates_that_are_edited_while_documents_are_made_are_refused(desk: Desk, tmp_path: Path) -> None:
    looks = shutil.copytree(TEMPLATES, tmp_path / "looks")
    call = desk.call()
    stands = fingerprint.take_fingerprint(str(looks), desk.environment)
    job = desk.job(call, templates=looks, shelf=proof_cache.ProofCache(call.home, stands, looks, desk.environment))

    before = sorted(Path(call.home).glob("*.proof"))

    def edit(now: str) -> None:
        if now == "typesetting":
            flip(looks / "tokens.toml", 3)

    outcome = build.run(job, edit)
    assert [f.message for f in outcome.findings if f.code == "inputs-changed"] == [
        "the templates changed while the documents were made"
    ]
    assert sorted(Path(call.home).glob("*.proof")) == before


def test_a_file_that_an_editor_keeps_beside_the_templates_refuses_nothing_and_nothing_is_kept(
    desk: Desk, tmp_path: Path
) -> None:
    looks = shutil.copytree(TEMPLATES, tmp_path / "looks")
    call = desk.call()
    stands = fingerprint.take_fingerprint(str(looks), desk.environment)
    job = desk.job(call, templates=looks, shelf=proof_cache.ProofCache(call.home, stands, looks, desk.environment))
    outcome = build.run(job, lambda now: (looks / ".tokens.toml.swp").touch())
    assert not outcome.refused
    assert outcome.files is None


def test_a_manifest_tells_what_was_read(desk: Desk) -> None:
    told = json.loads((desk.out / "manifest.json").read_bytes())["inputs"]
    assert told["content"] == {
        name: fingerprint.hash_file(str(desk.folder / name)) for name in ("content.yaml", "dot.png")
    }


def test_a_run_whose_findings_would_differ_the_next_time_is_not_recorded(desk: Desk) -> None:
    desk.content.write_text(PICTURED.replace("value: 300", "value: 301"))
    first = desk.run()
    assert "edition-same" in [finding.code for finding in first.findings]
    assert not desk.recalled()
    second = desk.run()
    assert "edition-same" not in [finding.code for finding in second.findings]
    assert desk.recalled()


def test_a_run_that_mends_what_a_dead_one_left_is_not_recorded(desk: Desk) -> None:
    (desk.out / ".publish-journal").write_bytes(b"no journal")
    mended = desk.run()
    assert "publish-unknown" in [finding.code for finding in mended.findings]
    assert mended.files is None
    assert desk.run().files


def test_a_run_that_reads_the_reading_copies_manifest_is_recorded_with_it(desk: Desk) -> None:
    office = ("--use", "office")
    assert not desk.run(*office, outputs=(OutputName.OFFICE,)).refused
    assert desk.recalled(*office)
    flip(desk.out / "manifest.json")
    assert not desk.recalled(*office)


def test_a_run_with_bars_is_not_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.products.review import review_copy

    monkeypatch.setattr(review_copy, "add_change_bars", lambda proofs, *_: proofs)
    assert not desk.run("--bars", "content.yaml", bars=str(desk.content)).refused
    assert not desk.recalled("--bars", "content.yaml")


def test_a_check_is_recorded_whatever_lies_in_the_folder(desk: Desk) -> None:
    assert desk.run("check", dry=True).files
    shutil.rmtree(desk.out)
    assert desk.recalled("check")
    flip(desk.folder / "dot.png", 20)
    assert not desk.recalled("check")


def test_a_refused_run_is_not_recorded(desk: Desk) -> None:
    desk.content.write_text("no: content")
    assert desk.run("again").refused
    assert not desk.recalled("again")


def test_verifying_makes_everything_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from briefing.cli import app

    counted = Press([])
    monkeypatch.setattr(typesetters, "begin", counted.begin)
    monkeypatch.setattr(typesetters, "warm", lambda: None)
    monkeypatch.chdir(desk.folder)
    desk.run()
    assert counted.asked == []  # all of it is kept
    done = CliRunner().invoke(app.cli, ["verify"], obj=desk.call())
    assert counted.asked == ["brief", "fact_sheet"]
    assert done.exit_code == 0, done.output


# ------------------------------------------------------------------ whole runs


@dataclass
class House:
    """A clone of the program with content, in which runs are made as a person makes them."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            command(*arguments, *TODAY_IS, root=self.folder),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def begin_anew(self) -> None:
        """Its content is good, whatever was done to it before."""
        (self.folder / "content.yaml").write_text(PICTURED)

    def left(self) -> dict[str, bytes]:
        return {str(f.relative_to(self.folder)): f.read_bytes() for f in sorted(self.folder.glob("build/*.*"))}


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, House]:
    """Two of them with the same content: one in which things are kept, and one in which nothing is."""
    base = tmp_path_factory.mktemp("houses")
    found = []
    for name, more in (("kept", {"XDG_CACHE_HOME": str(base / "own")}), ("anew", {cache_store.NO_CACHE: "1"})):
        folder = clone(base / name)
        (folder / "site").mkdir()
        shutil.copy(ROOT / "tests" / "other" / "wells.png", folder / "dot.png")
        bare = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        found.append(House(folder, {**bare, **more, "PYTHONPATH": str(folder / "site")}))
        found[-1].begin_anew()
    return found[0], found[1]


def said(run: tuple[int, str, str]) -> tuple[int, str, str]:
    """What a run says, but for how long it took and whether it was the first of its kind."""
    out = (
        re.sub(r" +\d+\.\d s", "", run[1])
        .replace("Unchanged since the last build", "Built")
        .replace("Unchanged since the last check", "Checked")
    )
    return run[0], out, run[2]


def in_file(name: str, old: bytes, new: bytes) -> Callable[[House], None]:
    def edit(house: House) -> None:
        file = house.folder / name
        data = file.read_bytes()
        file.write_bytes(data.replace(old, new, 1) if old in data else data.replace(new, old, 1))

    return edit


def damaged(name: str) -> Callable[[House], None]:
    def edit(house: House) -> None:
        if (file := house.folder / "build" / name).exists():
            flip(file)

    return edit


def repainted(house: House) -> None:
    from PIL import Image

    with Image.open(house.folder / "dot.png") as image:
        other = image.convert("RGB").rotate(180)
    other.save(house.folder / "dot.png")


def entries(house: House) -> list[Path]:
    own = house.environment.get("XDG_CACHE_HOME")
    return sorted(file for file in Path(own, "briefing").rglob("*") if file.is_file()) if own else []


def swapped(house: House) -> None:
    found = entries(house)
    data = [file.read_bytes() for file in found]
    for file, other in zip(found, data[1:] + data[:1], strict=True):
        file.write_bytes(other)


def cut(house: House) -> None:
    for file in entries(house)[::2]:
        file.write_bytes(file.read_bytes()[:-7])


def dropped(house: House) -> None:
    for file in entries(house)[1::2]:
        file.unlink()


def upgraded(house: House) -> None:
    number = len(list((house.folder / "site").iterdir()))
    (house.folder / "site" / f"pydyf_{number}-9.{number}.dist-info").mkdir()


STEPS: Mapping[str, Callable[[House], None]] = {
    "a word of the brief": in_file("content.yaml", b"counted", b"noted"),
    "a word of the fact sheet": in_file("content.yaml", b"plain sentence", b"certain sentence"),
    "a figure": in_file("content.yaml", b"value: 300", b"value: 301"),
    "the title": in_file("content.yaml", b"A title", b"Another title"),
    "a remark": in_file("content.yaml", b"briefing:", b"# remark\nbriefing:"),
    "a fault": in_file("content.yaml", b"sources: [census]", b"sources: [censu]"),
    "a style": in_file("templates/tokens.toml", b"[colour]", b"# remark\n[colour]"),
    "the program": in_file("briefing/documents/html.py", b'"""', b'"""\n'),
    "the picture": repainted,
    "the brief damaged": damaged("policy-brief.pdf"),
    "the manifest damaged": damaged("manifest.json"),
    "entries cut off": cut,
    "entries gone": dropped,
    "entries swapped": swapped,
    "a library": upgraded,
}
ASKED = ((), ("--json",), ("--only", "brief"), ("--paper", "a4"), ("--quiet",), ("check", "--only", "fact-sheet"))


@pytest.mark.slow
@given(steps=st.sets(st.sampled_from(sorted(STEPS)), min_size=1, max_size=3), asked=st.sampled_from(ASKED))
@examples(2, **AS_BEFORE)
def test_a_run_with_what_was_kept_gives_what_a_run_without_it_gives(
    steps: set[str], asked: tuple[str, ...], houses: tuple[House, House]
) -> None:
    for step in sorted(steps):
        for house in houses:
            STEPS[step](house)
    kept, anew = (house.run(*asked) for house in houses)
    assert said(kept) == said(anew)
    assert houses[0].left() == houses[1].left()
    if "--only" not in asked:
        assert houses[0].run(*asked)[:1] == kept[:1]
        assert houses[0].left() == houses[1].left()


@pytest.mark.slow
def test_an_unchanged_run_ends_before_the_program_is_imported_and_says_the_same(houses: tuple[House, House]) -> None:
    house = houses[0]
    house.begin_anew()
    first = house.run()
    assert first[0] == 0, first
    house.environment["PYTHONVERBOSE"] = ""  # another variable: another run
    asked = command(*TODAY_IS, root=house.folder)
    runs = [
        subprocess.run(
            [asked[0], "-X", "importtime", *asked[1:]],
            cwd=house.folder,
            env=house.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        for _ in range(2)
    ]
    del house.environment["PYTHONVERBOSE"]
    imported = [{line.split("|")[-1].strip() for line in run.stderr.splitlines()} for run in runs]
    assert {"click", "pydantic", "briefing.pipeline.build"} <= imported[0]
    assert (
        imported[1] & {"click", "pydantic", "yaml", "typing", "pathlib", "dataclasses", "importlib.metadata"} == set()
    )
    assert {name for name in imported[1] if name.startswith("briefing")} == {
        "briefing",
        "briefing.__main__",
        "briefing.cli",
        "briefing.cli.entry",
        "briefing.files",
        "briefing.program",
        "briefing.runtime",
        "briefing.runtime.cache_store",
        "briefing.runtime.fingerprint",
        "briefing.runtime.run_record",
    }
    assert "Built, " in runs[0].stdout
    assert "Unchanged since the last build, " in runs[1].stdout
    assert said((0, runs[0].stdout, "")) == said((0, runs[1].stdout, ""))


@pytest.mark.slow
def test_nothing_is_kept_where_nothing_shall_be_and_two_runs_at_once_share_what_is_kept(
    houses: tuple[House, House],
) -> None:
    house = houses[0]
    house.begin_anew()
    for folder in (Path(house.environment["XDG_CACHE_HOME"]), house.folder / "build"):
        shutil.rmtree(folder, ignore_errors=True)
    assert house.run("--no-cache", "--quiet", "--only", "fact-sheet")[0] == 0
    # The typesetter's declarations are no part of any run: they are kept as Python keeps its bytecode.
    assert [entry for entry in entries(house) if not entry.name.startswith("declared-")] == []
    before = house.left()
    shutil.rmtree(house.folder / "build")
    asked = command("--quiet", "--only", "fact-sheet", *TODAY_IS, root=house.folder)
    start = functools.partial(subprocess.Popen, stderr=subprocess.DEVNULL)
    runs = [start(asked, cwd=house.folder, env=house.environment) for _ in range(2)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    assert [file for file in entries(house) if file.name.startswith(".part")] == []
    assert [file for file in entries(house) if file.suffix == ".proof"]
    assert house.left() == before
