"""The styles of a page with values in the place of custom properties and of products.

WeasyPrint works both out for every element that has them, which takes a tenth of a layout.
"""

from __future__ import annotations

import re

_ROOT = re.compile(r":root \{([^{}]*)\}")
_DECLARED = re.compile(r"(?<![\w(-])--([\w-]+):\s*([^;{}]*[^;{}\s])")
_USED = re.compile(r"var\(--([\w-]+)\)")
_PRODUCT = re.compile(r"calc\((\d+(?:\.\d+)?)([a-z]*) \* (\d+(?:\.\d+)?)\)")


def settled(source: str) -> str:
    """The same page; a property that is declared elsewhere than for the root, or twice, stays as it is."""
    styles, end, body = source.partition("</style>")
    declared = [name for name, _ in _DECLARED.findall(styles)]
    known = {name: value for root in _ROOT.findall(styles) for name, value in _DECLARED.findall(root)}
    known = {name: value for name, value in known.items() if declared.count(name) == 1}
    styles = _USED.sub(lambda used: known.get(used[1], used[0]), styles)
    return _PRODUCT.sub(_product, styles) + end + body


def _product(found: re.Match[str]) -> str:
    return f"{float(found[1]) * float(found[3]):.12g}{found[2]}"
