"""Who makes a briefing: its authors, and who publishes it beside its publisher."""

from typing import Annotated

from pydantic import Discriminator, Field, StringConstraints, Tag

from briefing.content.scalars import Plain, Record, Words


class Author(Record):
    """Who has written the briefing."""

    name: Plain
    role: Plain | None = Field(None, description="Lead author, editor, research.")
    affiliation: Plain | None = Field(None, description="Where; left out for the publisher's own staff.")


class CoPublisher(Record):
    """Who publishes the briefing beside its publisher, with their mark if there is one."""

    name: Plain
    logo: Annotated[Words, StringConstraints(max_length=200)] | None = Field(
        None, description="An SVG, PNG or JPEG beside the content; it stands at the foot of the last page."
    )


def _is_marked(value: object) -> str:
    return "~marked" if isinstance(value, (dict, CoPublisher)) else "~named"


CoPublishers = tuple[
    Annotated[Annotated[Plain, Tag("~named")] | Annotated[CoPublisher, Tag("~marked")], Discriminator(_is_marked)], ...
]


def co_publisher(said: str | CoPublisher) -> CoPublisher:
    """Its record, where content says the name alone."""
    return said if isinstance(said, CoPublisher) else CoPublisher(name=said, logo=None)
