"""How much work a call does: counted in steps, so that a busy machine changes nothing.

A test that promises "not for long" used to assert seconds, and failed where others used the processor. Two
promises take their place.

`growth(call, size)` runs a call with an input and with one of twice the size, and returns how many times as many
lines of Python were executed. Work that grows with its input gives about 2, work that grows with its square
about 4; GROWTH is between them. `sys.settrace` counts the lines: `sys.monitoring` would be faster, and needs
Python 3.12. The count is the same at every run. It sees what Python does, bs4 included; what lxml, a regular
expression or a built-in function does within one line counts as one step. Where such a call may look at a whole
page for every item of it, `weighing` adds the size of what it looks at.

`ends(call)` is for regular expressions that could try the same characters again and again: no count sees
them, for they are one step. It runs the call in a process of its own, which the kernel stops after ENDLESS
seconds of its own processor time. A call that is in order needs a thousandth of that. So the test says that the
call ends, and nothing about its speed. `bounded()` says the same of calls that wait for a network or a thread.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

GROWTH = 2.5  # times the steps for twice the input: more than that is no longer in proportion
ENDLESS = 60  # seconds: far beyond what anything here takes on the busiest machine

_weighed: list[int] = []


def steps(call: Callable[[], object]) -> int:
    """Return how many lines of Python the call executes, and the weight of what `weighing` watches."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if event in ("call", "line"):  # a generator that only hands on what another yields executes no line
            count += 1
        return trace

    _weighed.clear()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count + sum(_weighed)


def growth(call: Callable[[int], Callable[[], object]], size: int) -> float:
    """Return how many times as many steps twice the input takes.

    `call` makes the input of a size and returns the call to be counted. Making it is not counted. One call is made
    before, so that everything is loaded and compiled. What feedpub caches by its arguments, such as addresses,
    must differ from size to size: else the larger input finds half of its answers there.
    """
    call(size + 1)()
    single, double = call(size), call(2 * size)
    return steps(double) / steps(single)


@contextmanager
def weighing(owner: Any, name: str, weight: Callable[..., int]) -> Iterator[None]:
    """Count each call of a function as so many steps as `weight` makes of its arguments."""
    function = getattr(owner, name)

    def weighed(*args: Any, **named: Any) -> Any:
        _weighed.append(weight(*args, **named))
        return function(*args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, weighed)
        yield


def ends(call: Callable[[], object]) -> bool:
    """Whether the call comes to an end before the kernel stops it. What it raises is printed, and fails the test."""
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside pytest-xdist's thread, from 3.12 on
        child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # to be stopped leaves nothing on the disk
        resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS + 1))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        try:
            call()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGXCPU, -signal.SIGKILL), "the call failed; see above"
    return status == 0


@contextmanager
def bounded() -> Iterator[None]:
    """Fail the test if what stands in the context waits for ever. For the main thread, where signals arrive."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(ENDLESS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for what another thread is about to do, however late it comes to it."""
    with bounded():
        while not condition():
            time.sleep(0.01)
