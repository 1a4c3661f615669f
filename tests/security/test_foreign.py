"""PDFs of others: whatever swells, repeats itself or brings a library down ends in a finding, within seconds."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from briefing import api
from briefing.cli import console
from briefing.design.outputs import OutputName
from briefing.findings import Refused
from briefing.proofing import foreign_file
from tests.support.examples import times, usually

MEGABYTE = 1 << 20
SECONDS = 25.0


def zeros(megabytes: int) -> bytes:
    """A deflated stream of so many megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    sum_ = (megabytes * MEGABYTE % 65521) << 16 | 1
    return b"\x78\x9c" + chunk * megabytes + b"\x03\x00" + sum_.to_bytes(4, "big")


def page(content: bytes = b"") -> Pdf:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.pages[0].Contents = pdf.make_stream(content)
    return pdf


def saved(pdf: Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, fix_metadata_version=False, **how)  # type: ignore[arg-type]
    return out.getvalue()


def metadata() -> bytes:
    pdf, data = page(), zeros(4_000)
    pdf.Root.Metadata = pdf.make_stream(b"METADATA", Type=Name.Metadata, Subtype=Name.XML)
    plain = saved(pdf, compress_streams=False)
    head, tail = plain.split(b"METADATA")
    head = head.replace(b"/Length 8", b"/Length %d/Filter/FlateDecode" % len(data))
    return head + data + tail  # the places of what follows are told wrong, and mended by every reader


def object_stream() -> bytes:
    data = zeros(4_000)
    head = b"%%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    start = len(head + data) + len(b"\nendstream endobj\n")
    table = (
        b"\0" * 5 + b"\1" + (9).to_bytes(4, "big") + b"\2" + (1).to_bytes(4, "big") + b"\1" + start.to_bytes(4, "big")
    )
    told = b"3 0 obj<</Type/XRef/Size 4/W[1 4 0]/Root 2 0 R/Length %d>>stream\n" % len(table)
    return head + data + b"\nendstream endobj\n" + told + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % start


def cross_references() -> bytes:
    data, head = zeros(4_000), b"%PDF-1.7\n"
    told = b"1 0 obj<</Type/XRef/Size 4/W[1 4 0]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    return head + told + data + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(head)


def inline_images() -> bytes:
    return saved(page(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n" * times(200_000, at_night=500_000)))


def heads() -> bytes:
    pdf = page()
    rows = Array()
    for _ in range(times(400, at_night=1_000)):
        cells = Array(Dictionary(S=Name.TH, A=Dictionary(O=Name.Table, Scope=Name.Column)) for _ in range(20))
        rows.append(pdf.make_indirect(Dictionary(S=Name.TR, K=cells)))
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.Table, K=rows))
    )
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return saved(pdf)


def items() -> bytes:
    pdf = page()
    items = Array(Dictionary(S=Name.LI) for _ in range(times(15_000, at_night=30_000)))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.L, K=items)))
    return saved(pdf)


def doctype() -> bytes:
    pdf = page()
    pdf.Root.Metadata = pdf.make_stream(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", Type=Name.Metadata, Subtype=Name.XML
    )
    return saved(pdf)


def crash() -> bytes:
    return b"%PDF-1.7\n" + b"1 0 obj\n" + b"[" * 3_000_000


MADE: tuple[Callable[[], bytes], ...] = (
    metadata,
    object_stream,
    cross_references,
    inline_images,
    heads,
    items,
    doctype,
    crash,
)


@pytest.mark.slow
@pytest.mark.parametrize("make", MADE)
def test_a_hostile_file_gets_an_answer_within_seconds(make: Callable[[], bytes], tmp_path: Path, capfd) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(make())
    asks: list[Callable[[], object]] = [
        lambda: foreign_file.read_file_aloud(file, "file.pdf"),
        lambda: api.preflight(file, use="press"),  # looks at all that the other uses look at, and at inks
    ]
    more: list[Callable[[], object]] = [lambda: api.preflight(file)]
    for ask in usually(asks, more):
        began, codes = time.monotonic(), set[str]()
        try:
            ask()
        except Refused as refused:
            codes = {finding.code for finding in refused.findings}
        print(make.__name__, round(time.monotonic() - began, 1), codes)
        assert codes <= {"pdf-limit", "pdf-unsound"}
        assert time.monotonic() - began < SECONDS
    assert "Traceback" not in capfd.readouterr().err


def test_words_of_a_file_are_shown_without_what_a_terminal_would_obey(tmp_path: Path) -> None:
    pdf = page()
    pdf.docinfo.Title = "a\x1b]0;pwned\x07\u202eb"
    file = tmp_path / "file.pdf"
    pdf.save(file)
    for said in (foreign_file.read_file_aloud(file, "file.pdf"), api.preflight(file).report):
        assert "a<U+001B>]0;pwned<U+0007><U+202E>b" in console.visible(said)


def test_a_bug_stays_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Traceback"):
        foreign_file._in_child(bug, tmp_path / "x", "x", OutputName.READING)


def bug(*_: object) -> str:
    raise KeyError("a bug")
