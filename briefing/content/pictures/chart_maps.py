"""What a chart of `kind: map` says besides its values: which places it shows, and where its classes end."""

from typing import Literal

from pydantic import Field

from briefing.content.pictures.map_blocks import Bounds
from briefing.content.scalars import Number, Plain, Record


class ChartMap(Record):
    """Places in tints by their values: countries within bounds, or the states of the United States."""

    of: Literal["countries", "us-states"] = "countries"
    bounds: Bounds | None = Field(None, description="What of the globe is shown at least; for countries.")
    breaks: tuple[Number, ...] = Field(
        min_length=1, max_length=3, description="Where a class ends and the next begins, upwards."
    )
    hot: Literal["highest", "lowest"] | None = Field(None, description="The class in the one hot colour.")
    no_value: tuple[Plain, ...] = Field(
        (), description="Places of which nothing is known; states that have no row are among them."
    )

    @property
    def credit(self) -> str:
        """Whose shapes of places are drawn."""
        return "US Census Bureau" if self.of == "us-states" else "Natural Earth"
