"""The status of every edition as plain files for any web server: current, superseded or withdrawn, and recalls.

A page asks for nothing, counts nobody and names no recipient. What a QR code says behind its # stays in the browser,
which checks the letters and says the number of the copy. After the day until which it is looked after, it says so.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from markupsafe import Markup

from briefing.content.records import PaperName
from briefing.distribution.register.schema import CANCELLED, DOCUMENTS, EDITIONS, EVENTS, RECALLS, RUNS
from briefing.documents import html
from briefing.language.wording import Wording, read_wording

_STATES = {
    "current": ("Current", "This edition is current: nothing has replaced it."),
    "superseded": ("Superseded", "Another edition has replaced this one."),
    "withdrawn": ("Withdrawn", "This edition has been withdrawn. Do not use or quote it."),
}
_ASKS = {
    "return": "Please send yours back.",
    "destroy": "Please destroy yours, and say that you have.",
    "insert-slip": "Please put the correction slip into yours.",
    "replace": "Please exchange yours for the new edition.",
}


@dataclass(frozen=True, slots=True)
class StatusFile:
    """A file that was made of an edition."""

    document: str
    use: str
    paper: str
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenRecall:
    """What is asked of those who hold copies."""

    action: str
    reason: str
    since: str  # a day
    number: int  # of the recall


@dataclass(frozen=True, slots=True)
class EditionStatus:
    """What the public may know of an edition."""

    slug: str
    number: int
    language: str
    title: str
    dated: str
    state: str
    superseded_by: str  # the name of an edition; "" where none is named
    reason: str
    files: tuple[StatusFile, ...]
    recalls: tuple[OpenRecall, ...]
    changed: str  # the day on which its state was recorded

    @property
    def name(self) -> str:
        """How it is called, and its folder."""
        return f"{self.slug}-{self.number}"


def read_statuses(connection: sa.Connection, today: datetime.date) -> tuple[EditionStatus, ...]:
    """All editions of a register, by name and number, but for those that are under an embargo."""
    rows = connection.execute(sa.select(EDITIONS).order_by(EDITIONS.c.slug, EDITIONS.c.number, EDITIONS.c.id)).all()
    changed = _changes(connection)
    return tuple(
        EditionStatus(
            row.slug,
            row.number,
            row.language,
            row.title,
            row.dated,
            row.state,
            row.superseded_by or "",
            row.reason or "",
            _files(connection, row.id),
            _recalls(connection, row.id),
            changed.get(row.id, row.dated),
        )
        for row in rows
        if row.released or not row.embargo or row.embargo[:10] < today.isoformat()
    )


def _files(connection: sa.Connection, edition: int) -> tuple[StatusFile, ...]:
    live = sa.select(RUNS.c.document).where(RUNS.c.state != CANCELLED)
    query = sa.select(DOCUMENTS).where(DOCUMENTS.c.edition == edition, DOCUMENTS.c.id.in_(live))
    query = query.order_by(DOCUMENTS.c.id)
    return tuple(
        StatusFile(row.name, row.used_for, row.paper, row.pages, row.sha256) for row in connection.execute(query)
    )


def _recalls(connection: sa.Connection, edition: int) -> tuple[OpenRecall, ...]:
    query = sa.select(RECALLS).where(RECALLS.c.edition == edition, RECALLS.c.closed.is_(None)).order_by(RECALLS.c.id)
    return tuple(OpenRecall(row.action, row.reason, row.opened[:10], row.id) for row in connection.execute(query))


def _changes(connection: sa.Connection) -> dict[int, str]:
    """The day of the last change of each edition's state."""
    found = dict[int, str]()
    query = sa.select(EVENTS.c.at, EVENTS.c.body).where(EVENTS.c.act.in_(("superseded", "withdrawn")))
    for at, body in connection.execute(query.order_by(EVENTS.c.seq)):
        for change in json.loads(body)["changes"]:
            if change.get("set") == "editions":
                found[int(change["key"]["id"])] = at[:10]
    return found


def make_site(
    editions: Sequence[EditionStatus], templates: Path, today: datetime.date, days: int
) -> Iterator[tuple[str, str, bytes]]:
    """The files of the site: folder, name and bytes; the same for the same register on the same day."""
    names = {one.name for one in editions}
    review_by = today + datetime.timedelta(days)
    for one in editions:
        told = {"version": 1, **asdict(one), "as_of": str(today), "review_by": str(review_by)}
        yield one.name, "index.html", _page(one, names, templates, review_by).encode()
        yield one.name, "status.json", _json(told)
    yield "", "feed.json", _json(_feed(editions))


def _page(one: EditionStatus, names: set[str], templates: Path, review_by: datetime.date) -> str:
    wording, (heading, says) = read_wording(templates, one.language, {}), _STATES[one.state]

    def day(text: str) -> str:
        return wording.date(datetime.date.fromisoformat(text))

    style = (templates / "status" / "page.css").read_text(encoding="utf-8")
    script = (templates / "status" / "page.js").read_text(encoding="utf-8")
    script = script.replace("REVIEW_BY", str(review_by)).replace("REVIEW_DAY", wording.date(review_by))
    current = {"href": f"../{one.superseded_by}/", "name": one.superseded_by} if one.superseded_by in names else None
    shown: Mapping[str, object] = {
        "edition": one,
        "heading": heading,
        "says": says,
        "dated": day(one.dated),
        "current": current,
        "recalls": [{**asdict(each), "since": day(each.since), "asks": _ASKS[each.action]} for each in one.recalls],
        "files": [{**asdict(file), "name": _named(file, wording)} for file in one.files],
        "review_by": wording.date(review_by),
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    return html.sheet(templates, "status.html.j2", shown)


def _named(file: StatusFile, wording: Wording) -> str:
    """“Policy brief, office copy, A4”."""
    paper = "US Letter" if file.paper == PaperName.LETTER else file.paper.upper()
    return ", ".join((wording.word("document", file.document), wording.word("use", file.use), paper))


def _hash(text: str) -> str:
    """What a Content-Security-Policy lets pass (CSP 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _feed(editions: Sequence[EditionStatus]) -> dict[str, object]:
    """What has happened, as a JSON Feed 1.1."""
    items = list[dict[str, str]]()
    for one in editions:
        if one.state != "current":
            heading, says = _STATES[one.state]
            items.append(
                _item(f"{one.name}-{one.state}", f"{heading}: {one.title}", f"{says} {one.reason}", one.changed)
            )
        items += [
            _item(
                f"{one.name}-recall-{recall.number}",
                f"Called back: {one.title}",
                f"{_ASKS[recall.action]} {recall.reason}",
                recall.since,
            )
            for recall in one.recalls
        ]
    items.sort(key=lambda item: (item["date_published"], item["id"]), reverse=True)
    return {"version": "https://jsonfeed.org/version/1.1", "title": "Status of editions", "items": items}


def _item(name: str, title: str, text: str, day: str) -> dict[str, str]:
    return {"id": name, "title": title, "content_text": text.strip(), "date_published": f"{day}T00:00:00Z"}


def _json(told: Mapping[str, object]) -> bytes:
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()
