"""A note at the foot of a page stands on the page that calls it, however far blocks are apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.documents.setting import Setting
from briefing.layout import copyfit
from briefing.layout.typesetter import typesetter
from briefing.pipeline.laying import renderer
from tests.support.builds import GOOD, briefing_of, orders

NOTED = GOOD.replace("{{rides}} rides.", "{{rides}} rides.[^a]\n        notes: {a: On weekdays.}", 1)

pytestmark = pytest.mark.slow


def test_a_short_page_with_a_note_is_one_page_at_every_spacing_that_fitting_tries_first(tmp_path: Path) -> None:
    (job,) = orders(briefing_of(NOTED), tmp_path, "letter", tmp_path, ("brief",))
    render = renderer(job, typesetter(job.templates / "fonts", job.tokens.faces))
    for space in (*copyfit.SPACE, copyfit.LEAST, 1.0):
        sheets = render(Setting(space), frozenset()).layout.sheets
        assert [sheet.foot_px > 0 for sheet in sheets] == [True], space
