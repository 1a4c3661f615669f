"""A Typst document compiled again and again with other numbers, by a compiler that keeps what it can.

The arguments are the folder of fonts, the document, and how many PDFs are to be written beside it.
"""

import sys
from pathlib import Path

import typst

from bench import contents

fonts, name, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
text = name.read_text(encoding="utf-8")
compiler = typst.Compiler(input=str(name), font_paths=[fonts], ignore_system_fonts=True)
for number in range(count):
    name.write_text(contents.renumbered(text, number), encoding="utf-8")
    compiler.compile(output=name.with_name(f"{number}.pdf"), pdf_standards="ua-1")
