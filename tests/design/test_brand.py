"""A brand is data: every fault of it is told at its line, one colour is enough, and fonts and marks are judged."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from briefing.checks.image_rules import picture_faults
from briefing.design.brand import brand_file, colour, fonts, palette
from briefing.design.brand.fitting import FittedBrand, fit
from briefing.design.brand.records import BrandRecord
from briefing.design.tokens import PROFILE, read_tokens
from briefing.findings import Finding, Refused
from tests.support.builds import ROOT, TEMPLATES

CYAN = ROOT / "tests" / "brands" / "cyan"
HOUSE = read_tokens(TEMPLATES)
NINE = ("#0b3f5c", "#00b3ff", "#ff6a00", "#009edb", "#c8102e", "#a4d233", "#5b2a86", "#14532d", "#111111")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10" fill="#123456"/>{}</svg>'
)
REGULAR = CYAN / "fonts" / "PublicSans_400Regular.ttf"


def fitted(folder: Path, text: str) -> FittedBrand:
    """A brand that was read and judged."""
    (folder / "brand.yaml").write_text(f"brand: 1\n{text}", encoding="utf-8")
    return fit(brand_file.read(folder / "brand.yaml", "brand.yaml"), TEMPLATES, picture_faults)


def told(folder: Path, text: str) -> tuple[Finding, ...]:
    """All that is said of a brand, whether it can be read or not."""
    try:
        return fitted(folder, text).findings
    except Refused as refused:
        return refused.findings


def codes(found: tuple[Finding, ...]) -> set[tuple[str, int]]:
    return {(one.code, one.place.line) for one in found}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "type-wrong", "the file holds nothing"),
        ("- a\n", "type-wrong", "must hold keys such as brand:"),
        ("brand: 1\nwords: {Document.brief: x}\n", "id-malformed", '"Document.brief"'),
        ("brand: 1\ncolour: {cmyk: {foo: [1, 2, 3, 4]}}\n", "choice-unknown", '"foo" is no choice for "cmyk"'),
        (f"brand: 1\nlogo: {{file: a.svg, alt: A, height_mm: {'9' * 5000}}}\n", "number-malformed", '"height_mm"'),
        (f"brand: 1\nlook: {'x ' * 2000}\n", "choice-unknown", "no choice for"),
    ],
)
def test_a_file_that_is_no_brand_is_told_in_words_of_a_brand(tmp_path: Path, text: str, code: str, said: str) -> None:
    (tmp_path / "brand.yaml").write_text(text)
    with pytest.raises(Refused) as refused:
        brand_file.read(tmp_path / "brand.yaml", "brand.yaml")
    (found,) = refused.value.findings
    assert found.code == code
    assert said in found.message
    assert len(found.message) <= 300
    assert "new DIR" not in found.hint
    assert "hyphens" not in found.hint


# ------------------------------------------------------------------ colour


def test_an_area_on_which_no_type_can_be_read_is_darkened_and_told(tmp_path: Path) -> None:
    made = fitted(tmp_path, 'colour: {brand: "#ff0000"}\n')
    area = made.dress.colour["brand"]
    assert area != "#ff0000"
    assert any(f"areas are printed in {area}" in one.message for one in made.findings if one.code == "brand-mended")


@pytest.mark.parametrize("given", NINE)
def test_one_colour_gives_all_roles_and_every_grave_rule_holds(given: str) -> None:
    own = palette.derived(given, HOUSE.colour)
    recipes = {role: colour.recipe(one, TEMPLATES / PROFILE).inks for role, one in own.items()}
    rules = list(palette.held({**HOUSE.colour, **own}, recipes, TEMPLATES / PROFILE))
    assert [rule.told for rule in rules if rule.grave and not rule.holds] == []
    assert colour.contrast(own["brand"], own["on-brand"]) >= 4.5
    cyan, magenta, yellow, _ = recipes["accent"]
    assert min(cyan, magenta, yellow) < 30, "type in four inks has unsharp edges"
    assert sum(recipes["accent"]) <= 240


@pytest.mark.parametrize("given", ["#c8102e", "#e4002b", "#b5121b", "#d9480f", "#8a0f3c", "#14532d", "#00693e"])
def test_what_stands_out_is_of_another_hue_than_the_brand_and_never_violet_beside_red_or_green(given: str) -> None:
    own = palette.derived(given, HOUSE.colour)
    red, green, blue = colour.rgb(own["signal"])
    assert colour.distance(own["signal"], own["accent"]) >= 55
    assert not green < min(red, blue), own["signal"]


def test_the_houses_own_colours_hold_every_rule_that_a_brand_is_held_to() -> None:
    rules = palette.held(HOUSE.colour, HOUSE.cmyk, TEMPLATES / PROFILE)
    assert [rule.told for rule in rules if rule.grave and not rule.holds] == []


def test_a_bright_colour_is_darkened_for_type_and_the_ratios_are_told(tmp_path: Path) -> None:
    made = fitted(tmp_path, 'colour: {brand: "#00b3ff"}\n')
    said = " ".join(one.message for one in made.findings if one.code == "brand-mended")
    assert re.search(r"#00b3ff \(2\.4:1 on paper\) is darkened to #\w{6} \(\d\.\d:1\)", said)
    assert colour.contrast(made.dress.colour["accent"], "#ffffff") >= 4.5
    assert made.dress.colour["brand"] == "#00b3ff", "areas keep the colour as it was given"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('colour: {accent: "#00b3ff"}', "brand-contrast"),
        ('colour: {brand: "#0b3f5c", accent: "#606060"}', "brand-grey"),
        ('colour: {brand: "#0b3f5c", signal: "#0b3f5c"}', "brand-blind"),
        ('colour: {brand: "#0b3f5c", cmyk: {accent: [90, 80, 70, 80]}}', "brand-ink"),
        ("colour: {brand: blue}", "colour-malformed"),
        ("colour: {brand: #009edb}", "yaml-start"),
        ('colour: {cmyk: {accent: [1, 2, 3]}, brand: "#0b3f5c"}', "count-wrong"),
        ('colour: {cmyk: {accent: [1, 2, 3, 400]}, brand: "#0b3f5c"}', "range-wrong"),
        ("colours: {}", "key-unknown"),
        ("look: baroque", "choice-unknown"),
    ],
)
def test_a_colour_that_breaks_a_rule_is_refused_at_its_line(tmp_path: Path, text: str, code: str) -> None:
    found = told(tmp_path, text)
    assert (code, 2) in codes(found), found
    assert all(one.hint for one in found)


def test_what_no_ink_can_show_and_a_spot_colour_are_told_with_the_recipe(tmp_path: Path) -> None:
    found = told(tmp_path, 'colour: {brand: "#ff6a00", spot: PANTONE 1505 C}')
    assert {"brand-gamut", "brand-spot"} <= {one.code for one in found}
    assert re.search(r"PANTONE 1505 C is printed as \d+/\d+/\d+/\d+", " ".join(one.message for one in found))


# ------------------------------------------------------------------ fonts


def changed(change: Callable[[TTFont], None]) -> bytes:
    """A font with one thing changed."""
    out = io.BytesIO()
    with TTFont(REGULAR) as font:
        change(font)
        font.save(out)
    return out.getvalue()


def without_sign(font: TTFont) -> None:
    for table in font["cmap"].tables:
        table.cmap.pop(ord("≈"), None)


def restricted(bits: int) -> Callable[[TTFont], None]:
    def change(font: TTFont) -> None:
        font["OS/2"].fsType = bits

    return change


def variable(font: TTFont) -> None:
    from fontTools.fontBuilder import FontBuilder

    builder = FontBuilder(font=font)
    builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])


def beyond(font: TTFont) -> None:
    """With a figure whose glyph is not there."""
    count = font["maxp"].numGlyphs
    for table in font["cmap"].tables:
        table.cmap[ord("7")] = f"glyph{count + 9:05d}"


def flat(font: TTFont) -> None:
    for digit in "0123456789":
        font["hmtx"][font.getBestCmap()[ord(digit)]] = (0, 0)


def without_unit(font: TTFont) -> None:
    font["head"].unitsPerEm = 0


def widthless(data: bytes) -> bytes:
    """A font without the table of widths."""
    count = int.from_bytes(data[4:6])
    rows = [data[12 + 16 * row : 28 + 16 * row] for row in range(count)]
    return (
        data[:12] + b"".join(b"hxtx" + row[4:] if row[:4] == b"hmtx" else row for row in rows) + data[12 + 16 * count :]
    )


def packed() -> bytes:
    out = io.BytesIO()
    with TTFont(REGULAR) as font:
        font.flavor = "woff"
        font.save(out)
    return out.getvalue()


def named_with_ampersand(font: TTFont) -> None:
    font["name"].setName("A & B", 16, 3, 1, 0x409)


FONTS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "packed for the web": ("brand-font-broken", packed),
    "overwritten": ("brand-font-broken", lambda: REGULAR.read_bytes()[:-200] + bytes(200)),
    "figures without a width": ("brand-font-broken", lambda: changed(flat)),
    "no unit": ("brand-font-broken", lambda: changed(without_unit)),
    "no table of widths": ("brand-font-broken", lambda: widthless(REGULAR.read_bytes())),
    "a name with an ampersand": ("brand-font-broken", lambda: changed(named_with_ampersand)),
    "no font": ("brand-font-broken", lambda: b"\0\1\0\0 no font"),
    "a glyph that is not there": ("brand-font-signs", lambda: changed(beyond)),
    "a sign that is not there": ("brand-font-signs", lambda: changed(without_sign)),
    "not to be embedded": ("brand-font-restricted", lambda: changed(restricted(2))),
    "not to be cut": ("brand-font-restricted", lambda: changed(restricted(0x100))),
    "to be read and printed": ("brand-font-print-only", lambda: changed(restricted(4))),
    "variable": ("brand-font-variable", lambda: changed(variable)),
}


@pytest.mark.parametrize(("code", "make"), [pytest.param(*case, id=name) for name, case in FONTS.items()])
def test_a_font_that_cannot_be_printed_with_is_named_with_its_reason(
    tmp_path: Path, code: str, make: Callable[[], bytes]
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "Own.ttf").write_bytes(make())
    found = told(tmp_path, "font: {sans: own}")
    (one,) = [one for one in found if one.code == code]
    assert "own/Own.ttf" in one.message
    assert one.place.line == 2
    assert one.severity == ("warning" if code == "brand-font-print-only" else "error")


def test_outlines_by_cid_are_refused(tmp_path: Path) -> None:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef"])
    pen = T2CharStringPen(500, None)
    builder.setupCFF("Own", {}, {".notdef": pen.getCharString()}, {})
    builder.setupCharacterMap({})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    top = builder.font["CFF "].cff.topDictIndex[0]
    top.ROS = ("Adobe", "Identity", 0)
    top.CIDCount = 1
    _with_one_font_dictionary(top)
    (tmp_path / "own").mkdir()
    builder.save(tmp_path / "own" / "Own.otf")
    assert "brand-font-cid" in {one.code for one in told(tmp_path, "font: {sans: own}")}


def _with_one_font_dictionary(top: object) -> None:
    """What a font by CID has instead of one private dictionary."""
    from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict

    dictionary = FontDict()
    dictionary.Private = top.Private  # type: ignore[attr-defined]
    dictionary.setCFF2(False)
    top.FDArray = FDArrayIndex()  # type: ignore[attr-defined]
    top.FDArray.append(dictionary)  # type: ignore[attr-defined]
    top.FDSelect = FDSelect()  # type: ignore[attr-defined]
    top.FDSelect.format, top.FDSelect.gidArray = 0, [0]  # type: ignore[attr-defined]
    del top.Private  # type: ignore[attr-defined]
    top.charset = [".notdef"]  # type: ignore[attr-defined]


def test_a_folder_without_fonts_and_one_elsewhere_are_refused(tmp_path: Path) -> None:
    assert codes(told(tmp_path, "font: {sans: none}")) == {("brand-font-missing", 2)}
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Own.woff2").write_bytes(b"wOF2")
    (found,) = told(tmp_path, "font: {sans: web}")
    assert "convert" in found.hint
    assert codes(told(tmp_path, "font: {sans: ../fonts}")) == {("brand-outside", 2)}


def test_a_font_without_licence_or_italic_is_told_and_what_it_says_of_itself_is_kept(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()

    def silent(font: TTFont) -> None:
        font["name"].names = [one for one in font["name"].names if one.nameID not in (13, 14)]

    (tmp_path / "own" / "Own.ttf").write_bytes(changed(silent))
    found = {one.code for one in told(tmp_path, "font: {sans: own}")}
    assert found == {"brand-font-licence", "brand-font-weight"}
    made = fit(brand_file.read(CYAN / "brand.yaml", "brand.yaml"), TEMPLATES, picture_faults)
    assert "SIL Open Font License" in made.dress.licences["Public Sans"]


def test_a_font_that_lacks_raised_figures_is_noted(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()

    def bare(font: TTFont) -> None:
        del font["GSUB"]

    (tmp_path / "own" / "Own.ttf").write_bytes(changed(bare))
    made = fitted(tmp_path, "font: {sans: own}")
    assert "brand-font-features" in {one.code for one in made.findings}
    assert not made.dress.raised


# ------------------------------------------------------------------ marks


def test_every_fault_of_a_mark_is_told_at_its_line(tmp_path: Path) -> None:
    Image.new("RGB", (60, 20), "#123456").save(tmp_path / "coarse.png")
    (tmp_path / "script.svg").write_text(SVG.format("<script>1</script>"))
    (tmp_path / "reaching.svg").write_text(SVG.format('<image href="https://example.org/x.png"/>'))
    (tmp_path / "pale.svg").write_text(SVG.replace("#123456", "#ffee99").format(""))
    (tmp_path / "good.svg").write_text(SVG.format(""))
    (tmp_path.parent / "outside.svg").write_text(SVG.format(""))
    (tmp_path / "linked.svg").symlink_to(tmp_path.parent / "outside.svg")
    assert codes(told(tmp_path, "logo:\n  file: good.svg\n")) == {("alt-missing", 2)}
    found = told(
        tmp_path,
        "strip:\n"
        "  - {file: coarse.png, alt: A}\n"
        "  - {file: script.svg, alt: B}\n"
        "  - {file: reaching.svg, alt: C}\n"
        "  - {file: linked.svg, alt: D}\n"
        '  - {file: "https://example.org/logo.svg", alt: E}\n'
        "  - {file: pale.svg, one_colour: good.svg, alt: F}\n",
    )
    assert codes(found) == {
        ("brand-mark-coarse", 3),
        ("brand-mark-active", 4),
        ("brand-mark-active", 5),
        ("brand-outside", 6),
        ("brand-outside", 7),
        ("brand-mark-faint", 8),
        ("brand-mark-coloured", 8),
    }
    assert told(tmp_path, "logo: {file: good.svg, alt: A, height_mm: 40}")[0].code == "range-wrong"
    assert codes(told(tmp_path, "masthead: logo")) == {("brand-logo-none", 2)}


def test_a_mark_is_what_its_name_says_and_its_forms_have_one_shape(tmp_path: Path) -> None:
    (tmp_path / "good.svg").write_text(SVG.format(""))
    Image.new("RGB", (900, 300), "#000000").save(tmp_path / "black.png")
    Image.new("RGB", (300, 300), "#000000").save(tmp_path / "square.png")
    (tmp_path / "linked.png").symlink_to("good.svg")
    (tmp_path / "linked.svg").symlink_to("black.png")
    for name in ("linked.png", "linked.svg"):
        assert codes(told(tmp_path, f"logo: {{file: {name}, alt: A}}")) == {("image-kind", 2)}
    assert codes(told(tmp_path, "logo: {file: good.svg, alt: A, one_colour: square.png}")) == {("brand-mark-form", 2)}
    made = fitted(tmp_path, "masthead: band\nlogo: {file: good.svg, alt: A, one_colour: black.png}")
    assert made.dress.logo
    assert made.dress.logo.name == "brand-logo.svg"
    assert set(made.dress.worn_by("office").assets) == {"brand-logo.png"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('viewBox="0 0 30 10"', ""), "image-broken"),
        (('viewBox="0 0 30 10"', 'width="100%" height="10"'), "image-broken"),
        (("<rect", '<image href="data:image/png;base64,AA"/><rect'), "brand-mark-active"),
        (("<rect", '<rect style="fill: URL( //example.org/a)"/><rect'), "brand-mark-active"),
        (("<rect", "<style>a{fill: u\\72l(//example.org/a)}</style><rect"), "brand-mark-active"),
        (("<rect", '<style>@IMPORT "a.css";</style><rect'), "brand-mark-active"),
    ],
)
def test_a_drawing_without_a_size_or_that_reaches_out_is_refused(
    tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format("").replace(*change))
    assert codes(told(tmp_path, "logo: {file: logo.svg, alt: A}")) == {(code, 2)}


def test_a_drawing_without_a_viewbox_has_the_shape_of_its_width_and_height(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format("").replace('viewBox="0 0 30 10"', 'width="4cm" height="10mm"'))
    made = fitted(tmp_path, "logo: {file: logo.svg, alt: A}")
    assert made.dress.logo
    assert made.dress.logo.width_mm == pytest.approx(40)


def test_a_white_mark_gets_a_band_on_which_it_is_seen() -> None:
    made = fit(brand_file.read(CYAN / "brand.yaml", "brand.yaml"), TEMPLATES, picture_faults)
    assert colour.contrast(made.dress.colour["brand"], "#ffffff") >= 3
    assert made.dress.worn_by("office").form == "logo", "no area of colour goes to an office printer"
    assert made.dress.logo
    worn = made.dress.worn_by("office").logo
    assert worn
    assert worn.data == made.dress.logo.black
    assert replace(made.dress, logo=None).worn_by("").logo is None


def test_the_guide_names_every_key() -> None:
    guide = (ROOT / "docs" / "brand.md").read_text(encoding="utf-8")
    below = BrandRecord.__subclasses__()
    assert {
        key for record in below for key in record.model_fields if not re.search(rf"\b{key}:|`{key}`", guide)
    } == set()


def test_the_schema_for_editors_knows_what_the_brands_say() -> None:
    import jsonschema
    import yaml

    schema = brand_file.json_schema()
    for file in (CYAN / "brand.yaml", *sorted((TEMPLATES / "looks").glob("*/brand.yaml"))):
        jsonschema.validate(
            yaml.safe_load(file.read_text(encoding="utf-8").replace("brand: 1\n", 'brand: "1"\n')), schema
        )
    assert not list(jsonschema.Draft202012Validator(schema).iter_errors({"brand": "1", "name": "A"}))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors({"brand": "1", "css": "x"}))


def test_a_folder_of_both_roles_is_read_once_and_its_faults_are_told_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "Own.ttf").write_bytes(changed(restricted(4)))
    taken: list[Path] = []
    real = fonts._read

    def counted(path: Path, shown: str) -> tuple[fonts.FontFile | None, list[Finding]]:
        taken.append(path)
        return real(path, shown)

    monkeypatch.setattr(fonts, "_read", counted)
    found = told(tmp_path, "font:\n  serif: own\n  sans: own")
    assert taken == [tmp_path / "own" / "Own.ttf"]
    assert {("brand-font-print-only", 3), ("brand-font-print-only", 4)} <= codes(found)


def test_a_font_that_raises_only_some_figures_is_not_trusted_with_source_marks() -> None:
    made = fit(brand_file.read(TEMPLATES / "looks" / "legible" / "brand.yaml", "brand.yaml"), TEMPLATES, picture_faults)
    assert not made.dress.raised, "Atkinson Hyperlegible raises 1 to 4, and a mark 5 would read as a figure"
    whole = fit(brand_file.read(CYAN / "brand.yaml", "brand.yaml"), TEMPLATES, picture_faults)
    assert whole.dress.raised


def test_the_zero_of_the_legible_look_is_plain_and_slashed_where_that_is_asked_for() -> None:
    import uharfbuzz

    for file in sorted((TEMPLATES / "looks" / "legible" / "fonts").rglob("*.ttf")):
        face = uharfbuzz.Face(file.read_bytes())
        shapes = []
        for asked in ({}, {"zero": True}):
            buffer = uharfbuzz.Buffer()
            buffer.add_str("0")
            buffer.guess_segment_properties()
            uharfbuzz.shape(font := uharfbuzz.Font(face), buffer, asked)
            drawn: list[str] = []
            funcs = uharfbuzz.DrawFuncs()
            funcs.set_close_path_func(lambda data: data.append("ring"))
            font.draw_glyph(buffer.glyph_infos[0].codepoint, funcs, drawn)
            shapes.append(len(drawn))
        assert shapes == [2, 3], file.name
