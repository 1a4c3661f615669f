from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.design.outputs import OutputName
from briefing.pipeline import build, publish
from briefing.pipeline.verify import Verified, verify
from tests.support.builds import GOOD, TEMPLATES, TODAY

pytestmark = pytest.mark.slow


def job(folder: Path) -> build.Job:
    return build.Job(folder / "content.yaml", "content.yaml", folder / "build", TEMPLATES, TODAY)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    (folder / "content.yaml").write_text(GOOD, encoding="utf-8")
    assert not build.run(job(folder)).refused
    return folder


@pytest.fixture
def folder(good: Path, tmp_path: Path) -> Path:
    """A folder with a build of its own."""
    return Path(shutil.copytree(good, tmp_path / "here"))


def verified(folder: Path) -> Verified:
    return verify(job(folder), "build")


def codes(found: Verified) -> list[str]:
    return [finding.code for finding in found.findings]


def test_a_fresh_build_is_what_its_content_gives(folder: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    found = verified(folder)
    assert (found.same, codes(found)) == (("build/fact-sheet.pdf", "build/policy-brief.pdf"), [])
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_another_word_in_the_content_is_told_with_what_has_changed(folder: Path) -> None:
    (folder / "content.yaml").write_text(GOOD.replace("A plain sentence", "A plainer sentence"), encoding="utf-8")
    found = verified(folder)
    assert codes(found) == ["verify-differs"]
    assert "changed since then: content.yaml" in found.findings[0].message
    assert found.findings[0].place.file == "build/fact-sheet.pdf"
    assert found.same == ("build/policy-brief.pdf",)


def test_a_file_that_was_altered_by_hand_is_told(folder: Path) -> None:
    file = folder / "build" / "fact-sheet.pdf"
    file.write_bytes(file.read_bytes() + b"\n")
    assert codes(verified(folder)) == ["verify-changed"]


def test_a_file_that_is_gone_is_told(folder: Path) -> None:
    (folder / "build" / "fact-sheet.pdf").unlink()
    assert codes(verified(folder)) == ["verify-missing"]


def test_a_build_by_another_version_of_a_library_is_told_with_both_versions(folder: Path) -> None:
    out = folder / "build"
    told = json.loads((out / publish.MANIFEST).read_text())
    told["inputs"]["libraries"]["weasyprint"] = "71.0"
    other = (out / "fact-sheet.pdf").read_bytes() + b"\n"
    told["files"]["fact-sheet.pdf"]["sha256"] = hashlib.sha256(other).hexdigest()
    (out / "fact-sheet.pdf").write_bytes(other)
    (out / publish.MANIFEST).write_text(json.dumps(told))
    found = verified(folder)
    assert codes(found) == ["verify-differs"]
    assert "weasyprint (71.0, now 70.0)" in found.findings[0].message


def test_content_that_is_refused_now_verifies_nothing(folder: Path) -> None:
    (folder / "content.yaml").write_text(GOOD.replace("{{rides}}", "{{riders}}"), encoding="utf-8")
    assert codes(verified(folder)) == ["figure-unknown"]
    assert verified(folder).same == ()


def test_a_folder_without_a_build_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "build")
    assert codes(verified(folder)) == ["verify-nothing"]


def test_pages_with_bars_cannot_be_verified_and_that_is_told(folder: Path) -> None:
    manifest = folder / "build" / publish.MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "bars": True}))
    assert codes(verified(folder)) == ["verify-options"] * 2


def test_every_output_in_a_folder_is_verified(folder: Path) -> None:

    assert not build.run(replace(job(folder), outputs=(OutputName.OFFICE,))).refused
    found = verified(folder)
    assert codes(found) == []
    assert "build/office/policy-brief-office.pdf" in found.same


def test_a_document_of_an_earlier_build_that_no_manifest_tells_of_is_told(folder: Path) -> None:
    assert not build.run(replace(job(folder), documents=("brief",))).refused
    found = verified(folder)
    assert codes(found) == ["verify-unknown"]
    assert found.findings[0].place.file == "build/fact-sheet.pdf"


@pytest.mark.parametrize(
    "told",
    ["", "[]", '{"made_for": "reading"}', '{"made_for": "reading", "files": {"../x": {}}, "documents": []}'],
    ids=["empty", "a list", "no files", "a file elsewhere"],
)
def test_a_manifest_that_is_none_of_ours_leaves_its_files_unknown(told: str, folder: Path) -> None:
    (folder / "build" / publish.MANIFEST).write_text(told)
    assert codes(verified(folder)) == ["verify-unknown"] * 2


def test_review_copies_are_not_compared_and_that_is_told(folder: Path) -> None:
    assert not build.run(replace(job(folder), outputs=(OutputName.REVIEW,))).refused
    assert codes(verified(folder)) == ["verify-review"] * 2
