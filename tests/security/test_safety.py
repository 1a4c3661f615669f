"""What content may not do: reach out, run, or take the machine down."""

from __future__ import annotations

import functools
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from briefing.checks import image_rules
from briefing.checks.charts import chart_rules
from briefing.content import yaml_reader
from briefing.documents.manuscript import manuscript_of
from briefing.findings import Finding, Refused
from briefing.pipeline import build, publish, typesetters
from briefing.pipeline.document import make
from briefing.pipeline.document_job import DocumentJob
from briefing.pipeline.plan import plan_with_pictures
from briefing.products.changes import versions
from briefing.proofing.proof import Proof
from briefing.runtime import sandbox, task_child
from tests.support.builds import GOOD, TEMPLATES, TODAY, command, forked_from_here
from tests.support.waiting import until

pytestmark = pytest.mark.slow

SECRET = "what nobody outside may read"
CONTENT = GOOD.replace(
    "        text: We counted {{rides}} rides.\n",
    """\
        text: "We counted {{rides}} rides. TEXT"
    - image: {file: picture.svg, alt: A picture, credit: Desk, licence: Free, height_mm: 40}
""",
)
PLAIN = "<rect width='30' height='20' fill='#888'/>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "secret.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><text id='a'>{SECRET}</text></svg>")
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def write(folder: Path, drawing: str = PLAIN, text: str = "") -> Path:
    content = folder / "content.yaml"
    content.write_text(CONTENT.replace("TEXT", text))
    head = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 30 20'"
    (folder / "picture.svg").write_text(f"<svg {head}>{drawing}</svg>")
    return content


def order(content: Path) -> DocumentJob:
    """The brief of a content file, ready for the press."""
    job = build.Job(content, content.name, content.parent, TEMPLATES, TODAY, ("brief",), dry=True)
    return plan_with_pictures(manuscript_of(yaml_reader.read(content, content.name), TEMPLATES), job, None)[0][0]


def found(content: Path) -> list[Finding]:
    job = build.Job(content, content.name, content.parent / "build", TEMPLATES, TODAY, ("brief",))
    return [finding for finding in build.run(job).findings if finding.code not in ("page-thin", "figures-unchecked")]


# ------------------------------------------------------------------ reaching out


_events: list[tuple[str, str]] | None = None  # what is opened and called, while somebody listens


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _events is not None and (event == "open" or event.startswith("socket.")):
        _events.append((event, str(arguments[0]) if arguments else ""))


sys.addaudithook(_note)


@contextmanager
def listening() -> Iterator[list[tuple[str, str]]]:
    """Every file that is opened and every act of a socket in this process."""
    global _events
    heard: list[tuple[str, str]] = []
    _events = heard
    try:
        yield heard
    finally:
        _events = None


REACHING = (
    "<image href='{url}' width='30' height='20'/>",
    "<image xlink:href='{url}' width='30' height='20'/>",
    "<style>@font-face {{font-family: x; src: url({url})}}</style><text font-family='x' y='9'>Hi</text>",
    "<style>@import url({url});</style>" + PLAIN,
    "<use href='{url}#a'/>" + PLAIN,
    "<rect width='30' height='20' fill='url({url}#a)'/>",
    "<foreignObject><iframe src='{url}'/></foreignObject>" + PLAIN,
)


@pytest.mark.parametrize("where", ["file", "https", "relative"])
@pytest.mark.parametrize("drawing", REACHING, ids=range(len(REACHING)))
def test_a_drawing_that_reaches_out_gets_nothing(drawing: str, where: str, folder: Path) -> None:
    secret = folder.parent / "secret.svg"
    url = {"file": secret.as_uri(), "https": "https://example.org/secret.svg", "relative": "../secret.svg"}[where]
    asked = order(write(folder, drawing.format(url=url)))
    with listening() as heard:
        Path(__file__).read_bytes()  # so that it is sure that all is heard
        proof = make(asked)
    assert [name for event, name in heard if event == "open"]
    assert not [name for event, name in heard if event != "open" or "secret" in name]
    assert SECRET.encode() not in proof.pdf
    if drawing in REACHING[:4]:  # the typesetter asks for these, and is refused
        errors = [f.code for f in proof.findings if f.severity == "error"]
        assert errors
        assert set(errors) <= {"outside-refused", "typesetter-log"}
    if drawing in REACHING[:3]:
        assert [f.at for f in proof.findings if f.code == "outside-refused"] == [asked.at_block(1)]


def test_a_drawing_that_reaches_out_publishes_nothing(folder: Path) -> None:
    uri = (folder.parent / "secret.svg").as_uri()
    content = write(folder, f"<image href='{uri}' width='30' height='20'/>")
    assert {f.code for f in found(content)} == {"outside-refused", "picture-hidden", "typesetter-log"}
    assert not list((folder / "build").glob("*.pdf"))


