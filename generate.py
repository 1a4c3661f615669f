#!/usr/bin/env python3
"""Make a policy brief and a one-page fact sheet from content.yaml. `generate.py --help` says how."""

from briefing.__main__ import main

if __name__ == "__main__":
    main()
