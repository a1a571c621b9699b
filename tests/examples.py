"""How many examples hypothesis tries: few in `make test`, many in `make test-all` and wherever pytest runs alone.

Always the same ones (`derandomize`), so that a failure is there again at the next run. No test has a deadline:
how long an example takes depends on what else the machine does.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

MANY, FEW = 150, 15


def load_profile(*, is_long: bool) -> None:
    settings.register_profile(
        "feedpub", derandomize=True, deadline=None, database=None, max_examples=MANY if is_long else FEW,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    settings.load_profile("feedpub")


def examples(count: int) -> settings:
    """The settings of a test that tries `count` examples in the long suite, and a tenth of them in the short one."""
    return settings(max_examples=count * settings().max_examples // MANY)
