#!/usr/bin/env python3
"""Make a policy brief and a one-page fact sheet from content.yaml. `generate.py --help` says how."""

import _signal  # type: ignore[import-not-found]  # what signal is made of: it is there at once, and imports nothing
import os
import sys

if __name__ == "__main__":
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, lambda *_: os._exit(130))  # an import may swallow what a signal raises
    try:
        from briefing.__main__ import main

        main()
    except KeyboardInterrupt:  # after all that hears it
        sys.exit(130)
