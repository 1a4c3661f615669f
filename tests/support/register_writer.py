"""A program that records acts as fast as it can: FOLDER ADDRESS WHO RUN FIRST STEP LAST ACTS; "-" is no address.

Every act takes one copy from planned to printed; behind the last it begins again, and takes copies to issued and back.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from briefing.distribution.register.copies import Selection, record_copies
from briefing.distribution.register.schema import CopyState
from tests.support.registers import Office


def main(folder: str, address: str, who: str, run: str, first: str, step: str, last: str, acts: str) -> None:
    register = Office(None if address == "-" else address, Path(folder)).open(who, make=False)
    print("ready", flush=True)
    states = itertools.chain((CopyState.PRINTED,), itertools.cycle((CopyState.ISSUED, CopyState.RETURNED)))
    copies = ((state, number) for state in states for number in range(int(first), int(last) + 1, int(step)))
    for state, number in itertools.islice(copies, int(acts)):
        record_copies(register, state, Selection(run=run, numbers=str(number)), None)


main(*sys.argv[1:])
