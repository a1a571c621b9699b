"""Keep a run's findings batch by batch, or drop them if the brake objects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from feedpub.collecting.dedupe import brake, schedule
from feedpub.collecting.dedupe.findings import History, Weighed
from feedpub.collecting.run import Run
from feedpub.consent import code_of
from feedpub.errors import Held, StoreError
from feedpub.model import CATEGORY, Brake, Outcome, Source, Tally, Verdict

if TYPE_CHECKING:
    from feedpub.content import Stored

BATCH = 50  # pages whose findings are judged and kept together, and at most lost when a run is interrupted
LOOK_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this
LATEST = 50  # items whose language new ones are compared with
A_DAY = timedelta(days=1)


def resting(run: Run) -> Outcome | None:
    """Return an outcome if the source is stopped and not due for another look. None: it may be looked at."""
    stopped = run.council.facts.brake
    if stopped is None or run.is_accepted or stopped.configured != _configured(run.source):
        return None
    if schedule.is_due_after_brake(stopped.times, stopped.asked, run.now):
        return None
    return replace(stopped_outcome(run.source, stopped), is_said=True)


def settled(run: Run, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes, each when its findings are kept. If the brake stops the run, drop the last batch.

    A batch with a text that is foreign to the site is judged together with the next one. Alone, its first few foreign
    texts would pass.
    """
    db, findings = run.state.store.db, run.findings
    batch: list[Outcome] = []
    kept = weighed = 0  # of the changes
    db.begin()
    try:
        for outcome in outcomes:
            run.is_served &= not outcome.is_unserved
            batch.append(outcome)
            if len(batch) % BATCH == 0 and not _is_kept_as_a_whole(run):
                news, weighed = findings.changes[weighed:], len(findings.changes)
                if brake.is_doubtful(look_back(run), news):
                    continue
                _keep(run)
                kept = weighed
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
    except BaseException:  # an interrupt or a bug: keep the findings before it, if they can be judged without the rest
        try:
            if _is_kept_as_a_whole(run) or brake.is_doubtful(look_back(run), findings.changes[kept:]):
                db.undo()
            else:
                _keep(run)
        except Held as held:
            _stop(run, held)
        raise
    yield from batch


def look_back(run: Run) -> History:
    """Return the history before the run. Call it before the run keeps anything."""
    if run.history is None:
        run.history = _known_before(run)
    return run.history


def require_plausible(run: Run) -> None:
    """Raise Held if the findings are too odd to be kept before a person has looked."""
    findings = run.findings
    if not (findings.changes or findings.withdrawn or findings.news):
        return
    if findings.is_reading and _is_judged_as_a_whole(run):
        return
    objections = brake.objections_by_rule(look_back(run), findings)
    if not objections or run.consented.issuperset(objections):
        return
    rules, named = " ".join(sorted(objections)), brake.named_by(objections, findings)
    if not run.is_consented(rules, named):
        why = "; ".join(objections.values())
        if brake.DATES in objections:
            why += f"; if timezone or date_formats was mended, `feedpub run --redate {run.source.id}` reads all again"
        raise Held(run.source.home, why, code_of(run.source.id, rules, named))
    run.consented |= objections.keys()


def _is_judged_as_a_whole(run: Run) -> bool:
    """Whether a run is judged at its end alone: all that is odd has one code then, and nobody is asked twice.

    A backfill may read thousands of pages. There the code is for the first batch that is odd, and what is odd in the
    same way after it passes as well.
    """
    return run.is_accepted and run.command == "run"


def _is_kept_as_a_whole(run: Run) -> bool:
    """Whether all that a run finds is kept or none. While a site is stopped, a part of it must not slip through."""
    return _is_judged_as_a_whole(run) or (run.council.facts.brake is not None and run.command == "run")


def note_tried(run: Run, url: str, verdict: Verdict | None) -> None:
    """Note that a page was asked for, and whether it holds news. Raise Held as soon as too many of them do.

    ``verdict`` None: it could not be read.
    """
    findings = run.findings
    if url not in findings.news:
        return
    findings.tried.add(url)
    if verdict not in (None, Verdict.NEW):
        findings.no_news.add(url)
    if findings.is_reading and not _is_judged_as_a_whole(run) and brake.is_flood(look_back(run), findings):
        require_plausible(run)


def _known_before(run: Run) -> History:
    state, facts = run.state, run.council.facts
    weigh_all = _weigher()
    newest = state.items.newest(LATEST)
    trusted = _trusted_until(run)
    since = _judged_from(run)
    return History(
        now=since,
        items=state.items.count(),
        latest=weigh_all(newest),
        since=weigh_all(state.items.seen_since(trusted, LATEST)) if trusted else (),
        last_look=facts.last_look,
        lately=state.runs.tally(since - brake.WHILE),
        today=state.runs.tally(since - A_DAY),
        before=weigh_all(state.items.unchanged_since(trusted, LATEST)) if trusted else (),
        is_linked=state.items.is_linked,
        categories=_known_categories(run) if run.command == "run" else None,
    )


