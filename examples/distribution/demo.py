"""Runs all that `make distribution-demo` shows, in a folder of its own: `demo.py FOLDER`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ADDRESS = "https://briefs.example.org"
STEPS = ("check", "plan", "make", "pack", "site")


def main() -> int:
    """Prepare the folder and run one command after the other; the code of the first that fails."""
    folder = Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = (ROOT / "content.yaml").read_text(encoding="utf-8")
    marked = text.replace("\nbrief:\n", f"\nmark: {{address: {ADDRESS}}}\n\nbrief:\n", 1)
    (folder / "content.yaml").write_text(marked, encoding="utf-8")
    for name in ("distribution.yaml", "recipients.csv"):
        shutil.copy(HERE / name, folder)
    for step in STEPS:
        print(f"\ngenerate.py distribute {step}", flush=True)
        code = subprocess.call([sys.executable, str(ROOT / "generate.py"), "distribute", step], cwd=folder)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
