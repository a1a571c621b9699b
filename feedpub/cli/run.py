"""run: the cron job."""

from __future__ import annotations

import argparse

from feedpub import collecting
from feedpub.cli.speech import Speech
from feedpub.cli.wishes import make_rounds


def command(args: argparse.Namespace, speech: Speech) -> int:
    return make_rounds(args, speech, collecting.collect)
