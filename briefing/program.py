"""What the program is: its version, the name by which it was started, where it lies and where its templates are.

A run that finds nothing changed pays for this module, so it imports only what Python has loaded already.
"""

import os
import sys

VERSION = "0.1.0"
PACKAGE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(PACKAGE)  # the checkout, or the folder of libraries that the package is installed in
SCRIPT = "generate.py"  # which starts the program in a checkout
_INSTALLED = os.path.join(PACKAGE, "templates")
TEMPLATES = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.join(ROOT, "templates")
EXAMPLES = os.path.join(os.path.dirname(TEMPLATES), "examples")  # beside them in both


def name() -> str:
    """How a person starts the program, for usage and hints: as this process was started, or as it lies here."""
    started = os.path.basename(sys.argv[0]) if sys.argv else ""
    if started == "__main__.py":
        return "python -m briefing"
    if started in (SCRIPT, "briefing"):
        return started
    return SCRIPT if os.path.exists(os.path.join(ROOT, SCRIPT)) else "briefing"
