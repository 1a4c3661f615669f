"""Typst documents become PDFs beside them, of the same kind as ours. The first argument is the folder of fonts."""

import sys
from pathlib import Path

import typst

for name in sys.argv[2:]:
    typst.compile(
        name,
        output=Path(name).with_suffix(".pdf"),
        font_paths=[sys.argv[1]],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