def test_an_entity_that_names_a_file_is_refused(folder: Path) -> None:
    content = write(folder)
    (folder / "picture.svg").write_text(
        f"<!DOCTYPE svg [<!ENTITY x SYSTEM '{(folder.parent / 'secret.txt').as_uri()}'>]>"
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'><text>&x;</text></svg>"
    )
    assert [f.code for f in found(content)] == ["image-broken"]


@pytest.mark.parametrize("target", ["../secret.svg", "../mine-too/picture.svg"])
def test_a_link_out_of_the_folder_is_refused(target: str, folder: Path) -> None:
    content = write(folder)
    (folder.parent / "mine-too").mkdir()
    (folder.parent / "mine-too" / "picture.svg").write_text("<svg/>")
    (folder / "picture.svg").unlink()
    (folder / "picture.svg").symlink_to(target)
    assert [f.code for f in found(content)] == ["image-outside"]


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    content = write(folder)
    (folder / "picture.svg").rename(folder / "real.svg")
    (folder / "picture.svg").symlink_to("real.svg")
    assert found(content) == []


# ------------------------------------------------------------------ text is never run


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Is 1 &lt; 2 &amp; so on?".replace("1", "one").replace("2", "two"), "Is one < two & so on?"),
        ("{% raw %} stands {# here #}", "{% raw %} stands {# here #}"),
        ("a < b > c", "a < b > c"),
        ("'; } body { display: none }", "’; } body { display: none }"),
    ],
)
def test_signs_of_other_languages_are_printed_as_they_stand(text: str, printed: str, folder: Path) -> None:
    content = write(folder, text=text)
    assert found(content) == []
    with pypdfium2.PdfDocument(folder / "build" / "policy-brief.pdf") as pdf:
        words = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    assert printed.replace("’", "'") in words.replace("’", "'")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ seven * seven }}", "figure-malformed"),
        ("{{rides.__class__}}", "figure-malformed"),
        ("<script>alert()</script>", "text-html"),
        ("<img src=x>", "text-html"),
        ("[words](javascript:alert)", "text-link"),
        ("[words](file:///etc/passwd)", "text-link"),
        ("[words](data:text/html,words)", "text-link"),
        ("![words](https://example.org/picture.png)", "text-image"),
    ],
)
def test_text_that_would_run_or_fetch_is_refused(text: str, code: str, folder: Path) -> None:
    assert {f.code for f in found(write(folder, text=text))} == {code}


def test_the_pdf_has_no_scripts_no_files_of_others_and_only_web_and_mail_links(folder: Path) -> None:
    content = write(folder, text="See [here](https://example.org) or [write](mailto:desk@example.org).")
    assert found(content) == []
    with pikepdf.open(folder / "build" / "policy-brief.pdf") as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.Names
        assert list(pdf.attachments) == ["figures.csv"]  # what the program itself puts in
        links = [str(a.A.URI) for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a and "/URI" in a.A]
    assert links == ["https://example.org", "mailto:desk@example.org"]


# ------------------------------------------------------------------ bombs


def test_a_huge_picture_is_refused_before_it_is_unpacked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write(folder)
    content.write_text(content.read_text().replace("picture.svg", "picture.png"))
    Image.new("1", (13_000, 13_000)).save(folder / "picture.png")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("it was unpacked"))
    assert [f.code for f in found(content)] == ["image-too-large"]


def doubling(times: int) -> str:
    groups = (f"<g id='a{n}'><use href='#a{n - 1}'/><use href='#a{n - 1}'/></g>" for n in range(1, times + 1))
    return f"<defs><rect id='a0' width='1' height='1'/>{''.join(groups)}</defs><use href='#a{times}'/>"


def test_a_drawing_that_doubles_is_refused_at_once(folder: Path) -> None:
    began = time.process_time()
    assert [f.code for f in found(write(folder, doubling(60)))] == ["image-too-large"]
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "drawing",
    [
        "<g id='a'><use href='#a'/></g>",
        "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
        "<g>" * 5_000 + "</g>" * 5_000,
    ],
    ids=["itself", "each other", "deep"],
)
def test_a_drawing_without_end_is_refused(drawing: str, folder: Path) -> None:
    assert [f.code for f in found(write(folder, drawing))] == ["image-broken"]


def test_a_drawing_that_repeats_a_shape_is_good(folder: Path) -> None:
    assert found(write(folder, doubling(5))) == []


def test_typesetting_that_takes_too_long_ends_in_a_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_rules, "MAX_SHAPES", 10**12)
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1.0)
    before, began = _children_of_servers(), time.monotonic()
    assert [f.code for f in found(write(folder, doubling(24)))] == ["typesetting-time"]
    assert time.monotonic() - began < 15
    assert until(lambda: _children_of_servers() <= before)  # the one that was killed is taken away soon


def _children_of_servers() -> set[str]:
    """The processes that were forked from servers of this one, by their numbers."""
    found: set[str] = set()
    for server in multiprocessing.active_children():
        with suppress(OSError):
            found.update(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())
    return found


def hog(asked: DocumentJob, drawn: object = None) -> Proof:
    bytearray(task_child.MEMORY_BYTES)
    raise AssertionError("there was no limit")


