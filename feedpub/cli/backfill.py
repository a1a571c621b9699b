"""backfill: collect older items from the older pages of the listings."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from feedpub import collecting
from feedpub.cli.speech import Speech
from feedpub.cli.wishes import make_rounds
from feedpub.collecting import Reach, Run
from feedpub.model import Outcome


def command(args: argparse.Namespace, speech: Speech) -> int:
    reach = Reach(args.pages, args.since)

    def collect_older(run: Run) -> Iterable[Outcome]:
        return collecting.backfill(run, reach)

    return make_rounds(args, speech, collect_older)
