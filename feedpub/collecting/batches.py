"""The brake's foot: what a run has found counts only once nothing speaks against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from feedpub.collecting.dedupe import brake, schedule
from feedpub.collecting.run import Run
from feedpub.errors import Held, StoreError
from feedpub.model import Brake, Outcome, Source, Tally, Verdict

BATCH = 50  # pages whose findings are judged and kept together; an interrupted run asks again for no more than these
LOOK_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this
LATEST = 50  # items whose language new ones are compared with
A_DAY = timedelta(days=1)


def resting(run: Run) -> Outcome | None:
    """Return what to say of a source that is stopped and not due for another look; None where it may be looked at."""
    stopped = run.council.facts.brake
    if stopped is None or run.is_accepted or stopped.configured != _configured(run.source):
        return None
    if schedule.is_due_after_brake(stopped.times, stopped.asked, run.now):
        return None
    return replace(stopped_outcome(run.source, stopped), is_said=True)


def settled(run: Run, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes, each once its findings are kept. Where the brake stops the run, its batch is dropped."""
    db = run.state.store.db
    batch: list[Outcome] = []
    db.begin()
    try:
        for outcome in outcomes:
            run.is_served &= not outcome.is_unserved
            batch.append(outcome)
            if len(batch) >= BATCH:
                _keep(run)
                yield from batch
                batch.clear()
                db.begin()
        _finish(run)
    except Held as held:
        yield _stop(run, held)
        return
    except StoreError:
        db.undo()
        raise
    except BaseException:  # an interrupt, or a bug: what was found before it is kept all the same
        try:
            _keep(run)
        except Held as held:
            _stop(run, held)
        raise
    yield from batch


def look_back(run: Run) -> brake.History:
    """Return what was known before the run. It must be called before the run keeps anything."""
    if run.history is None:
        run.history = _known_before(run)
    return run.history


def require_plausible(run: Run) -> None:
    """Raise Held where what was found is too odd to be kept unseen."""
    found = run.findings
    if run.is_accepted or not (found.changes or found.withdrawn or found.news):
        return
    objections = brake.objections(look_back(run), found)
    if objections:
        raise Held(run.source.home, "; ".join(objections))


def _known_before(run: Run) -> brake.History:
    state, facts = run.state, run.council.facts
    newest = state.items.newest(LATEST)
    unaccepted = [s for s in newest if facts.accepted is None or s.first_seen > facts.accepted]
    since = _judged_from(run)
    return brake.History(
        now=since,
        items=state.items.count(),
        latest=tuple(brake.Weighed.of(s.article) for s in newest),
        unaccepted=tuple(brake.Weighed.of(s.article) for s in unaccepted),
        last_look=facts.last_look,
        lately=state.runs.tally(since - brake.WHILE),
        today=state.runs.tally(since - A_DAY),
    )


def _judged_from(run: Run) -> datetime:
    """Now, or when runs began to be stopped: waiting alone lets nothing through."""
    stopped = run.council.facts.brake
    return stopped.since if stopped else run.now


# ------------------------------------------------------------ keeping, or not


def _keep(run: Run) -> None:
    """Keep the batch, and count it. Raise Held where it is too odd."""
    require_plausible(run)
    found = run.findings
    if found.changes or found.withdrawn or found.news or found.unmodified:
        done = _tally(run)
        if done != run.counted and not run.is_accepted:
            run.state.runs.add_tally(done - run.counted, run.now)
            run.counted = done
    run.state.store.db.settle()


def _tally(run: Run) -> Tally:
    found, before = run.findings, look_back(run)
    is_first = before.items == 0 or before.last_look is None
    return Tally(
        added=0 if is_first else ceil(len(found.news) / brake.days(before, run.now)),
        changed=sum(c.verdict is Verdict.CHANGED for c in found.changes),
        seen=sum(c.known is not None for c in found.changes) + found.unmodified,
        withdrawn=found.withdrawn,
    )


def _finish(run: Run) -> None:
    """Keep the last batch, and note that all is well. What was accepted does not count against later runs."""
    require_plausible(run)
    state, facts = run.state, run.council.facts
    if run.is_site_well and run.is_served:  # an outage says nothing about what was odd
        facts = replace(facts, brake=None)
    if run.is_accepted:
        state.runs.forget_tally()
        facts = replace(facts, accepted=run.now)
    last = facts.last_look
    if run.is_site_well and (last is None or not timedelta(0) <= run.now - last < LOOK_RECORDED):
        facts = replace(facts, looked=run.now)
        state.runs.forget_tally(run.now - brake.WHILE)
    state.put_facts(facts)
    _keep(run)


def _stop(run: Run, held: Held) -> Outcome:
    """Drop the batch, and remember why."""
    run.state.store.db.undo()
    facts = run.council.facts
    since, times = (facts.brake.since, facts.brake.times) if facts.brake else (run.now, 0)
    stopped = Brake(held.reason, since, run.now, times + 1, _configured(run.source))
    if run.command == "run":  # anyone who walks back by hand reads it at once, and the next run is none the wiser
        run.state.put_facts(replace(facts, brake=stopped))
    return stopped_outcome(run.source, stopped, run.command)


def _configured(source: Source) -> str:
    """Changes with the configuration: whatever stopped a run may have been mended there."""
    return hashlib.sha256(repr(source).encode()).hexdigest()[:16]


def stopped_outcome(source: Source, stopped: Brake, command: str = "run") -> Outcome:
    since = f" (stopped {stopped.times} times since {stopped.since:%Y-%m-%d %H:%M} UTC)" if stopped.times > 1 else ""
    way_out = f"nothing of it is published, the last good feeds stand; `feedpub {command} --accept` lets it through"
    return Outcome(source.home, None, f"{source.home}: {stopped.why}{since}; {way_out}")
