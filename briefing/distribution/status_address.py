"""The address at which readers learn whether an edition is current: what the QR codes of its copies say."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from briefing.content.briefing import Briefing


def status_address(briefing: Briefing) -> str:
    """Where the status page of this edition stands; empty where the content names no address."""
    mark, front = briefing.mark, briefing.briefing
    if mark is None or mark.address is None:
        return ""
    return f"{mark.address.rstrip('/')}/{slug_of(front.short_title)}-{front.edition}/"


def slug_of(text: str) -> str:
    """A title as a part of an address: small letters and digits; a digest tells apart titles in other letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:60].strip("-")
    letters = [letter for letter in unicodedata.normalize("NFD", text) if letter.isalnum()]
    if all(letter.isascii() for letter in letters):
        return slug or "briefing"
    return f"{slug or 'briefing'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
