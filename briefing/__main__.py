"""The way in, however the program is started: as `generate.py`, as `briefing` or with `python -m briefing`."""

import sys

from briefing import program


def main() -> None:
    """Run the command line; says so where a library is not installed."""
    try:
        from briefing.cli import entry

        entry.main()
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.startswith("briefing"):
            raise
        hint = "run make once, then .venv/bin/python generate.py"
        if program.name() != program.SCRIPT:
            hint = (
                f"install the program again with all that it needs: {sys.executable} -m pip install --force-reinstall"
            )
        print(f"error: the Python package {missing.name} is not installed here [library-missing]", file=sys.stderr)
        print(f"  hint: {hint}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
