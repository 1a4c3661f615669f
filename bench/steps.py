"""Where the time of a cold build goes: the seconds of each step, as `stages.py` tells them, in a few runs."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

from bench import tools
from bench.measuring import say


@dataclass
class Steps:
    """Median seconds of each step, and how often each document was laid."""

    seconds: dict[str, float] = field(default_factory=dict)
    laid: dict[str, int] = field(default_factory=dict)
    fault: str = ""


def run(times: int) -> Steps:
    """Build so many times, one step after the other."""
    say("steps: timing those of a cold build")
    answers = []
    for _ in range(times):
        command = (sys.executable, str(tools.BENCH / "stages.py"))
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tools.ROOT)
        if done.returncode:
            fault = done.stderr.strip().rpartition("\n")[2]
            say(f"NOT MEASURED: steps of a cold build: {fault}")
            return Steps(fault=fault)
        answers.append(json.loads(done.stdout))
    names = answers[0]["seconds"]
    seconds = {name: statistics.median(answer["seconds"][name] for answer in answers) for name in names}
    return Steps(seconds, answers[0]["laid"])
