"""Numbered copies by Typst that stays alive: a line in, so many PDFs and an empty line out.

Each copy is a file of data that has changed and a compilation that uses what it can of the last. The arguments are the
folder of fonts, the document, which reads `copy.json` beside it, and the folder in which the copies are written.
"""

import itertools
import json
import sys
from pathlib import Path

import typst

fonts, name, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
compiler, people = None, itertools.count(1)  # nobody comes twice: what was compiled for them would be there already
for line in sys.stdin:
    for number in range(1, int(line) + 1):
        copy = {"number": number, "total": int(line), "name": f"Øyvind {next(people)}", "office": f"Office {number}"}
        name.with_name("copy.json").write_text(json.dumps(copy))
        compiler = compiler or typst.Compiler(input=str(name), font_paths=[fonts], ignore_system_fonts=True)
        compiler.compile(output=out / f"copy-{number:06}.pdf", pdf_standards="ua-1")
    print(flush=True)
