"""Content, pictures and PDFs that have been harmed at random: each is taken or refused, and nothing else happens.

A few hundred examples in every run; `make nightly` tries twenty times as many, for about ten minutes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from briefing.checks import answers, image_rules
from briefing.cli import report
from briefing.content import yaml_reader
from briefing.design.outputs import OutputName
from briefing.documents.manuscript import manuscript_of
from briefing.findings import Finding, Place, Refused
from briefing.pdf import read_file
from briefing.pipeline import edition_history, publish
from briefing.pipeline.load import check_content, check_dates, check_wording
from briefing.preflight.preflight import format_report, judge, read_facts
from briefing.proofing import screen_reader
from tests.support.builds import GOOD, OTHER, TEMPLATES, TODAY
from tests.support.examples import examples, times

OFTEN = {"deadline": None, "suppress_health_check": list(HealthCheck)}
ODD = (
    *("", " ", "\t", "\r", "\0", "\ufeff", "\u202e", "½", "１２", "é", "\U0001f600"),
    *("{{rides}}", "{{rides|", "[@census]", "&#49;", "**", "](x)", "`", "<b>", "[^a]", "[#a]", "{lang=é}"),
    *("[", "]", "{", "}", ":", "- ", "#", "&a ", "*a", "!!int ", "|", ">", "'", '"', "%", "@", "---\n", "<<: ", "? "),
    *("~", "null", "-1", "1e999", ".inf", ".nan", "0x10", "1_000", "2024-02-30", "2024-13", "99999999999999999999"),
)
OF_BYTES = (
    *(b"", b"\0", b"\xff", b"<<", b">>", b"[", b"]", b"(", b")", b" R"),
    *(b"obj", b"endobj", b"stream\n", b"-1", b"9" * 20),
)
JOURNAL = json.dumps([{"temporary": ".publish-0-new", "final": "a.pdf", "kept": "", "sha256": "0"}]).encode()


def many(count: int) -> settings:
    """So many examples, and at night far more than other tests try."""
    usual = settings().max_examples <= 100  # the same ones in every usual run
    return examples(count * (1 if usual else 8), derandomize=usual, **OFTEN)


@st.composite
def harmed_text(draw: st.DrawFn, text: str) -> str:
    """A text of lines with some of them cut, doubled, moved, indented, or with something odd in them."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line, kind = lines[at], draw(st.integers(0, 6))
        column = draw(st.integers(0, len(line)))
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif kind == 2:
            lines[at] = line[:column]
        elif kind == 3:
            lines[at] = " " * draw(st.integers(0, 6)) + line.lstrip()
        elif kind == 4:
            lines[at] = line[:column] + draw(st.sampled_from(ODD)) + line[column:]
        elif kind == 5:
            lines[at] = line.partition(":")[0] + ": " + draw(st.sampled_from(ODD))
        else:
            lines[at] = line[:column] + draw(st.text(max_size=5)) + line[column:]
        lines = lines or [""]
    return "\n".join(lines)


@st.composite
def harmed_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes with some of them changed, cut, doubled or replaced."""
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        end = at + draw(st.integers(0, 40))
        more = draw(st.one_of(st.sampled_from(OF_BYTES), st.binary(max_size=8), st.just(data[at:end] * 3)))
        data = data[:at] + more + data[end if draw(st.booleans()) else at :]
    return data


def told(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        assert report.as_text(finding)
        assert json.loads(report.as_json(finding))


def taken(data: bytes, folder: Path) -> None:
    """All that is done with content before pages are made."""
    try:
        manuscript = manuscript_of(yaml_reader.parse(data, "content.yaml"), TEMPLATES)
        manuscript = check_wording(check_dates(check_content(manuscript, folder), TODAY))
        told(answers.apply_answers(manuscript.locate(manuscript.findings), manuscript.briefing)[0])
    except Refused as refused:
        told(refused.findings)


@many(60)
@given(harmed_text(GOOD))
def test_harmed_content_is_taken_or_refused(text: str) -> None:
    taken(text.encode("utf-8", "surrogatepass"), TEMPLATES)


@pytest.mark.slow
@many(times(10, at_night=20))
@given(harmed_text(OTHER.read_text(encoding="utf-8")))
def test_harmed_content_of_every_kind_of_block_is_taken_or_refused(text: str) -> None:
    taken(text.encode("utf-8", "surrogatepass"), OTHER.parent)


@many(60)
@given(harmed_bytes(GOOD.encode()))
def test_content_with_harmed_bytes_is_taken_or_refused(data: bytes) -> None:
    taken(data, TEMPLATES)


def tagged() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    form = pdf.make_stream(b"0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    page.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(X=form))
    text = b"/P <</MCID 0>> BDC BT /F 12 Tf 20 100 Td (Some words) Tj ET EMC /X Do 1 0 0 rg 3 3 50 20 re f"
    page.Contents = pdf.make_stream(text + b" BI /W 1 /H 1 /BPC 8 /CS /G ID x EI")
    part = pdf.make_indirect(Dictionary(S=Name.P, K=0, Pg=page))
    row = Dictionary(S=Name.TR, K=Array([Dictionary(S=Name.TH, K=part), Dictionary(S=Name.TD)]))
    tree = Dictionary(Type=Name.StructTreeRoot, K=Array([part, Dictionary(S=Name.Table, K=Array([row]))]))
    pdf.Root.StructTreeRoot = pdf.make_indirect(tree)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, static_id=True)
    return out.getvalue()


@many(60)
@given(harmed_bytes(tagged()))
def test_a_harmed_pdf_is_judged_or_refused(data: bytes) -> None:
    for use in (OutputName.READING, OutputName.PRESS):
        facts = read_facts(data, "file.pdf", use)
        findings = judge(facts, use)
        told(findings)
        assert format_report(facts, findings, use)
    try:
        with read_file.refuse_unsound("file.pdf"):
            screen_reader.format_lines(screen_reader.read_aloud(data))
    except Refused as refused:
        told(refused.findings)


def saved(kind: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).convert("RGB").save(out, kind, progressive=True)
    return out.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'><g id='a'><rect width='3'/></g><use href='#a'/></svg>"


@pytest.mark.parametrize("check", [image_rules._raster, image_rules._drawn], ids=["raster", "drawn"])
@many(40)
@given(data=st.data())
def test_a_harmed_picture_is_taken_or_refused(check: Callable[..., Iterable[Finding]], data: st.DataObject) -> None:
    seeds = [saved("PNG"), saved("JPEG")] if check is image_rules._raster else [SVG]
    harmed = data.draw(harmed_bytes(data.draw(st.sampled_from(seeds))))
    told(tuple(check(harmed, "picture", Place("content.yaml", 1, 1))))


@many(60)
@given(harmed_bytes(JOURNAL))
def test_a_harmed_journal_or_manifest_is_put_aside(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("out")
    (folder / ".publish-journal").write_bytes(data)
    told(publish.recover(folder))
    (folder / publish.MANIFEST).write_bytes(data)
    edition_history.read_last_edition(folder)
