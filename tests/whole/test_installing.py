"""The program installed, as a wheel or as its own checkout, makes in any folder what it makes here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from briefing import program
from briefing.content import scaffold
from tests.support.builds import LATER, ROOT, TEMPLATES, Built, built, clone, once
from tests.support.examples import usually

pytestmark = pytest.mark.slow

PACKED = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
ALONE = ("--no-index", "--no-deps", "--no-build-isolation")  # nothing is downloaded
TODAY = ("--today", str(LATER))


def run(*words: str | Path, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "BRIEFING_NO_CACHE")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed; packing leaves nothing behind in this one."""
    folder = clone(tmp_path_factory.mktemp("tree") / "briefing")
    for name in PACKED:
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "examples", folder / "examples")
    for compiled in tuple(folder.rglob("__pycache__")):
        shutil.rmtree(compiled)
    return folder


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(tree, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What the starter makes without being installed."""
    content = TEMPLATES / "starter" / "content.yaml"
    return once(tmp_path_factory, "starter", lambda folder: built(content, "letter", folder))


def wheel_of(folder: Path, out: Path) -> Path:
    run(*PIP, "wheel", *ALONE, "--wheel-dir", out, folder, cwd=out)
    [file] = out.glob("*.whl")
    return file


def digests(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as held:
        return {name: sha256(held.read(name)).hexdigest() for name in held.namelist()}


def environment(folder: Path, *installed: str | Path) -> Path:
    """The command in a new environment that has the libraries of this one, and the program as it is installed."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    [site] = folder.glob("lib/python*/site-packages")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    assert libraries
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n")
    run(*PIP, "--python", folder / "bin" / "python", "install", *ALONE, *installed, cwd=folder.parent)
    return folder / "bin" / "briefing"


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command where the wheel is installed."""
    return environment(tmp_path_factory.mktemp("installed") / "environment", wheel)


def to_begin_with(file: Path) -> bool:
    """Whether it is a file of an example, and no picture of its pages."""
    return (file.parent / scaffold.CONTENT).exists() and file.name not in scaffold.PAGES


def test_a_wheel_holds_every_file_of_program_and_templates_once(tree: Path, wheel: Path) -> None:
    held = [name for name in digests(wheel) if ".dist-info/" not in name]
    program_files = {file.relative_to(tree) for file in (tree / "briefing").rglob("*") if file.is_file()}
    templates = {"briefing" / file.relative_to(tree) for file in (tree / "templates").rglob("*") if file.is_file()}
    examples = {"briefing" / file.relative_to(tree) for file in (tree / "examples").glob("*/*") if to_begin_with(file)}
    assert len(templates) > 50
    assert len(examples) > 5
    assert sorted(held) == sorted(file.as_posix() for file in program_files | templates | examples)
    assert not (tree / "build").exists()


def test_the_source_archive_builds_the_same_wheel(tree: Path, wheel: Path, tmp_path: Path) -> None:
    pack = "import sys, hatchling.build; print(getattr(hatchling.build, sys.argv[1])(sys.argv[2]))"
    archive = tmp_path / run(sys.executable, "-c", pack, "build_sdist", tmp_path, cwd=tree).split()[-1]
    with tarfile.open(archive) as held:
        if hasattr(tarfile, "data_filter"):  # Python 3.11.2 has none
            held.extraction_filter = tarfile.data_filter
        held.extractall(tmp_path)
    within = tmp_path / archive.name.removesuffix(".tar.gz")
    again = tmp_path / run(sys.executable, "-c", pack, "build_wheel", tmp_path, cwd=within).split()[-1]
    assert digests(again) == digests(wheel)


@pytest.mark.parametrize("how", usually(["wheel"], ["editable"]))
def test_it_makes_elsewhere_what_it_makes_here(
    how: str, tree: Path, here: Built, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    briefing: Path
    if how == "editable":
        briefing = environment(tmp_path / "environment", "-e", tree)
    else:
        briefing = request.getfixturevalue("installed")
    work = tmp_path / "elsewhere"
    work.mkdir()
    assert run(briefing, "--version", cwd=work) == f"briefing, version {program.VERSION}\n"
    assert "Build it: briefing --content x/content.yaml" in run(briefing, "new", "x", cwd=work)
    assert "survey" in run(briefing, "new", "--from", cwd=work)
    run(briefing, "new", "y", "--from", "survey", cwd=work)
    assert (work / "y" / "window.png").exists()
    schema = re.findall(r"\$schema=(\S+)", (work / "x" / "content.yaml").read_text(encoding="utf-8"))
    assert (work / "x" / schema[0]).exists()
    asked = ("--content", "x/content.yaml", "--out", "x/build", *TODAY)
    run(briefing, *asked, cwd=work)
    made = sorted((work / "x" / "build").glob("*.pdf"))
    assert [file.name for file in made] == ["fact-sheet.pdf", "policy-brief.pdf"]
    assert [file.read_bytes() for file in made] == [(here.folder / file.name).read_bytes() for file in made]
    again = run(briefing, *asked, cwd=work)
    assert "Unchanged since the last build" in again
    usage = run(briefing.with_name("python"), "-m", "briefing", "--help", cwd=work)
    assert usage.startswith("Usage: python -m briefing ")


def test_a_library_that_is_missing_is_told_with_what_to_do(installed: Path) -> None:
    [more] = installed.parents[1].glob("lib/python*/site-packages/libraries.pth")
    aside = more.rename(more.with_suffix(".aside"))
    try:
        done = subprocess.run([installed], capture_output=True, text=True, check=False)
    finally:
        aside.rename(more)
    assert done.returncode == 3
    assert re.search(r"the Python package \w+ is not installed here \[library-missing\]", done.stderr)
    assert "pip install --force-reinstall" in done.stderr


def test_the_image_has_its_packages_from_the_list_of_make(tmp_path: Path) -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    installed = [line for line in lines if "apt-get" in line]
    assert [line.split("--no-install-recommends ")[-1].split() for line in installed] == [["python3"]]
    assert sum("requirements/setup.sh run" in line for line in lines if line.startswith("RUN")) == 1
    for source in re.findall(r"(?m)^COPY (\S+) ", "\n".join(lines)):
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, tmp_path / source)
    assert run(sys.executable, tmp_path / "generate.py", "--version", cwd=tmp_path).startswith("generate.py, version")
    assert (tmp_path / "requirements" / "setup.sh").exists()
