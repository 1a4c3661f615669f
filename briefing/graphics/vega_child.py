"""What runs in the process that draws: specifications of Vega-Lite come in, SVG goes out, until nobody asks any more.

Messages are as `multiprocessing.connection` has them. Only what starts in a moment is imported beside the engine.
"""

from __future__ import annotations

import marshal
import os
import resource
import sys

MEMORY_BYTES = 1_500_000_000  # of data: V8 reserves 67 GB of addresses, so those cannot be limited
FEW = 12  # drawings of one content; whoever asks for more has them drawn in memory that does not grow, and waits longer
DRAWN, FAILED = b"+", b"-"  # the first byte of an answer, before the SVG or what the engine says of the specification


def main() -> None:
    """Answer what is asked through a file, with the fonts of a folder: seconds and a specification each time.

    They come as `marshal` writes them: the engine reads JSON too, but numbers not to their last digit, and Python's own
    reader takes as long to load as all else here.
    """
    file, fonts = int(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import vl_convert  # only here: its engine must not live in a process that forks

    vl_convert.register_font_directory(fonts)
    vl_convert.configure(allowed_base_urls=[], base_url=False)
    drawn = 0
    with open(file, "rb", closefd=False) as asked:
        while head := asked.read(4):
            if drawn == FEW:
                vl_convert.configure(gc_after_conversion=True)  # and all else stays as it is
            drawn += 1
            seconds, spec = marshal.loads(asked.read(int.from_bytes(head)))
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = int(used.ru_utime + used.ru_stime) + 1 + 2 * seconds  # V8 has threads of its own
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
            try:
                answer = DRAWN + vl_convert.vegalite_to_svg(spec).encode()
            except ValueError as fault:
                answer = FAILED + _first_words(str(fault)).encode()
            _write(file, len(answer).to_bytes(4) + answer)


def _write(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _first_words(message: str) -> str:
    """What Vega says, without the JavaScript stack below it."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    return " ".join(lines)[:300]
