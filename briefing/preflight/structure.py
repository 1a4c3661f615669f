"""The structure tree of a PDF becomes counts of what a screen reader is told and is not (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pikepdf import Array, Dictionary

from briefing.pdf.safe_open import elements, entry, identity, items, words
from briefing.pdf.structure_roles import STANDARD, standard_role
from briefing.preflight.facts import Structure

MAX_ELEMENTS = 200_000


def structure_of(root: Any) -> Structure | None:
    """What the structure tree says; none where there is none."""
    tree = entry(root, "/StructTreeRoot")
    if not isinstance(tree, Dictionary):
        return None
    return _Walk(tree).told()


class _Walk:
    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._meant = {key[1:]: words(value) for key, value in items(entry(tree, "/RoleMap"))}
        self._classes = dict(items(entry(tree, "/ClassMap")))
        self._roles: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._strange: dict[str, None] = {}
        self._headings: list[int] = []
        self._broken = False

    def told(self) -> Structure:
        seen: set[tuple[int, int]] = set()
        todo = [entry(self._tree, "/K")]
        met = 0
        while todo:
            kid = todo.pop()
            if isinstance(kid, Array):
                key = identity(kid)
                if key in seen:  # it may hold itself
                    self._broken = True
                    continue
                if key != (0, 0):
                    seen.add(key)
                todo += reversed(elements(kid))
                continue
            if not isinstance(kid, Dictionary) or (named := entry(kid, "/S")) is None:
                continue  # marked content, or an object
            key = identity(kid)
            met += 1
            if key in seen or met > MAX_ELEMENTS:
                self._broken = True
                continue
            if key != (0, 0):
                seen.add(key)
            self._element(kid, self._role(words(named)))
            todo.append(entry(kid, "/K"))
        count = self._faults
        return Structure(
            roles=tuple(sorted(self._roles.items())),
            strange=tuple(self._strange),
            headings=tuple(self._headings),
            figures_without_alt=count["alt"],
            tables_without_heads=count["heads"],
            heads_without_scope=count["scope"],
            lists_without_numbering=count["numbering"],
            notes_without_id=count["note"],
            links_without_target=count["link"],
            broken=self._broken,
        )

    def _role(self, named: str) -> str:
        role = standard_role(named, self._meant)
        if role not in STANDARD and len(self._strange) < 50:
            self._strange[named[:40]] = None
        return role

    def _element(self, element: Any, role: str) -> None:
        self._roles[role] += 1
        if role in ("Figure", "Formula") and not self._told(element):
            self._faults["alt"] += 1
        elif role == "TH" and not self._attribute(element, "/Scope"):
            self._faults["scope"] += 1
        elif role == "L" and not self._attribute(element, "/ListNumbering"):
            self._faults["numbering"] += 1
        elif role == "Note" and entry(element, "/ID") is None:
            self._faults["note"] += 1
        elif role == "Link" and not self._holds(element, lambda kid: entry(kid, "/Type") == "/OBJR"):
            self._faults["link"] += 1
        elif role == "Table" and not self._holds(element, lambda kid: words(entry(kid, "/S")) == "TH"):
            self._faults["heads"] += 1
        elif len(role) == 2 and role[0] == "H" and role[1].isdigit():
            self._headings.append(int(role[1]))

    def _told(self, element: Any) -> str:
        return words(entry(element, "/Alt")).strip() or words(entry(element, "/ActualText")).strip()

    def _attribute(self, element: Any, name: str) -> Any:
        owned = entry(element, "/A")
        classes = entry(element, "/C")
        named = [self._classes.get("/" + words(one)) for one in (elements(classes) or [classes])]
        for holder in [*(elements(owned) or [owned]), *named]:
            for one in elements(holder) or [holder]:
                if entry(one, name) is not None:
                    return entry(one, name)
        return None

    def _holds(self, element: Any, wanted: Any) -> bool:
        """Whether something like it stands anywhere below."""
        todo, left = [entry(element, "/K")], 5_000
        while todo and left:
            left -= 1
            kid = todo.pop()
            if isinstance(kid, Array):
                todo += elements(kid)
            elif isinstance(kid, Dictionary):
                if wanted(kid):
                    return True
                todo.append(entry(kid, "/K"))
        return False
