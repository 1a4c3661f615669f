"""The way in, however the program is started: as `generate.py`, as `briefing` or with `python -m briefing`.

Whatever stops it, it ends with an exit code that is told in `--help`, and with a line in place of a traceback; only a
bug of its own stays one.
"""

import errno
import os
import signal
import sys

from briefing import program

STOPPED, LACKING, UNSAID = 130, 3, 1
_UNWRITTEN = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)


def main() -> None:
    """Run the command line; says so where a library is not installed, or the machine allows too little."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)  # until work begins: an import may swallow what a signal raises
    try:
        _open_streams()
        code = _run()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # there is nothing left to stop
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = STOPPED
    sys.exit(_said(code))


def _leave(*_: object) -> None:
    os._exit(STOPPED)


def _run() -> int:
    """Do what is asked for; its exit code."""
    try:
        from briefing.cli import entry

        entry.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.startswith("briefing"):
            raise
        hint = "run make once, then .venv/bin/python generate.py"
        if program.name() != program.SCRIPT:
            hint = (
                f"install the program again with all that it needs: {sys.executable} -m pip install --force-reinstall"
            )
        return _ended(f"error: the Python package {missing.name} is not installed here [library-missing]", hint)
    except BrokenPipeError:
        _forget(sys.stdout)
        return UNSAID
    except (MemoryError, OSError) as fault:
        if not isinstance(fault, MemoryError) and fault.filename is None and fault.errno in _UNWRITTEN:
            _forget(sys.stdout)  # whoever writes files tells their names
            return _ended(_unsaid(fault), "", UNSAID)
        from briefing.runtime import limits

        if not (told := limits.met(fault)):
            raise
        return _ended(f"error: {told.message} [{told.code}]", told.hint)
    return 0


def _ended(message: str, hint: str, code: int = LACKING) -> int:
    try:
        sys.stderr.write(f"{message}\n  hint: {hint}\n" if hint else f"{message}\n")
    except OSError:  # the code alone can tell it
        _forget(sys.stderr)
    return code


def _unsaid(fault: OSError) -> str:
    code = "output-unwritable"
    return f"error: standard output cannot be written: {fault.strerror} [{code}]"


def _open_streams() -> None:
    """Put the system's sink in the place of closed streams: else files that are opened would be taken for them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            sink = os.open(os.devnull, os.O_RDWR)
            if sink != number:
                os.dup2(sink, number)
                os.close(sink)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # what the terminal cannot show


def _said(code: int) -> int:
    """The exit code, when all that was to be said has gone out; another one where it could not."""
    if fault := _stuck(sys.stdout):
        _forget(sys.stdout)
        if not isinstance(fault, BrokenPipeError):
            _ended(_unsaid(fault), "")
        code = code or UNSAID
    if _stuck(sys.stderr):
        _forget(sys.stderr)
        code = code or UNSAID
    return code


def _stuck(stream: object) -> OSError | None:
    """Why what was said on a stream does not go out, if it does not."""
    try:
        stream.flush()  # type: ignore[attr-defined]
    except OSError as fault:
        return fault
    except ValueError:  # closed by now
        return None
    return None


def _forget(stream: object) -> None:
    """Let nothing more be said on a stream, so that Python does not try it once more at its end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, stream.fileno())  # type: ignore[attr-defined]
    os.close(sink)
    _stuck(stream)


if __name__ == "__main__":
    main()
