"""What a test needs of the system beside Python: where it is missing, the test is told as not run.

With `CI=true` it fails: there everything is installed, and a promise that nobody has examined is not kept.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import NoReturn

import pytest

_NOT_RUN = "not run: "


def not_run(why: str) -> NoReturn:
    """End a test that this machine cannot run; the reason stands once at the end of all tests."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{_NOT_RUN}{why}", pytrace=False)
    pytest.skip(f"{_NOT_RUN}{why}")


def told_at_the_end(reports: list[pytest.TestReport]) -> list[str]:
    """A line for each reason why tests were not run."""
    reasons = Counter(
        report.longrepr[2].partition(_NOT_RUN)[2]
        for report in reports
        if isinstance(report.longrepr, tuple) and _NOT_RUN in report.longrepr[2]
    )
    return [f"{_NOT_RUN}{why} (tests: {count})" for why, count in sorted(reasons.items())]
