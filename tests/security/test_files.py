"""Files that are named or found may be anything: a pipe, a device, a folder, one that may not be read, or gone."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from briefing import api, files
from briefing.checks import image_rules
from briefing.content import yaml_reader
from briefing.documents.manuscript import manuscript_of
from briefing.findings import Refused
from briefing.pdf import read_file
from briefing.pipeline import discover, edition_history, publish, verify
from briefing.preview import run as preview
from briefing.products.changes import versions
from briefing.products.printshop import condition
from briefing.runtime import run_record
from tests.support.builds import GOOD, TEMPLATES


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Nothing here waits: whoever does is ended."""

    def late(*_: object) -> None:
        raise AssertionError("it waits for a file")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def pipe(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def folder(file: Path) -> None:
    file.mkdir()


def loop(file: Path) -> None:
    file.symlink_to(file)


LINE = 12  # of the picture's name
MAKERS = (pipe, device, folder, loop)
Make = Callable[[Path], None]


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        read()
    (finding,) = refused.value.findings
    return finding.code


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_no_regular_file_is_refused_wherever_it_is_named(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "file"
    make(file)
    good = tmp_path / "content.yaml"
    good.write_text(GOOD)
    assert code_of(lambda: yaml_reader.read(file, "file")) == "file-unreadable"
    assert code_of(lambda: versions.versions(str(file), good, TEMPLATES, "content.yaml", {})) == "file-unreadable"
    assert code_of(lambda: read_file.read(file, "file")) == "file-unreadable"
    assert code_of(lambda: api.preflight(file)) == "file-unreadable"
    assert code_of(lambda: files.read_named(file, condition.MAX_BYTES, "file", "")) == "file-unreadable"
    with pytest.raises(files.Unreadable):
        files.read(file, 1)
    if file.exists() and not file.is_dir():  # of a folder, the names in it count
        with pytest.raises(files.Unreadable):
            run_record.hash_files([str(file)])


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_found_and_is_no_regular_file_counts_as_none(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "manifest.json")
    make(tmp_path / "policy-brief.pdf")
    assert edition_history.read_last_edition(tmp_path) is None
    assert verify.verify(api.plain_job(tmp_path / "content.yaml", tmp_path), "build").same == ()
    (tmp_path / "content.yaml").write_text(GOOD)
    make(tmp_path / "other.yaml")
    found = discover.discover_content_files([str(tmp_path)], tmp_path, tmp_path / "build")
    assert [entry.content.name for entry in found.entries] == ["content.yaml"]


@pytest.mark.parametrize("make", MAKERS)
def test_a_picture_that_is_no_file_is_told_at_its_line(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "picture.png")
    assert picture_finding(tmp_path, "picture.png") in (("image-missing", LINE), ("image-outside", LINE))


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".svg", "a/" * 3_000 + "b.png", "no.png"], ids=["long", "deep", "missing"]
)
def test_a_name_that_no_picture_can_have_is_told_at_its_line(name: str, tmp_path: Path) -> None:
    assert picture_finding(tmp_path, name) == ("image-missing", LINE)


def test_a_picture_with_scans_without_end_is_refused_at_once(tmp_path: Path) -> None:
    Image.new("RGB", (2_000, 2_000), "grey").save(tmp_path / "picture.jpg", progressive=True)
    data = (tmp_path / "picture.jpg").read_bytes()
    assert picture_finding(tmp_path, "picture.jpg") is None
    last = data[data.rindex(b"\xff\xda") : -2]
    (tmp_path / "picture.jpg").write_bytes(data[:-2] + last * 400 + b"\xff\xd9")
    assert picture_finding(tmp_path, "picture.jpg") == ("image-too-large", LINE)


def test_a_drawing_of_millions_of_parts_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "picture.svg").write_text("<svg viewBox='0 0 3 2'>" + "<g/>" * (image_rules.MAX_MARKS + 1) + "</svg>")
    assert picture_finding(tmp_path, "picture.svg") == ("image-too-large", LINE)


def picture_finding(folder: Path, name: str) -> tuple[str, int] | None:
    """What is said of a picture, and the line."""
    image = f'    - image: {{alt: A picture, credit: Desk, licence: Free, height_mm: 40,\n        file: "{name}"}}\n'
    text = "        text: We counted {{rides}} rides.\n"
    content = folder / "good.yaml"
    content.write_text(GOOD.replace(text, text + image))
    source = yaml_reader.read(content, "good.yaml")
    manuscript = manuscript_of(source, TEMPLATES)
    found = manuscript.locate(tuple(image_rules.check(manuscript.briefing, folder)))
    return (found[0].code, found[0].place.line) if found else None


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "content.yaml"
    file.write_text(GOOD)
    file.chmod(0)
    if os.geteuid() == 0:  # who may read everything

        def refused(*_: object, **__: object) -> int:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(os, "open", refused)
    assert code_of(lambda: yaml_reader.read(file, "content.yaml")) == "file-unreadable"


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    for name in ("x" * 300, "a\0b", "a\ud800b", "a\udcffb"):
        assert code_of(lambda name=name: yaml_reader.read(tmp_path / name, "content.yaml")) in (  # type: ignore[misc]
            "file-missing",
            "file-unreadable",
        )


def test_no_more_is_read_of_a_file_than_it_may_have(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert files.read(file, 5) == b"12345"
    assert files.read(file, 4, cut=True) == b"1234"
    with pytest.raises(files.Unreadable) as large:
        files.read(file, 4)
    assert large.value.code == files.TOO_LARGE


def test_a_file_that_swells_while_it_is_read_is_not_read_to_its_end(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    read = os.read
    monkeypatch.setattr(os, "read", lambda fd, n: read(fd, 0) or b"x" * n)
    with pytest.raises(files.Unreadable):
        files.read(file, 100_000)


@pytest.mark.parametrize(
    "journal",
    [b"[" * 100_000, b"{}", b"[1]", b'[{"temporary": 1, "final": 2, "kept": 3, "sha256": 4}]', b"\xff", b""],
    ids=["deep", "record", "number", "numbers", "no-text", "empty"],
)
def test_a_damaged_journal_is_put_aside_and_told(journal: bytes, tmp_path: Path) -> None:
    (tmp_path / ".publish-journal").write_bytes(journal)
    assert [finding.code for finding in publish.recover(tmp_path)] == ["publish-unknown"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", MAKERS)
def test_a_journal_that_is_no_file_is_put_aside_and_told(make: Make, tmp_path: Path) -> None:
    make(tmp_path / ".publish-journal")
    assert [finding.code for finding in publish.recover(tmp_path)] == ["publish-unknown"]
    assert all(one.name.startswith(publish.ASIDE) for one in tmp_path.iterdir())


@pytest.mark.parametrize("make", MAKERS)
def test_the_preview_shows_no_lines_of_what_is_no_file(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "content.yaml")
    assert preview._excerpt(api.plain_job(tmp_path / "content.yaml", tmp_path), {"line": 1}) is None
