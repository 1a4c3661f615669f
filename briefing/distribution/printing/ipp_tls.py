"""Encrypted connections to printers: whose certificate is trusted, and in words why one is not.

Printers vouch for themselves as a rule. One is trusted whose certificate an authority of this machine vouches for, or
else whose certificate somebody has named by its SHA-256; then no other one is.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import ssl
from collections.abc import Set

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_WHY = {  # verification errors of OpenSSL, X509_V_ERR_…
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    62: "its certificate is for another name than that of its address",
    64: "its certificate is for another name than that of its address",
}


class Untrusted(Exception):
    """A certificate that is not trusted, and its SHA-256, as far as it could be read."""

    def __init__(self, why: str, fingerprint: str) -> None:
        super().__init__(why)
        self.fingerprint = fingerprint


def read_fingerprint(text: str) -> str | None:
    """The SHA-256 of a certificate as programs show it, with colons, spaces or none; nothing where it is none."""
    plain = "".join(text.lower().split()).rpartition("=")[2].replace(":", "")
    return plain if _FINGERPRINT.fullmatch(plain) else None


class TlsConnection(http.client.HTTPSConnection):
    """A connection that is made before anything is said; `trusted` are the SHA-256 of certificates."""

    def __init__(self, host: str, port: int, seconds: float, trusted: Set[str] = frozenset()) -> None:
        self._trusted, self._how = trusted, _any() if trusted else ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self._how)

    def connect(self) -> None:
        """Connect, and see whom it has reached. Raises `Untrusted` and what sockets raise."""
        try:
            self._shake_hands(self._how)
        except ssl.SSLCertVerificationError as fault:
            why = _WHY.get(fault.verify_code, "nobody that this machine trusts vouches for its certificate")
            raise Untrusted(why, self._look()) from None
        if self._trusted and (shown := _shown(self.sock)) not in self._trusted:
            raise Untrusted("it shows another certificate than the one that is trusted", shown)

    def _shake_hands(self, context: ssl.SSLContext) -> None:
        http.client.HTTPConnection.connect(self)
        # It is in its place before it waits for an answer, so that whoever has no more patience can cut it.
        self.sock = secure = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        secure.do_handshake()

    def _look(self) -> str:
        """The certificate that it shows to everybody: a second connection, on which nothing is said."""
        self.close()
        try:
            self._shake_hands(_any())
            return _shown(self.sock)
        except OSError:
            return ""
        finally:
            self.close()


def _any() -> ssl.SSLContext:
    """What takes every certificate, which is compared as a whole instead."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _shown(sock: object) -> str:
    return hashlib.sha256(sock.getpeercert(True) or b"").hexdigest() if isinstance(sock, ssl.SSLSocket) else ""
