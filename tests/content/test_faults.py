"""Every fault that an editor can make: a small content file for each, and what the program says of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from briefing.checks import content_rules
from briefing.cli import report
from briefing.content import tree_builder, validation, yaml_reader
from briefing.findings import Finding, Place, Refused, Severity, in_order
from briefing.language.wording import read_wording
from briefing.ledger import ledger
from briefing.pipeline import build, typesetters
from briefing.proofing.proof import Proof
from tests.support.builds import GOOD, ROOT, TEMPLATES, TODAY
from tests.support.examples import examples
from tests.support.typed import typed

FAULTS = Path(__file__).parents[1] / "faults"
FILES = sorted(path.name for path in FAULTS.glob("*.yaml"))
ON_PAGES = {
    "answer-unused",
    "block-wide",
    "glyph-missing",
    "margin-full",
    "outside-refused",
    "overflow",
    "page-thin",
}  # seen only at the end


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fault files, and beside them pictures that cannot be kept as text."""
    folder = tmp_path_factory.mktemp("content") / "faults"
    shutil.copytree(FAULTS, folder)
    Image.new("RGB", (60, 40), "white").save(folder.parent / "outside.png")
    Image.new("RGB", (60, 40), "white").save(folder / "good.png")
    Image.new("1", (13_000, 13_000)).save(folder / "large.png")
    whole = (folder / "good.png").read_bytes()
    (folder / "truncated.png").write_bytes(whole[: len(whole) // 2])
    (folder / "rows.png").write_bytes(short_of_rows(100))
    (folder / "words.png").write_text("not a picture")
    (folder / "broken.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'><rect></svg>")
    (folder / "reaching.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'><image href='https://example.org/x.png'/></svg>"
    )
    (folder / "linked.png").symlink_to(folder.parent / "outside.png")
    return folder


def short_of_rows(rows: int) -> bytes:
    """A PNG of 500 rows whose pixels are a whole stream of fewer."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 500, 500, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1501) * rows))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


LISTED = {"figures-unchecked", "sentence-unsourced"}  # what is still to be done, in most fault files


def run(content: Path, out: Path, listed: bool = False) -> tuple[Finding, ...]:
    """The findings of a run that publishes nothing; what is only listed for whoever checks it where asked for."""
    found = build.run(build.Job(content, content.name, out, TEMPLATES, TODAY, dry=True)).findings
    return tuple(one for one in found if listed or one.code not in LISTED)


def expected(name: str) -> Finding:
    """What a fault file says in its first line."""
    first = (FAULTS / name).read_text(encoding="utf-8").split("\n", 1)[0]
    found = re.fullmatch(r"# expect: ([a-z-]+) (\d+):(\d+) (error|warning|note)", first)
    assert found, first
    return Finding(Severity(found[4]), found[1], "", Place(name, int(found[2]), int(found[3])))


class Idle:
    """A press that makes nothing."""

    def tell(self, later: list[object]) -> None:
        pass

    def ended(self) -> tuple[list[Proof], tuple[Finding, ...]]:
        return [], ()

    def stop(self) -> None:
        pass


def test_there_are_fault_files() -> None:
    assert len(FILES) >= 50


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_fault_is_told_once_with_its_place_and_what_to_do(
    name: str, faults: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = expected(name)
    if wanted.code not in ON_PAGES:
        monkeypatch.setattr(typesetters, "begin", lambda *_: Idle())
    found = run(faults / name, tmp_path, listed=wanted.code in LISTED)
    if wanted.code in ON_PAGES:  # so small a page is also thin
        found = tuple(f for f in found if f.severity is wanted.severity and f.place.line == wanted.place.line)
    assert [(f.code, f.place, f.severity) for f in found] == [(wanted.code, wanted.place, wanted.severity)]
    assert found[0].message
    assert found[0].hint


def test_the_file_that_the_faults_break_is_good(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    assert {f.code for f in run(tmp_path / "content.yaml", tmp_path)} == {"page-thin"}


TOLD_ELSEWHERE = {
    # in distribution/register
    "register-missing", "register-address", "register-foreign", "register-newer", "register-driver",
    "register-unreachable", "register-unwritable", "register-full", "register-busy", "register-damaged",
    "register-broken", "register-key", "clock-behind", "edition-changed", "edition-withdrawn", "edition-unknown",
    "edition-taken", "run-cancelled", "group-order",
    "part-differs", "code-wrong", "code-unknown", "run-unknown", "copies-unclear", "copy-state", "recipient-unknown",
    "recipient-unclear", "recall-unknown",
    "recall-unaddressed", "recall-open", "forgotten-holder", "forgotten-elsewhere", "event-broken",
    "state-differs", "digest-unknown",
    # in distribution/printing
    "printer-address", "printer-silent", "printer-refused", "printer-untrusted", "printer-garbled", "printer-unfit",
    "printer-doubt", "part-missing", "part-changed", "job-unknown", "job-aborted", "print-busy", "settle-nothing",
    "settle-number", "run-unclear", "embargoed",
    "press-draft",
    "templates-unfit",  # in whole/test_brands.py
    # in design/test_brand.py
    "brand-contrast", "brand-grey", "brand-blind", "brand-ink", "brand-gamut", "brand-spot", "brand-mended",
    "brand-font-missing", "brand-font-broken", "brand-font-restricted", "brand-font-print-only", "brand-font-variable",
    "brand-font-cid", "brand-font-signs", "brand-font-licence", "brand-font-weight", "brand-font-features",
    "brand-outside", "brand-mark-coarse", "brand-mark-active", "brand-mark-faint", "brand-mark-coloured",
    "brand-mark-form", "brand-logo-none", "brand-logo-ground", "brand-word-unknown", "colour-malformed",
    # in this file, on content that cannot be kept as text
    "machine-limit", "out-is-input", "output-unwritable", "pdf-limit", "program-incomplete",
    "encoding-wrong", "file-empty", "file-missing", "file-too-large", "file-unreadable", "yaml-too-large",
    # in security/test_safety.py
    "typesetter-log", "typesetting-died", "typesetting-memory", "typesetting-time", "typesetting-depth",
    # in graphics/test_witness.py
    "chart-untrue", "chart-cut", "chart-wide",
    # in pipeline/test_columns.py
    "margin-far", "margin-hole", "text-hole",
    # in layout/test_single_page.py
    "typesetting-still",
    # in layout/test_copyfit.py, graphics/test_charts.py, graphics/test_renderer.py, pipeline/test_publish.py and
    # content/test_scaffold.py
    "block-dropped", "chart-crowded", "chart-negative", "chart-dateless", "vl-convert-missing", "out-unwritable",
    "out-busy", "out-unlocked", "disk-full", "publish-unknown", "publish-finished", "publish-undone", "new-exists",
    "example-unknown",
    # in whole/test_cluster.py
    "cluster-driver", "cluster-unreachable", "cluster-differs", "cluster-unshared",
    # in whole/test_many.py
    "folder-empty", "folder-large", "out-shared", "worker-died", "worker-failed",
    # in products/test_changes.py
    "edition-same", "git-missing", "git-time", "repository-missing", "revision-lacks-file", "revision-malformed",
    "edition-undated", "revision-unknown", "slip-empty", "slip-too-long",
    # in preview/test_preview.py
    "preview-failed",
    # in proofing/test_comparison.py
    "text-lost", "text-moved", "text-hidden", "text-surplus", "picture-lost", "picture-hidden", "picture-size",
    "label-lost", "head-lost", "text-overlap", "text-small", "text-turned", "mark-lost",
    # in whole/test_outputs.py
    "pdf-unsound", "pdf-locked",
    # in pipeline/test_proof_cache.py
    "inputs-changed",
    # in pipeline/test_verify.py
    "verify-nothing", "verify-missing", "verify-changed", "verify-differs", "verify-options",
    "verify-unknown", "verify-review",
    # in whole/test_outputs.py
    "profile-unfit",
    # in preflight/test_preflight.py
    "annotation-inside", "annotation-unprinted", "archive-unsaid", "attachment-loose", "attachment-unwanted",
    "black-knockout", "bleed-missing", "bleed-narrow", "bookmarks-missing", "boxes-nested", "claim-false",
    "colour-lab", "colour-rgb", "colour-spot", "colour-unknown", "content-untagged", "exchange-metadata",
    "exchange-unsaid", "figure-silent", "font-missing", "header-scope-missing", "headings-skip", "identifier-missing",
    "image-blurred", "image-coarse", "image-smoothed", "ink-over", "ink-unmeasured", "intent-missing", "intent-wrong",
    "language-missing", "letters-unreadable", "line-art-coarse", "line-thin", "link-empty", "link-silent",
    "link-untagged", "list-numbering-missing", "note-unnamed", "page-empty", "page-sizes-differ", "pages-odd",
    "pages-unfolded", "paper-unknown", "pdf-action", "pdf-damaged", "pdf-encrypted", "pdf-repaired", "pdf-script",
    "pdf-unexamined", "print-preset-missing", "registration-inside", "resource-missing", "role-unknown", "sides-odd",
    "tab-order", "table-headless", "tags-broken", "tags-missing", "text-inks", "text-rich-black", "title-hidden",
    "title-missing", "transparency-mixed", "trim-missing", "type-small", "ua-unsaid", "white-overprint",
    "xmp-missing",
    # in proofing/test_photocopy.py
    "copy-text-faint", "copy-text-lost", "copy-areas-alike", "copy-hairline", "copy-type-small",
    # in checks/test_editorial.py, in another language
    "readability-unjudged",
    # in distribution/test_lists.py and distribution/test_plan.py
    "column-unknown", "column-double", "column-missing", "header-missing", "rows-above", "row-ragged", "row-quotes",
    "row-total", "row-total-wrong", "cell-control", "cell-date", "cell-error", "cell-garbled", "cell-lines",
    "cell-long", "cell-number", "letter-missing", "line-long", "name-missing", "copies-wrong", "choice-wrong",
    "country-unknown",
    "language-other", "address-missing", "address-short", "postcode-wrong", "postcode-odd", "recipient-double",
    "postcode-elsewhere",
    "id-double", "id-unfit", "id-personal", "group-none", "group-empty", "group-unknown", "group-circle",
    "list-empty", "list-encoding", "list-encoding-old", "list-large", "list-limit", "list-locked", "list-outside",
    "list-sheets", "list-unsound", "sheet-unknown", "pages-budget", "parcels-shared", "plan-changed", "plan-other",
    "plan-old", "mark-missing", "mark-small", "mark-too-long",
    "plan-unsound", "folder-foreign",
    # in distribution/sheets/test_sheets.py
    "address-long", "label-stock", "label-sheet", "label-skip",
    # below, through the command line
    "library-missing", "document-older",
}  # fmt: skip


def test_every_code_of_the_program_has_a_test() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "briefing").rglob("*.py"))
    codes = set(re.findall(r"(?:error|warning|note|_fault)\(\s*\"([a-z]+(?:-[a-z]+)+)\"", text))
    codes |= {code for code in re.findall(r'"((?:text|figure|citation|chart|term)-[a-z]+)"', text) if "{" not in code}
    assert len(codes) > 70
    codes.discard("text-wrap")  # a property of styles
    assert codes - {expected(name).code for name in FILES} - TOLD_ELSEWHERE == set()


# ------------------------------------------------------------------ content that cannot be kept as text


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"", "file-empty", 1, 1),
        (b"# only a remark\n", "file-empty", 1, 1),
        (GOOD.replace("A plain", "A pl\u00e4in").encode("latin-1"), "encoding-wrong", 15, 21),
        (GOOD.encode("utf-16"), "encoding-wrong", 1, 1),
        (GOOD.replace("A plain", "A pl\0ain").encode(), "character-forbidden", 15, 21),
        (GOOD.replace("A plain", "A pl\x1bain").encode(), "character-forbidden", 15, 21),
        (GOOD.replace(" rides.", "\r rides.").encode(), "character-forbidden", 10, 35),
        (b"a: " + b"[" * 10_000, "yaml-too-deep", 1, 4 + tree_builder.MAX_DEPTH - 1),
        (b"[" + b"a, " * tree_builder.MAX_NODES + b"a]", "yaml-too-large", 1, 2 + 3 * (tree_builder.MAX_NODES - 1)),
        (b"# " + b"x" * 2_000_000, "file-too-large", 0, 0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_content_that_is_no_text_is_refused(data: bytes, code: str, line: int, column: int, tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_bytes(data)
    (found,) = run(tmp_path / "content.yaml", tmp_path)
    assert (found.code, found.place.line, found.place.column) == (code, line, column)


def test_aliases_that_double_are_stopped_before_they_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 6)}]" for n in range(1, 8)]
    with pytest.raises(Refused) as refused:
        yaml_reader.parse("\n".join(lines).encode(), "content.yaml")
    assert [f.code for f in refused.value.findings] == ["yaml-too-large"]


def test_line_ends_of_other_systems_and_a_byte_order_mark_are_good(tmp_path: Path) -> None:
    plain = yaml_reader.parse(GOOD.encode(), "content.yaml")
    assert yaml_reader.parse(GOOD.replace("\n", "\r\n").encode("utf-8-sig"), "content.yaml") == plain
    assert yaml_reader.parse(GOOD.replace("\n", "\r").encode(), "content.yaml") == plain


def test_content_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert [f.code for f in run(tmp_path / "content.yaml", tmp_path)] == ["file-missing"]
    assert [f.code for f in run(tmp_path, tmp_path)] == ["file-unreadable"]


def test_an_alias_within_the_limits_is_read() -> None:
    tree = yaml_reader.parse(b"a: &words Some words\nb: *words\n", "content.yaml").tree
    assert tree == {"a": "Some words", "b": "Some words"}


def test_all_faults_of_a_step_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    bad = (
        GOOD.replace("kind: data", "kind: dat").replace("value: 300", "value: many").replace("  pages: 1", "  pages: 0")
    )
    (tmp_path / "content.yaml").write_text(bad)
    found = run(tmp_path / "content.yaml", tmp_path)
    assert [f.place.line for f in found] == [3, 5, 7, 12]
    assert found == in_order(found)


def test_a_duplicate_key_is_told_with_both_lines() -> None:
    with pytest.raises(Refused) as refused:
        yaml_reader.parse(b"a: x\nb: y\na: z\n", "content.yaml")
    (found,) = refused.value.findings
    assert found.place.line == 3
    assert "line 1" in found.message


@pytest.mark.parametrize(
    ("file", "offer"),
    [
        ("figure-unknown", "rides"),
        ("citation-unknown", "census"),
        ("key-unknown", "qualifier"),
        ("block-unknown", "takeaways"),
        ("choice-unknown", "data"),
        ("unit-unknown", "percent"),
        ("variant-unknown", "short"),
        ("image-missing", "good.png"),
    ],
)
def test_the_nearest_name_is_offered(file: str, offer: str, faults: Path, tmp_path: Path) -> None:
    (found,) = run(faults / f"{file}.yaml", tmp_path)
    assert f'Did you mean "{offer}"?' in found.hint


@pytest.mark.parametrize(("unit", "told"), [("usd", ["total-differs"]), ("days", [])])
def test_a_total_is_held_against_figures_of_its_own_unit(
    unit: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = "as_of: 2024-05, sources: [census]"
    units = {"walks": (3, unit), "runs": (200, "usd"), "all": (200, "usd")}
    figures = "".join(f"  {name}: {{value: {value}, unit: {of}, {rest}}}\n" for name, (value, of) in units.items())
    rows = '[[Walks, "{{walks|bare}}"], [Runs, "{{runs|bare}}"]], total: [All, "{{all|bare}}"]'
    table = f"    - table: {{columns: [{{head: What}}, {{head: Number}}], rows: {rows}}}\n    - sources: {{}}\n"
    text = GOOD.replace("brief:\n", f"{figures}brief:\n", 1).replace("fact_sheet:\n", f"{table}fact_sheet:\n")
    (tmp_path / "content.yaml").write_text(text)
    monkeypatch.setattr(typesetters, "begin", lambda *_: Idle())
    assert [one.code for one in run(tmp_path / "content.yaml", tmp_path)] == told


# ------------------------------------------------------------------ bad content never crashes

STARTER = (TEMPLATES / "starter" / "content.yaml").read_text(encoding="utf-8").split("\n")
SIGNS = "{}[]:#'\"&*!|>%@`\t"


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The starter with a few slips in it, each of a kind that a hand makes."""
    lines = list(STARTER)
    for _ in range(draw(st.integers(1, 3))):
        here = draw(st.integers(0, len(lines) - 1))
        there = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("delete", "double", "sign", "indent", "outdent", "swap", "cut", "null"))):
            case "delete":
                del lines[here]
            case "double":
                lines.insert(here, lines[there])
            case "sign" if lines[here]:
                at = draw(st.integers(0, len(lines[here]) - 1))
                lines[here] = lines[here][:at] + draw(st.sampled_from(SIGNS)) + lines[here][at + 1 :]
            case "indent":
                lines[here] = "  " + lines[here]
            case "outdent":
                lines[here] = lines[here].removeprefix("  ")
            case "swap":
                lines[here], lines[there] = lines[there], lines[here]
            case "cut":
                lines[here] = lines[here][: draw(st.integers(0, max(0, len(lines[here]) - 1)))]
            case "null":
                lines[here] = lines[here].partition(":")[0] + ":"
    return "\n".join(lines)


