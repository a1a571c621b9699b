"""The commands: options, messages, progress, exit codes. Builds the edges; decides nothing about articles.

Exit codes: 0 fine (also: nothing new, another run is under way), 1 something
failed and the last good feeds stand, 2 usage or configuration, 130
interrupted with state and feeds whole. Each command lives in a file that is
imported when it is called for.
"""

from __future__ import annotations

import argparse
import errno
import gc
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from types import FrameType

from feedpub.cli.options import make_parser
from feedpub.cli.speech import Speech, silence
from feedpub.errors import ConfigError, FeedpubError

FINE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
# Errors of the system that may come at any call, so also while a module is loaded. A person can mend them.
OF_THE_MACHINE = {
    errno.EMFILE, errno.ENFILE, errno.EIO, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.ESTALE, errno.EROFS,
    errno.EAGAIN, errno.EACCES, errno.EPERM, errno.ENXIO, errno.ENODEV, errno.EINTR, errno.ENOLCK,
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError):  # a file on a failing disk
                stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Cyrillic is no reason to fail
    words = sys.argv[1:] if argv is None else argv
    if not words:
        make_parser().print_help()
        return USAGE
    # The defaults are here and not in the parser: a command's own parser would overwrite options given before it.
    defaults = argparse.Namespace(config=None, quiet=False, verbose=False, log_format="text")
    args = make_parser(words).parse_args(words, defaults)
    speech = Speech(quiet=args.quiet, verbose=args.verbose, is_json=args.log_format == "json")
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        gc.disable()  # else a fifth of a short run is spent on looking for cycles in modules, which stay
        command = import_module(f"feedpub.cli.{args.name.replace('-', '_')}").command
        _freeze_modules()
        gc.enable()
        code: int = command(args, speech)
        if sys.stdout:
            sys.stdout.flush()
        return code
    except ConfigError as error:
        for problem in error.problems:
            speech.error(problem)
        return USAGE
    except FeedpubError as error:
        speech.error(str(error))
        return FAILED
    except ImportError as error:
        speech.error(f"a part of the program cannot be loaded: {error}; the next run tries again")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the program that read our output has ended, as `head` does
        silence(sys.stdout)
        return FINE
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:  # it is a bug
            raise
        speech.error(f"this machine fails: {error}; the next run goes on")
        return FAILED
    except MemoryError:
        speech.error("this machine has no memory left; the next run goes on")
        return FAILED
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, before)


@cache
def _freeze_modules() -> None:
    """Let later collections skip the loaded modules, which stay. Once in a process, for asking gc would cost more."""
    gc.freeze()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
