"""What anyone would write first: HTML files in, PDFs beside them out, the same kind of PDF and nothing around it."""

import sys
from pathlib import Path

from weasyprint import HTML

for name in sys.argv[1:]:
    HTML(filename=name).write_pdf(Path(name).with_suffix(".pdf"), pdf_variant="pdf/a-3a", pdf_tags=True)
