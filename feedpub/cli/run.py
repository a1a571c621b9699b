"""run, backfill: the commands that ask the councils' sites."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from feedpub import collecting
from feedpub.cli import FAILED, FINE
from feedpub.cli.rounds import Collect, Order, Rounds
from feedpub.cli.session import Session, chosen, loaded, on_state
from feedpub.cli.speech import Speech
from feedpub.collecting import Reach, Run
from feedpub.model import Outcome


def run(args: argparse.Namespace, speech: Speech) -> int:
    return _work(args, speech, collecting.collect)


def backfill(args: argparse.Namespace, speech: Speech) -> int:
    reach = Reach(args.pages, args.since)

    def collect(run: Run) -> Iterable[Outcome]:
        return collecting.backfill(run, reach)

    return _work(args, speech, collect)


def _work(args: argparse.Namespace, speech: Speech, collect: Collect) -> int:
    settings = loaded(args)
    sources = chosen(settings, args.source)
    order = Order(args.name, collect, is_accepted=args.accept)

    def work(session: Session) -> int:
        code = Rounds(session, order, sources).make()
        return max(code, FAILED if session.is_restored else FINE)

    return on_state(settings, speech, work, is_mending=True)
