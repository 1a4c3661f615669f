"""Only a few modules open files by themselves; all others ask for the bytes of a regular file of bounded size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.builds import ROOT

PACKAGE = ROOT / "briefing"
OPENERS = {  # by module, why it may
    "__main__.py": "streams that are closed",
    "content/scaffold.py": "the starter",
    "design/tokens.py": "templates",
    "distribution/register/jobs.py": "a lock that it makes beside the register",
    "distribution/register/whereabouts.py": "the register's own file and key, which it makes",
    "distribution/recipients/workbook.py": "a sink for what libraries say",
    "distribution/scaffold.py": "the starter",
    "distribution/status_site.py": "templates",
    "files.py": "the way to open",
    "graphics/base_map.py": "templates",
    "graphics/vega_child.py": "a pipe that it was given",
    "language/wording.py": "templates",
    "layout/typesetter.py": "the fonts of the templates",
    "pipeline/publish.py": "documents that are written, and the folder that they go to",
    "preview/run.py": "templates",
    "preview/warm.py": "its own log, to which it adds a line",
    "products/printshop/condition.py": "the profile of the templates",
    "proofing/foreign_file.py": "a sink for what libraries say",
    "runtime/cache_store.py": "the user's own folder, with checks of its own",
    "runtime/fingerprint.py": "what the system tells of this process",
    "runtime/process_facts.py": "what the system tells of processes",
    "runtime/inputs.py": "what a library says of itself",
}
LIBRARIES = ("Image", "Pdf")  # whose `open` takes bytes


def openings(tree: ast.Module) -> Iterator[str]:
    """The calls in a module that read or open a file by its name."""
    streams = any(
        isinstance(node, ast.ImportFrom | ast.Import) and "pikepdf" in ast.unparse(node) for node in ast.walk(tree)
    )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called, first = ast.unparse(node.func), ast.unparse(node.args[0]) if node.args else ""
        name = called.rpartition(".")[2]
        library = called.split(".")[-2:-1] in ([one] for one in LIBRARIES)
        by_name = called in ("open", "os.open", "io.open") or name in ("read_text", "fromfile", "iterparse")
        opened = name == "open" and not (library and first.startswith("io.BytesIO("))
        part = called.endswith((".Contents.read_bytes", ".ToUnicode.read_bytes"))  # of a PDF
        if by_name or opened or (name == "read_bytes" and not streams and not part):
            yield called


def openers(package: Path) -> set[str]:
    files = sorted(package.rglob("*.py"))
    assert files
    return {
        file.relative_to(package).as_posix()
        for file in files
        if [call for call in openings(ast.parse(file.read_text(encoding="utf-8"))) if call not in OWN]
    }


OWN = {"editor.open", "webbrowser.open"}  # no files


def test_files_of_others_are_opened_in_one_way_only() -> None:
    assert openers(PACKAGE) == set(OPENERS)


def test_an_opening_is_found_however_it_is_written(tmp_path: Path) -> None:
    for number, line in enumerate(
        ("open('a')", "path.read_bytes()", "path.read_text()", "path.open()", "Image.open(path)")
    ):
        (tmp_path / f"{number}.py").write_text(line)
    assert len(openers(tmp_path)) == 5
    (tmp_path / "good.py").write_text("Image.open(io.BytesIO(data)); files.read(path, 5)")
    assert "good.py" not in openers(tmp_path)
