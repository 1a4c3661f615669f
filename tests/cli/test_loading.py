"""What is loaded, and when."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.layout.speedups import fast_import
from tests.support.builds import GOOD, LATER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def loaded(statement: str) -> set[str]:
    """The modules that a fresh Python has loaded after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.skipif(not fast_import.USABLE, reason="macOS finds its libraries otherwise")
def test_the_typesetter_is_loaded_without_reading_c_declarations(tmp_path, monkeypatch):
    """The first run keeps them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert loaded("import briefing.layout.typesetter") >= {"weasyprint", "pycparser"}
    modules = loaded("import briefing.layout.typesetter")
    assert "weasyprint" in modules
    assert "pycparser" not in modules


@pytest.mark.skipif(not fast_import.USABLE, reason="macOS finds its libraries otherwise")
def test_declarations_that_others_could_have_written_are_not_believed(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    loaded("import briefing.layout.typesetter")
    (tmp_path / "briefing").chmod(0o777)
    assert "pycparser" in loaded("import briefing.layout.typesetter")


def test_what_the_typesetter_seldom_uses_is_loaded_when_it_is_used():
    modules = loaded("import briefing.layout.typesetter")
    assert "fontTools.ttLib" in modules
    assert not modules & set(fast_import.SELDOM)
    code = (
        "import sys\n"
        "from briefing.layout import typesetter\n"
        "from fontTools.ttLib import TTFont\n"
        "from weasyprint import pdf, text\n"
        "pdf.fonts.subset.Options(), text.fonts.woff2.WOFF2Writer\n"
        "try: pdf.fonts.instantiateVariableFont(TTFont(), {})\n"
        "except ValueError: print(*sys.modules)\n"  # a font that has nothing cannot be varied
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) >= set(fast_import.SELDOM)


@pytest.mark.skipif(not fast_import.USABLE, reason="macOS finds its libraries otherwise")
def test_other_declarations_are_read_as_ever(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    code = (
        "from briefing.layout.speedups import fast_import\n"
        "with fast_import.ready():\n"
        "    import cffi\n"
        "    ffi = cffi.FFI()\n"
        "    ffi.cdef('int abs(int);')\n"
        "print(ffi.dlopen(None).abs(-3), ffi.new('int *', 4)[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "4"]


def test_help_needs_neither_the_typesetter_nor_the_content_model():
    modules = loaded("import briefing.cli.app")
    assert not modules & {"weasyprint", "pydantic", "jinja2", "pikepdf", "vl_convert", "multiprocessing"}


def test_reading_content_needs_no_typesetter():
    modules = loaded("import briefing.pipeline.build")
    assert not modules & {"weasyprint", "jinja2", "pikepdf", "pypdfium2", "vl_convert", "PIL"}


def test_a_run_without_a_brand_loads_nothing_that_reads_one():
    check = "api.check('tests/other/content.yaml', documents=())"
    modules = loaded(f"from briefing import api; from briefing.preview import variants; {check}")
    assert "briefing.documents.dressing" in modules
    assert not {f"briefing.design.brand.{name}" for name in ("brand_file", "fitting", "fonts", "records")} & modules


def test_timings_tell_of_every_process_and_nothing_is_left_behind(tmp_path):
    kept = tmp_path / "temporary"
    kept.mkdir()
    content = tmp_path / "content.yaml"
    content.write_text(GOOD)
    command = [sys.executable, "generate.py", "--content", str(content), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--timings", "--quiet", "--today", str(LATER)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(kept)},
    )
    assert done.returncode == 0, done.stderr
    for step in ("press: load the typesetter", "main: read and account", "brief: lay", "fact_sheet: write"):
        assert step in done.stderr
    assert list(kept.iterdir()) == []
