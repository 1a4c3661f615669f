#!/usr/bin/env python3
"""Make a policy brief and a one-page fact sheet from content.yaml. `generate.py --help` says how."""

import sys

if __name__ == "__main__":
    try:
        from briefing.cli.entry import main

        main()
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.startswith("briefing"):
            raise
        print(f"error: the Python package {missing.name} is not installed here [library-missing]", file=sys.stderr)
        print("  hint: run make once, then .venv/bin/python generate.py", file=sys.stderr)
        sys.exit(3)
