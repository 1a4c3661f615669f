"""Typst documents become PDFs beside them, of the same kind as ours. The first argument is the folder of fonts."""

import sys
from pathlib import Path

import typst

for name in map(Path, sys.argv[2:]):
    typst.compile(
        name,
        output=name.with_suffix(".pdf"),
        font_paths=[Path(sys.argv[1])],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
