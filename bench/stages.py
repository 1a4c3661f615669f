"""One cold build in one process, one step after the other: the seconds of each step, as JSON on standard output.

`generate.py` does the same work, but draws and typesets in processes of their own and both documents side by side, so
these seconds add up to more than a run takes. With `--pages DIR`, the laid pages are also written there as HTML with
their pictures, for others to typeset.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from briefing.order import Order
    from briefing.proof import Proof


class Watch:
    """Seconds by step, in the order in which the steps were first met."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        """Add what happens inside to a step."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - began


def build(watch: Watch) -> tuple[dict[str, Order], dict[str, Proof]]:
    """Do a whole build of the flagship without any cache, and without the child processes of the press."""
    with watch("load the program"):
        from briefing import audit, checks, editorial, ledger, pictures, publish, schema, source
        from briefing.editions import FILES
        from briefing.paper import PAPERS
        from briefing.tokens import read_tokens
        from briefing.wording import read_wording

    with watch("read content.yaml"):
        read = source.read(ROOT / "content.yaml", "content.yaml")
        content = schema.build(read)
        wording = read_wording(TEMPLATES, content.briefing.language, content.units, read.place(("briefing",)))
    with watch("reckon figures and check"):
        book, _ = ledger.build(content, wording, read.place)
        checks.check(content, book, wording, ROOT, read.place)
        audit.audit(content, book, content.briefing.date, read.place)
        editorial.check(content, book, wording, read.place)

    paper = PAPERS[content.briefing.paper]
    documents = content.DOCUMENTS
    with watch("draw charts and maps"):
        room = pictures.Room(wording, read_tokens(TEMPLATES), paper, TEMPLATES, read.place)
        wanted = pictures.plan(content, book, documents, room)
        blank = pictures.blanks(content, documents, room, ROOT)
        drawn, _ = pictures.drawn(wanted, blank, room, None)
    with watch("load the typesetter"):
        from briefing import order as ordering
        from briefing import readback, typeset  # noqa: F401
        from briefing.finish import finish  # noqa: F401
    made = ordering.orders(content, book, documents, room, drawn)
    orders = {order.document: order for order in made}
    proofs = {name: _typeset(order, watch) for name, order in orders.items()}
    with watch("publish"):
        out = Path(tempfile.mkdtemp())
        publish.publish({FILES[name]: proof.pdf for name, proof in proofs.items()}, out, {})
        shutil.rmtree(out)
    return orders, proofs


def _typeset(order: Order, watch: Watch) -> Proof:
    """Make a document with a watch on what is done to its pages; the rest of its time goes to words and HTML."""
    from briefing import asked, complete, photocopy, readback, typeset
    from briefing.finish import finish
    from briefing.preflight import judge
    from briefing.proof import make

    title = order.wording.word("document", order.document).lower()

    class Press(typeset.Press):
        def lay(self, html: str, assets: Mapping[str, bytes]) -> typeset.Layout:
            laid.append(html)
            with watch(f"lay the {title}"):
                return super().lay(html, assets)

        def write(self, layout: typeset.Layout, variant: str = "pdf/ua-1") -> Any:
            with watch(f"write the {title}'s PDF"):
                return super().write(layout, variant)

    laid: list[str] = []
    back, copied, judged = f"read the {title} back and hold it", f"look at copies of the {title}", f"judge the {title}"
    proving = (
        (finish, "finish", f"finish the {title}"),
        (readback, "read", back),
        (asked, "script", back),
        (complete, "hold", back),
        (photocopy, "copied", copied),
        (judge, "preflight", judged),
    )
    unwatched = [getattr(module, name) for module, name, _ in proving]
    for (module, name, step), act in zip(proving, unwatched, strict=True):
        setattr(module, name, _watched(act, watch, step))
    before, began, plain = sum(watch.seconds.values()), time.perf_counter(), typeset.Press
    typeset.Press = Press  # type: ignore[misc]
    try:
        proof = make(order)
    finally:
        typeset.Press = plain  # type: ignore[misc]
        for (module, name, _), act in zip(proving, unwatched, strict=True):
            setattr(module, name, act)
    inside = sum(watch.seconds.values()) - before
    rest = "put words into HTML, and measure pages"
    watch.seconds[rest] = watch.seconds.get(rest, 0.0) + time.perf_counter() - began - inside
    counts[title] = len(laid)
    return proof


def _watched(act: Callable[..., Any], watch: Watch, step: str) -> Callable[..., Any]:
    def watched(*arguments: Any) -> Any:
        with watch(step):
            return act(*arguments)

    return watched


counts: dict[str, int] = {}  # how often each document was laid


# ------------------------------------------------------------------ the pages, for others


def export(orders: Mapping[str, Order], proofs: Mapping[str, Proof], folder: Path) -> None:
    """Write each document as HTML that stands alone, and the pictures that the Typst documents ask for."""
    from briefing import edition
    from briefing.blocks import MapBlock
    from briefing.editions import FILES
    from briefing.typeset import FACES

    shutil.copytree(TEMPLATES / "fonts", folder / "fonts", dirs_exist_ok=True)
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; src: url(fonts/{file}); }}'
        for file, family, weight, style in FACES
    )
    for name, proof in proofs.items():
        order = orders[name]
        made = edition.build(order.briefing, order.ledger, order.wording, name, order.paper, order.pictures)
        for file, data in made.assets.items():
            (folder / file).write_bytes(data)
        html = proof.html.replace("<style>", f"<style>\n{faces}", 1)
        html = re.sub(r'(\ssrc=")asset:', r"\1", html)
        page = (folder / FILES[name]).with_suffix(".html")
        page.write_text(html, encoding="utf-8")
        # A browser counts `top` from the first page: there the margin blocks stay beside what they accompany.
        browser = html.replace("</style>", ".side { top: auto !important }\n</style>", 1)
        page.with_suffix(".browser.html").write_text(browser, encoding="utf-8")
        for index, block in enumerate(order.briefing.document(name).blocks):
            if isinstance(block, MapBlock):
                (folder / "map.svg").write_bytes(order.pictures[index].data)


def main() -> None:
    """Build, and say how long each step took."""
    watch = Watch()
    orders, proofs = build(watch)
    if sys.argv[1:2] == ["--pages"]:
        export(orders, proofs, Path(sys.argv[2]))
    print(json.dumps({"seconds": watch.seconds, "laid": counts}))


if __name__ == "__main__":
    main()
