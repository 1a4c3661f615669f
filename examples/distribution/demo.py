"""Runs all that `make distribution-demo` shows, in a folder of its own: `demo.py FOLDER`."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ADDRESS = "https://briefs.example.org"
STEPS = ("check", "plan", "make", "pack", "site")
PATH = "/usr/sbin:/sbin"  # where Debian has the printer
# What the printer does with a job: it counts the sides, as one of metal does.
PRINTS = """#!{python}
import sys, pikepdf
with pikepdf.open(sys.argv[1]) as pdf:
    print(f"ATTR: job-impressions-completed={{len(pdf.pages)}}", file=sys.stderr)
"""


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
        if code := distribute(folder, step):
            return code
    with printer(folder / "printer") as address:
        if not address:
            print("\nNothing is printed: ippeveprinter is not installed, or does not start (it asks for Avahi).")
            return 0
        for run in sorted(one.name for one in (folder / "distribution" / "runs").iterdir() if one.is_dir()):
            if code := distribute(folder, "print", address, "--run", run):
                return code
    return distribute(folder, "report")


def distribute(folder: Path, *words: str) -> int:
    """Run a command in the folder, and show it."""
    print(f"\ngenerate.py distribute {' '.join(words)}", flush=True)
    return subprocess.call([sys.executable, str(ROOT / "generate.py"), "distribute", *words], cwd=folder)


@contextmanager
def printer(folder: Path) -> Iterator[str]:
    """The address of a printer of software on this machine, as long as it runs; none where there is none."""
    program = shutil.which("ippeveprinter") or shutil.which("ippeveprinter", path=PATH)
    if program is None:
        yield ""
        return
    folder.mkdir()
    prints = folder / "prints.py"
    prints.write_text(PRINTS.format(python=sys.executable), encoding="utf-8")
    prints.chmod(0o755)
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "-n", "localhost", "-p", str(port), "-d", str(folder), "-K", str(folder), "-2"]
    command += ["-f", "application/pdf", "-c", str(prints), "Demonstration"]
    with (folder / "printer.log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield f"ipp://localhost:{port}/ipp/print" if _listens(running, port) else ""
    finally:
        running.kill()
        running.wait()


def _listens(running: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + 10
    while running.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


if __name__ == "__main__":
    sys.exit(main())
