#!/usr/bin/env python3
"""Make a policy brief and a one-page fact sheet from content.yaml. `generate.py --help` says how."""

import sys

if __name__ == "__main__":
    try:
        from briefing.__main__ import main

        main()
    except KeyboardInterrupt:  # before or after all that hears it
        sys.exit(130)
