"""The whole way from the list of the examples to paper, as `make distribution-demo` goes it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from tests.support.builds import FLAGSHIP, ROOT, TEMPLATES, command
from tests.support.examples import usually
from tests.support.printers import Room, room  # noqa: F401 (a fixture)

DEMO = ROOT / "examples" / "distribution"


# The starter's documents have a page each; the night has those that the demonstration is made for.
@pytest.mark.slow
@pytest.mark.parametrize("content", usually([TEMPLATES / "starter" / "content.yaml"], [FLAGSHIP]))
def test_sixty_recipients_get_their_copies_labels_letters_lists_and_a_status_page(
    content: Path,
    tmp_path: Path,
    room: Room,  # noqa: F811
) -> None:
    folder, root = tmp_path / "demo", tmp_path / "root"
    shutil.copytree(DEMO, root / "examples" / "distribution")
    (root / "generate.py").symlink_to(ROOT / "generate.py")
    (root / "content.yaml").symlink_to(content)
    asked = [sys.executable, str(root / "examples" / "distribution" / "demo.py"), str(folder)]
    with room.inside():  # where a printer can start
        done = subprocess.run(asked, env=room.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    people = list(csv.DictReader((DEMO / "recipients.csv").read_text(encoding="utf-8").splitlines()))
    assert len(people) == 60
    assert len({one["country"] for one in people}) == 8
    wanted = sum(int(one["copies"]) for one in people)
    mailed = sum(int(one["copies"]) for one in people if one["delivery"] == "email")
    totals, files = [], []
    for run in sorted((folder / "distribution" / "runs").iterdir()):
        if not run.is_dir():
            continue
        pages = {file.name: len(pypdfium2.PdfDocument(file)) for file in run.glob("*.pdf")}
        names = {re.sub(r"-\d+", "", name) for name in pages}
        assert names == {
            "copy.pdf", "part.pdf", "labels.pdf", "letters.pdf", "slips.pdf", "picking-list.pdf", "packing-lists.pdf"
        }  # fmt: skip
        with pypdfium2.PdfDocument(run / "part-0001.pdf") as pdf:
            said = pdf[0].get_textpage().get_text_range()
        total = re.search(r"Copy 1 of (\d+)", said)
        assert total
        totals.append(int(total[1]))
        files.append(sum(name.startswith("copy-") for name in pages))
    printed = sum(map(int, re.findall(r"^Printed: (\d+) copies", done.stdout, re.MULTILINE)))
    assert printed == sum(totals) - mailed
    spares = sum(totals) - wanted
    assert 0 < spares < 30
    assert sum(files) == mailed
    assert len(list((folder / "build" / "site").glob("*/index.html"))) == 1
    audit = subprocess.run(command("distribute", "audit"), cwd=folder, capture_output=True, text=True, check=False)
    assert audit.returncode == 0, audit.stderr