def dig(asked: DocumentJob, drawn: object = None) -> Proof:
    return dig(asked, drawn)  # Python 3.13.5 does not count calls that leave something to its default


def toil(asked: DocumentJob, drawn: object = None) -> Proof:
    for _ in itertools.count():
        pass
    raise AssertionError


def die(asked: DocumentJob, drawn: object = None) -> Proof:
    os.kill(os.getpid(), signal.SIGTERM)
    raise AssertionError


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (hog, "typesetting-memory"),
        (dig, "typesetting-depth"),
        (toil, "typesetting-time"),
        (die, "typesetting-died"),
    ],
)
def test_a_child_that_breaks_its_limits_ends_in_a_finding(
    act: Callable[[DocumentJob, object], Proof], code: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = order(write(folder))
    monkeypatch.setattr("briefing.pipeline.document.make", act)
    monkeypatch.setattr(task_child, "CPU_SECONDS", 1)
    forked_from_here(monkeypatch)
    proofs, faults = typesetters.run((asked,))
    assert proofs == []
    assert [f.code for f in faults] == [code]
    assert faults[0].hint
    assert faults[0].at == asked.at


def test_a_bug_in_the_typesetter_stays_a_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slip(asked: DocumentJob, drawn: object) -> Proof:
        raise KeyError("a bug")

    asked = order(write(folder))
    monkeypatch.setattr("briefing.pipeline.document.make", slip)
    forked_from_here(monkeypatch)
    with pytest.raises(RuntimeError, match="KeyError: 'a bug'"):
        typesetters.run((asked,))


def test_no_environment_of_the_machine_reaches_the_typesetter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(asked: DocumentJob, drawn: object) -> Proof:
        raise ValueError(sorted(os.environ))

    monkeypatch.setenv("BRIEFING_SECRET", "x")
    asked = order(write(folder))
    monkeypatch.setattr("briefing.pipeline.document.make", look)
    forked_from_here(monkeypatch)
    with pytest.raises(RuntimeError, match=r"ValueError: \['TMPDIR'\]"):
        typesetters.run((asked,))


def test_typesetting_and_publishing_open_no_socket(folder: Path) -> None:
    asked = order(write(folder))
    with listening() as heard:
        proof = make(asked)
        published = publish.publish({"policy-brief.pdf": proof.pdf}, folder / "out", {})
    assert [name for event, name in heard if event == "open"]
    assert not [event for event, _ in heard if event != "open"]
    assert proof.pdf.startswith(b"%PDF")
    assert "policy-brief.pdf" in published.written


def test_a_height_that_is_no_height_is_refused(folder: Path) -> None:
    content = write(folder)
    for wrong in ("0", "-40", "100000"):
        content.write_text(CONTENT.replace("TEXT", "").replace("height_mm: 40", f"height_mm: {wrong}"))
        assert [f.code for f in found(content)] == ["range-wrong"]
    assert Decimal(40) < chart_rules.HEIGHT_MM[1]


def test_code_in_the_current_folder_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_text(GOOD)
    names = ("briefing", "weasyprint", "pypdfium2", "pikepdf", "PIL", "vl_convert")
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"open({str(tmp_path / 'run')!r}, 'a').write({name!r})")
    done = subprocess.run(command("--quiet"), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "run").exists()
    assert len(list((tmp_path / "build").glob("*.pdf"))) == 2


@pytest.mark.parametrize("knows", [True, False], ids=["git", "older-git"])
def test_a_received_repository_runs_and_fetches_nothing(knows: bool, tmp_path: Path, monkeypatch) -> None:
    """Not even where a part is missing that git would fetch with a program that the repository names."""
    repository, touched = tmp_path / "repository", tmp_path / "touched"
    repository.mkdir()

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *arguments], cwd=repository, check=True, capture_output=True)

    git("init", "-q")
    (repository / "content.yaml").write_text(GOOD)
    git("add", ".")
    git("commit", "-qm", "first")
    blob = subprocess.run(["git", "rev-parse", "HEAD:content.yaml"], cwd=repository, check=True, capture_output=True)
    name = blob.stdout.decode().strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {touched}\nexit 1\n")
    program.chmod(0o755)
    settings = {
        "core.repositoryformatversion": "1",
        "extensions.partialclone": "origin",
        "remote.origin.url": str(tmp_path / "elsewhere"),
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": str(program),
        "protocol.allow": "always",
        "protocol.file.allow": "always",
    }
    for key, value in settings.items():
        git("config", key, value)
    (tmp_path / "elsewhere").mkdir()
    if not knows:
        monkeypatch.setattr(subprocess, "run", functools.partial(_as_older_git, subprocess.run))
    with pytest.raises(Refused):
        versions.earlier("HEAD", repository / "content.yaml", TEMPLATES, os.environ)
    assert not touched.exists()


def _as_older_git(run: Callable[..., object], *given: object, env: dict[str, str], **more: object) -> object:
    return run(*given, env={name: value for name, value in env.items() if name != "GIT_NO_LAZY_FETCH"}, **more)
