"""Measure how a list of recipients is checked: seconds, and the most memory, of the program itself.

python -m bench.lists [ROWS]   100,000 rows where no number is given; a CSV file with names in many letters
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIVEN = ("María José", "Đặng Thị", "Øyvind", "Zoë", "Łukasz", "Anne-Marie", "Þórdís", "Jean-François")
FAMILY = ("Núñez O’Brien", "Nguyễn", "Ærøskøbing", "van der Meer", "Wałęsa", "Fitzgerald-Smith", "Özdemir")
SETTINGS = "recipients: list.csv\ncountry: US\ngroups: {all: {document: brief}}\nspares: {share: 5%, least: 1}\n"
HEAD = "id,name,office,street,street2,postcode,city,region,country,copies,delivery\n"


def write_list(file: Path, rows: int) -> None:
    """Write a list of so many invented recipients, the same each time."""
    chosen = random.Random(7)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(1, rows + 1):
            name = f"{chosen.choice(GIVEN)} {chosen.choice(FAMILY)} {number}"
            where = f"{number % 9973} Invented Street,Suite {number},{chosen.randint(1001, 2799):05},Springfield,MA,US"
            out.write(f"{number},{name},Office {number % 5000},{where},{number % 5 + 1},post\n")


def measure(command: str, folder: Path) -> tuple[float, int]:
    """Seconds and peak memory in MB of a command in a folder."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "generate.py"), "distribute", command], cwd=folder, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"distribute {command} failed")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.monotonic() - began, _peak(used, unit)


def _peak(used: resource.struct_rusage, unit: int) -> int:
    return used.ru_maxrss * unit // 1_000_000


def main() -> None:
    """Measure and tell."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "content.yaml").write_bytes((ROOT / "content.yaml").read_bytes())
        (folder / "distribution.yaml").write_text(SETTINGS)
        write_list(folder / "list.csv", rows)
        for command in ("check", "plan"):
            seconds, megabytes = measure(command, folder)
            print(f"distribute {command}, {rows:,} rows: {seconds:.1f} s, {megabytes} MB")


if __name__ == "__main__":
    main()
