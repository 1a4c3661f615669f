"""Typst that stays alive and keeps what it has compiled: a line in, the PDF of its document and a line of seconds out.

The arguments are the folder of fonts and the document.
"""

import sys
import time
from pathlib import Path

import typst

fonts, name = sys.argv[1:]
compiler = typst.Compiler(input=name, font_paths=[fonts], ignore_system_fonts=True)
for _ in sys.stdin:
    began = time.perf_counter()
    compiler.compile(output=Path(name).with_suffix(".pdf"), pdf_standards="ua-1")
    print(time.perf_counter() - began, flush=True)
