"""A font that is damaged or gone ends a run: no page is ever set in another font in silence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from briefing.findings import Missing
from briefing.layout import font_files
from tests.support.builds import GOOD, TEMPLATES, clone, command

pytestmark = pytest.mark.slow

FONTS = sorted((TEMPLATES / "fonts").glob("*.ttf"))


def test_the_shipped_fonts_are_sound() -> None:
    assert len(FONTS) > 5
    font_files.check(TEMPLATES / "fonts", [file.name for file in FONTS])


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:200] + bytes(3_800) + data[4_000:],
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        lambda data: b"wOFF" + data[4:],
        lambda data: data[:4] + b"\xff\xff" + data[6:],
    ],
    ids=["empty", "half", "zeros", "one-bit", "kind", "count"],
)
def test_a_damaged_font_is_told(harm, tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(harm(FONTS[0].read_bytes()))
    with pytest.raises(Missing, match="damaged"):
        font_files.check(tmp_path, ["font.ttf"])
    with pytest.raises(Missing, match="no such file"):
        font_files.check(tmp_path, ["other.ttf"])


@pytest.mark.parametrize("harmed", ["fonts/*.ttf", "tokens.toml"])
def test_a_run_without_its_own_files_ends_with_a_line(harmed: str, tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    (root / "content.yaml").write_text(GOOD)
    for file in (root / "templates").glob(harmed):
        file.unlink() if harmed == "tokens.toml" else file.write_bytes(file.read_bytes()[:-20] + bytes(20))
    done = subprocess.run(
        command("build", "--no-cache", "--quiet", root=root),
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "[program-incomplete]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "build").exists()