@pytest.mark.slow
@examples(30)
@given(broken())
def test_a_slip_in_the_content_never_crashes(text: str) -> None:
    last = len(text.split("\n"))
    try:
        read = yaml_reader.parse(text.encode(), "content.yaml")
        briefing = validation.build(read)
        with read.located():
            wording = read_wording(TEMPLATES, briefing.briefing.language, briefing.units)
        book, found = ledger.build(briefing, wording)
        found = tuple(map(read.locate, (*found, *content_rules.check(briefing, book, wording, ROOT))))
    except Refused as refused:
        found = refused.findings
    assert all(1 <= f.place.line <= last and f.place.column >= 1 for f in found)


@examples(150)
@given(st.integers(0, len("\n".join(STARTER).encode()) - 1), st.binary(min_size=1, max_size=3))
def test_strange_bytes_in_the_content_never_crash(at: int, strange: bytes) -> None:
    data = "\n".join(STARTER).encode()
    try:
        validation.build(yaml_reader.parse(data[:at] + strange + data[at + 1 :], "content.yaml"))
        found: tuple[Finding, ...] = ()
    except Refused as refused:
        found = refused.findings
    assert all(f.place.line >= 1 for f in found)


# ------------------------------------------------------------------ through the command line


def generate(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "generate.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_refusal_leaves_the_last_good_pdfs_and_exits_with_1(tmp_path: Path) -> None:
    content = tmp_path / "content.yaml"
    content.write_text(GOOD)
    built = typed(tmp_path)
    assert built.returncode == report.BUILT, built.stderr
    before = {path.name: path.read_bytes() for path in (tmp_path / "build").glob("*.*")}
    assert {"policy-brief.pdf", "fact-sheet.pdf"} <= set(before)

    content.write_text(GOOD.replace("{{rides}}", "{{ridez}} and 17").replace("A plain sentence.", '"A {{walk}}"'))
    refused = typed(tmp_path)
    assert refused.returncode == report.REFUSED
    heads = [line for line in refused.stderr.splitlines() if ": error: " in line]
    assert [re.match(r"content\.yaml:(\d+:\d+): error: .+ \[([a-z-]+)\]$", line)[1] for line in heads] == [  # type: ignore[index]
        "10:15",
        "10:15",
        "15:17",
    ]
    assert "Traceback" not in refused.stderr + refused.stdout
    assert {path.name: path.read_bytes() for path in (tmp_path / "build").glob("*.*")} == before


@pytest.mark.slow
def test_findings_as_json_are_lines_with_the_same_keys(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD.replace("{{rides}}", "{{ridez}} and 17"))
    refused = typed(tmp_path, "check", "--json")
    assert refused.returncode == report.REFUSED
    assert refused.stderr == ""
    lines = [json.loads(line) for line in refused.stdout.splitlines()]
    assert {line["code"] for line in lines} == {"figure-unknown", "number-literal", "figure-unused", "citation-unused"}
    for line in lines:
        assert list(line) == ["severity", "code", "message", "file", "line", "column", "hint", "about"]
    places = [(line["line"], line["column"], line["code"]) for line in lines]
    assert places == sorted(places)


@pytest.mark.slow
def test_a_pipe_holds_no_colour_and_no_progress(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    built = generate("--quiet", cwd=tmp_path)
    assert built.returncode == report.BUILT
    assert built.stdout == ""
    assert "\x1b" not in built.stderr
    assert "\r" not in built.stderr
    assert re.findall(r"\[([a-z-]+)\]$", built.stderr, re.MULTILINE) == ["page-thin", "page-thin"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [["--nonsense"], ["bake"], ["--paper", "a3"], ["check", "--out", "x"], ["--only", "poster"], ["new"]],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(arguments: list[str], tmp_path: Path) -> None:
    wrong = generate(*arguments, cwd=tmp_path)
    assert wrong.returncode == report.USAGE
    assert "Traceback" not in wrong.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_library_that_the_machine_lacks_exits_with_3_and_says_what_to_install(form: str, tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    fake = tmp_path / "fake" / "weasyprint"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text(
        "print('WeasyPrint could not import some external libraries.')\n"
        "raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    )
    lacking = generate("--json" if form == "json" else "--quiet", cwd=tmp_path, PYTHONPATH=str(tmp_path / "fake"))
    assert lacking.returncode == report.LACKING, lacking.stderr
    said = lacking.stdout if form == "json" else lacking.stderr
    assert (lacking.stderr if form == "json" else lacking.stdout) == ""
    assert all(word in said for word in ("library-missing", "libpango-1.0-0", "Debian", "Fedora", "macOS"))
    assert len(said.splitlines()) == (1 if form == "json" else 2)
    assert not (tmp_path / "build" / "fact-sheet.pdf").exists()


@pytest.mark.slow
def test_a_document_that_was_not_built_with_the_other_is_told(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    both = build.Job(tmp_path / "content.yaml", "content.yaml", tmp_path / "build", TEMPLATES, TODAY)
    assert "document-older" not in {f.code for f in build.run(both).findings}
    alone = replace(both, documents=("brief",))
    told = [f for f in build.run(alone).findings if f.code == "document-older"]
    assert [f.severity for f in told] == [Severity.NOTE]
    assert "fact-sheet.pdf" in told[0].message


def test_faults_of_texts_figures_and_maps_are_told_together(tmp_path: Path) -> None:
    text = GOOD.replace("rides: {value: 300,", "rides: {value: 300, unit: persons,").replace(
        "    - prose:\n        text: We counted {{rides}} rides.",
        "    - prose:\n        text: We counted 12 rides and {{rids}}.\n"
        "    - map: {title: T, alt: A map, bounds: {west: 1, south: 9, east: 3, north: 4}}",
    )
    (tmp_path / "content.yaml").write_text(text)
    codes = [f.code for f in run(tmp_path / "content.yaml", tmp_path) if f.severity is Severity.ERROR]
    assert sorted(codes) == ["figure-unknown", "map-bounds", "number-literal", "unit-unknown"]
