"""The short code of a copy: eleven letters that name its run and its number, and tell a slip of the pen.

Letters are Crockford's 32: four for the run, four for the number, two that prove the code to be ours, and one check
letter over GF(32). The check tells every single wrong letter, and every two letters that have changed places. The proof
is ten bits of an HMAC: a guess passes once in 1,024, so it tells what was made up carelessly, and is no seal.
"""

from __future__ import annotations

import functools
import hmac
import operator
import re
import unicodedata
from dataclasses import dataclass

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST = (1 << 20) - 1  # the largest run, and the largest number of a copy
KEY_BYTES = 32
_RUN, _NUMBER, _PROOF = 4, 4, 2  # letters of each
LENGTH = _RUN + _NUMBER + _PROOF + 1
_PAIRS = [first + second for first in LETTERS for second in LETTERS]  # codes are put together from these, not letters
_VALUES = {letter: value for value, letter in enumerate(LETTERS)} | {"O": 0, "I": 1, "L": 1}
_BETWEEN = re.compile(r"[\s\-‐-―−]")
_LONGEST = 2000  # characters of what a scanner may give, an address with its code behind the #


@dataclass(frozen=True, slots=True)
class Code:
    """What a code that was read right says of its copy."""

    run: int
    number: int
    text: str  # eleven letters, without hyphens

    @property
    def shown(self) -> str:
        """The code as it is printed."""
        return shown(self.text)


@dataclass(frozen=True, slots=True)
class NoCode:
    """Why a text is no code, in words."""

    why: str


def encode(run: int, number: int, key: bytes) -> str:
    """The code of a copy, without hyphens; `run` and `number` are from 1 to `MOST`, and the key is the register's."""
    if not (0 <= run <= MOST and 1 <= number <= MOST):
        raise ValueError(f"no code for copy {number} of run {run}")
    head = _letters(run, _RUN) + _letters(number, _NUMBER)
    head += _proof(head, key)
    return head + _check(head)


def shown(code: str) -> str:
    """A code as it is printed: 7K3M-000H-ZST."""
    return f"{code[:_RUN]}-{code[_RUN : _RUN + _NUMBER]}-{code[_RUN + _NUMBER :]}"


def decode(text: str) -> Code | NoCode:
    """Read a code as somebody typed or scanned it, or why it is none; whether it is ours is told by `is_ours`.

    Hyphens, spaces and small letters do not matter, O is read as 0, I and L as 1. Of a scanned address counts what
    stands behind its #.
    """
    if len(text) > _LONGEST:
        return NoCode("it is far too long for a code")
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text.rpartition("#")[2])).upper()
    if not plain:
        return NoCode("there is no code")
    strange = next((letter for letter in plain if letter not in _VALUES), "")
    if strange:
        return NoCode("codes have no letter U; it may be a V" if strange == "U" else "it holds a sign that no code has")
    if len(plain) != LENGTH:
        return NoCode(f"it has {len(plain)} letters, and a code has {LENGTH}")
    code = "".join(LETTERS[_VALUES[letter]] for letter in plain)
    if _check(code[:-1]) != code[-1]:
        return NoCode("a letter is wrong, or two have changed places")
    run, number = _value(code[:_RUN]), _value(code[_RUN : _RUN + _NUMBER])
    return Code(run, number, code) if number else NoCode("no copy has the number 0")


def is_ours(code: Code, key: bytes) -> bool:
    """Whether the code was made with that key."""
    head = code.text[: _RUN + _NUMBER]
    return hmac.compare_digest(code.text[len(head) : len(head) + _PROOF], _proof(head, key))


def run_letters(run: int) -> str:
    """The first four letters of a run's codes, by which it is called."""
    return _letters(run, _RUN)


def _proof(head: str, key: bytes) -> str:
    digest = hmac.digest(key, head.encode(), "sha256")
    return _letters(int.from_bytes(digest[:2]) >> 16 - 5 * _PROOF, _PROOF)


def _letters(value: int, count: int) -> str:
    return "".join([_PAIRS[value >> 5 * place & 1023] for place in range(count - 2, -1, -2)])


def _value(letters: str) -> int:
    return functools.reduce(lambda value, letter: value << 5 | _VALUES[letter], letters, 0)


def _times(a: int, b: int) -> int:
    """The product of two elements of GF(32), with x⁵ + x² + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _weights() -> tuple[dict[str, int], ...]:
    """For each letter but the last, what each value adds to the check: weights are 2¹ to 2¹⁰."""
    weights, weight = [], 1
    for _ in range(LENGTH - 1):
        weight = _times(weight, 2)
        weights.append({letter: _times(weight, value) for value, letter in enumerate(LETTERS)})
    return tuple(weights)


_WEIGHTS = _weights()


def _check(head: str) -> str:
    return LETTERS[functools.reduce(operator.xor, map(dict.__getitem__, _WEIGHTS, head))]