def _known_categories(run: Run) -> dict[str, int]:
    """Return the categories, in small letters, each with the number of its items."""
    named = run.state.collections.named()
    return {c.title.casefold(): c.items for c in named if c.name.startswith(CATEGORY)}


def _trusted_until(run: Run) -> datetime | None:
    """Return until when items are what the site is measured by. None: there are none yet.

    That is until somebody last accepted another language, or else until the end of the first day.
    """
    if run.council.facts.accepted:
        return run.council.facts.accepted
    first = run.state.items.first_seen()
    return first + A_DAY if first else None


def _weigher() -> Callable[[Iterable[Stored]], tuple[Weighed, ...]]:
    """Return a function that weighs items, and each item once: the same ones are the latest and those from before."""
    weighed: dict[str, Weighed] = {}

    def weigh_all(items: Iterable[Stored]) -> tuple[Weighed, ...]:
        known = list(items)
        weighed.update((one.id, Weighed.of(one.article)) for one in known if one.id not in weighed)
        return tuple(weighed[one.id] for one in known)

    return weigh_all


def _judged_from(run: Run) -> datetime:
    """Return now, or when runs were first stopped: waiting alone must not let anything through."""
    stopped = run.council.facts.brake
    return min(stopped.since, run.now) if stopped else run.now


# ------------------------------------------------------------ keeping, or not


def _keep(run: Run) -> None:
    """Keep the batch, and count it. Raise Held if it is too odd."""
    require_plausible(run)
    findings = run.findings
    if findings.changes or findings.withdrawn or findings.news or findings.unmodified:
        done = _tally(run)
        if done != run.counted and not _are_findings_accepted(run):
            run.state.runs.add_tally(done - run.counted, run.now)
            run.counted = done
    run.state.store.db.settle()


def _are_findings_accepted(run: Run) -> bool:
    """Whether a person let odd findings through. Consent to another host, say, is no consent to what is read there."""
    return not run.consented.isdisjoint(brake.OBJECTIONS)


def _tally(run: Run) -> Tally:
    findings = run.findings
    added = categories = 0
    has_found = findings.added or findings.changes
    before = look_back(run) if has_found else None  # to weigh known items takes longer than all the rest
    if before and before.items and before.last_look:
        days = brake.days(before, run.now)
        added = ceil(findings.added / days)
        categories = ceil(brake.new_categories(before, findings) / days)
    return Tally(
        added=added,
        changed=sum(change.verdict is Verdict.CHANGED for change in findings.changes),
        seen=sum(change.known is not None for change in findings.changes) + findings.unmodified,
        withdrawn=findings.withdrawn,
        categories=categories,
    )


def _finish(run: Run) -> None:
    """Keep the last batch, and note that all is well. Accepted findings do not count against later runs."""
    require_plausible(run)
    state, facts = run.state, run.council.facts
    if run.is_site_well and run.is_served:  # an outage does not show that all is well again
        facts = replace(facts, brake=None)
    if _are_findings_accepted(run):
        state.runs.forget_tally()
    if brake.LANGUAGE in run.consented:
        facts = replace(facts, accepted=run.now)
    if run.is_site_well and not _is_recorded(facts.last_look, run.now):
        facts = replace(facts, looked=run.now)
        state.runs.forget_tally(run.now - brake.WHILE)
    state.put_facts(facts)
    _keep(run)


def _is_recorded(last_look: datetime | None, now: datetime) -> bool:
    """Whether a look was recorded within the last hour. One in the future comes from a wrong clock."""
    return last_look is not None and timedelta(0) <= now - last_look < LOOK_RECORDED


def _stop(run: Run, held: Held) -> Outcome:
    """Drop the batch, and remember why."""
    run.state.store.db.undo()
    facts = run.council.facts
    since, times = run.now, 1
    if facts.brake:
        since, times = facts.brake.since, facts.brake.times + 1
    codes = " ".join((*run.used, held.code)) if held.code else ""  # all that are needed, in one go
    behind = int(run.behind.total_seconds())
    stopped = Brake(held.reason, since, run.now, times, _configured(run.source), codes, behind)
    if run.command == "run":  # a person who walks back by hand reads the message at once; the next run looks by itself
        run.state.put_facts(replace(facts, brake=stopped))
    return stopped_outcome(run.source, stopped, run.command)


def _configured(source: Source) -> str:
    """Return a fingerprint of the configuration. When it changes, the cause of the stop may be mended."""
    return hashlib.sha256(repr(source).encode()).hexdigest()[:16]


def stopped_outcome(source: Source, stopped: Brake, command: str = "run") -> Outcome:
    since = ""
    if stopped.times > 1:
        since = f" (stopped {stopped.times} times since {stopped.since:%Y-%m-%d %H:%M} UTC)"
    message = f"{source.home}: {stopped.why}{since}. {way_out(stopped, command)}"
    return Outcome(source.home, None, message)


def way_out(stopped: Brake, command: str) -> str:
    """Return what a stop means and how to end it."""
    meaning = "Nothing was published; readers still see the last good feeds."
    if not stopped.code:
        return meaning
    options = "".join(f" --accept {code}" for code in stopped.code.split())
    return f"{meaning} Check the site. If the change is real: `feedpub {command}{options}`"
