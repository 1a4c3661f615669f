"""What readers and writers of PDF share: matrices, boxes, the interpreter of content, what pdfium finds on a page."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Pdf, Stream

from briefing.pdf import geometry, pdfium
from briefing.pdf.colours import CMYK, Colour, Model
from briefing.pdf.geometry import Box, Matrix
from briefing.pdf.graphics_state import GraphicsState, StateReader
from briefing.pdf.interpreter import Interpreter, StepBudget, follow_page
from briefing.pdf.structure_roles import standard_role

numbers = st.floats(-1000, 1000, allow_nan=False).map(lambda number: round(number, 3))
matrices = st.tuples(*[numbers] * 6)
boxes = st.tuples(*[numbers] * 4).map(geometry.ordered)


@given(matrices, matrices)
def test_matrices_are_multiplied_as_another_library_does_it(one: Matrix, other: Matrix) -> None:
    theirs = pikepdf.Matrix(*one) @ pikepdf.Matrix(*other)
    assert geometry.times(one, other) == pytest.approx(theirs.shorthand, rel=1e-9, abs=1e-6)


@given(boxes, matrices)
def test_boxes_are_moved_as_another_library_does_it(box: Box, by: Matrix) -> None:
    theirs = pikepdf.Matrix(*by).transform(pikepdf.Rectangle(*box))
    assert geometry.transform_box(box, by) == pytest.approx(
        (theirs.llx, theirs.lly, theirs.urx, theirs.ury), rel=1e-9, abs=1e-6
    )


@given(boxes, boxes)
def test_what_boxes_have_in_common_lies_in_both(one: Box, other: Box) -> None:
    common = geometry.intersect(one, other)
    around = geometry.bounds((one, other))
    if common is not None:
        assert geometry.bounds((common, one)) == one
        assert geometry.bounds((common, other)) == other
    assert geometry.intersect(one, around) == one


# ------------------------------------------------------------------ content


class Visits:
    """It keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def fill(self, content: Interpreter, boxes: list[Box]) -> None:
        state = content.state
        self.told.append(("fill", geometry.transform_box(boxes[0], state.ctm), state.fill, content.tags == [True]))
        content.follow_pattern(state.fill_pattern)

    def stroke(self, content: Interpreter, boxes: list[Box], filled: bool) -> None:
        self.told.append(("stroke", content.state.width, filled))

    def text(self, content: Interpreter, placed: Matrix) -> None:
        self.told.append(("text", content.state.size * geometry.along(placed), content.written))

    def shading(self, content: Interpreter, shading: Any) -> None:
        self.told.append(("shading",))

    def image(self, content: Interpreter, name: str, image: Any) -> None:
        self.told.append(("image", name))

    def inline_image(self, content: Interpreter, head: bytes) -> None:
        self.told.append(("inline image", head.strip()))

    def group(self, space: Any, resources: Any) -> None:
        self.told.append(("group", str(space)))

    def missing(self, what: str) -> None:
        self.told.append(("missing", what))


def visits(content: bytes, budget: StepBudget | None = None, form: bytes = b"") -> list[tuple[Any, ...]]:
    with Pdf.new() as pdf:
        seen = Visits()
        page = drawing(pdf, content, form)
        follow_page(page, page.Resources, seen, budget or StepBudget(10_000))
        return seen.told


def drawing(pdf: Pdf, content: bytes, form: bytes) -> Any:
    """A page that may draw a form X, which lies 7 points to the right of where it is drawn."""
    page = pdf.add_blank_page(page_size=(100, 100)).obj
    page.Contents = Stream(pdf, content)
    inner = Stream(pdf, form, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 50], Matrix=[1, 0, 0, 1, 7, 0])
    page.Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(inner)))
    return page


def test_what_is_painted_comes_with_the_state_in_which_it_is() -> None:
    told = visits(b"q 2 0 0 2 10 10 cm 0 0 0 1 k 0 0 5 5 re f Q /Span <</MCID 0>> BDC 3 w 0 0 5 5 re B EMC")
    ink = Colour(CMYK, (0.0, 0.0, 0.0, 1.0))
    assert told[0] == ("fill", (10, 10, 20, 20), ink, False)
    assert told[1][1:] == ((0, 0, 5, 5), GraphicsState().fill, True)
    assert told[2] == ("stroke", 3.0, True)


def test_letters_have_the_size_that_all_matrices_together_give_them() -> None:
    assert visits(b"2 0 0 2 0 0 cm BT /F 10 Tf 3 0 0 3 0 0 Tm (a) Tj ET") == [
        ("missing", "Font F"),
        ("text", 60.0, b" (a) Tj"),
    ]


def test_forms_are_followed_and_leave_no_trace_in_the_state() -> None:
    told = visits(b"/X Do 0 0 1 1 re B", form=b"1 0 0 rg 5 w 0 0 1 1 re f")
    assert [one[0] for one in told] == ["fill", "fill", "stroke"]
    assert told[0][1] == (7, 0, 8, 1)
    assert told[0][2].space.model is Model.RGB
    assert told[1][2].space.model is Model.GREY
    assert told[2][1] == 1.0


def test_what_is_broken_is_skipped_and_what_never_ends_is_stopped() -> None:
    assert visits(b"cm w (a) w /N cs 1 l Q Q 1 1 1 1 re S") == [("missing", "ColorSpace N"), ("stroke", 1.0, False)]
    budget = StepBudget(5)
    assert visits(b"0 0 1 1 re f " * 10, budget)
    assert list(budget.unread) == ["there are too many operators"]


def test_the_state_can_be_followed_without_what_is_painted() -> None:
    reader = StateReader(None, GraphicsState())
    for name, operands in (("q", []), ("k", [0.0, 1.0, 0.0, 0.0]), ("Tr", [3.0]), ("re", [0.0]), ("Tr", [])):
        reader.read(name, operands)
    assert reader.state.fill == Colour(CMYK, (0.0, 1.0, 0.0, 0.0))
    assert reader.state.rendering == 3
    reader.read("Q", [])
    assert reader.state == GraphicsState()


# ------------------------------------------------------------------ pdfium, structure


def test_what_drawings_draw_is_found_where_it_stands() -> None:
    with Pdf.new() as pdf:
        drawing(pdf, b"q 1 0 0 1 20 30 cm /X Do Q 0 0 9 9 re f", b"0 0 5 5 re f")
        out = io.BytesIO()
        pdf.save(out)
    page = pdfium.load_page(out.getvalue(), 0)
    assert [thing.box for thing in pdfium.drawn_objects(page)] == [(27, 30, 32, 35), (0, 0, 9, 9)]
    assert [item.kind for item in pdfium.page_items(page)] == [pdfium.FORM, pdfium.PATH]
    assert pdfium.draw(page, 1.0).size == (100, 100)


def test_a_kind_of_element_may_stand_for_another_that_stands_for_one_of_the_standard() -> None:
    roles = {"Lead": "Intro", "Intro": "P", "Round": "Round"}
    assert [standard_role(named, roles) for named in ("Lead", "P", "Round", "Other")] == ["P", "P", "Round", "Other"]
