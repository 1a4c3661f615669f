"""What runs in the process that draws: specifications of Vega-Lite come in, SVG goes out, until nobody asks any more.

Messages are lines of JSON. Only what starts in a moment is imported beside the engine.
"""

from __future__ import annotations

import json
import resource
import sys

from briefing.runtime import limits

MEMORY_BYTES = 1_500_000_000  # of data: V8 reserves 67 GB of addresses, so those cannot be limited
FEW = 12  # drawings of one content; whoever asks for more has them drawn in memory that does not grow, and waits longer


def main() -> None:
    """Answer what is asked through a file, with the fonts of folders: seconds and a specification each time."""
    file, fonts = int(sys.argv[1]), sys.argv[2:]
    limits.lower(resource.RLIMIT_DATA, MEMORY_BYTES)
    limits.lower(resource.RLIMIT_CORE, 0)
    import vl_convert  # only here: its engine must not live in a process that forks

    for folder in fonts:
        vl_convert.register_font_directory(folder)
    vl_convert.configure(allowed_base_urls=[], base_url=False)
    drawn = 0
    with open(file, "rb", closefd=False) as asked, open(file, "wb", closefd=False) as answers:
        for line in asked:
            if drawn == FEW:
                vl_convert.configure(gc_after_conversion=True)  # and all else stays as it is
            drawn += 1
            seconds, spec = json.loads(line)
            used = resource.getrusage(resource.RUSAGE_SELF)
            most = int(used.ru_utime + used.ru_stime) + 1 + 2 * seconds  # V8 has threads of its own
            _, least = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(
                resource.RLIMIT_CPU, (most if least == resource.RLIM_INFINITY else min(most, least), least)
            )
            try:
                # Not the text as it came: the engine reads numbers not to their last digit.
                answer = {"svg": vl_convert.vegalite_to_svg(spec)}
            except ValueError as fault:
                answer = {"error": _first_words(str(fault))}
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()


def _first_words(message: str) -> str:
    """What Vega says, without the JavaScript stack below it."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    return " ".join(lines)[:300]
