"""The plain script that stays alive: a name of an HTML file a line in, its PDF beside it and a line of seconds out."""

import sys
import time
from pathlib import Path

from weasyprint import HTML

for line in sys.stdin:
    name = line.strip()
    began = time.perf_counter()
    HTML(filename=name).write_pdf(Path(name).with_suffix(".pdf"), pdf_variant="pdf/a-3a", pdf_tags=True)
    print(time.perf_counter() - began, flush=True)
