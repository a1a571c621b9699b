"""The fuzzer: ``python fuzz/run.py TARGET [options of libFuzzer]``; see README.md beside it."""

from __future__ import annotations

import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

if TYPE_CHECKING:
    from fuzz.targets import Target

SLOWEST = 5.0  # seconds of work that one input may take
LARGEST = 500  # MB of memory, for the whole process
HANG = 30  # seconds after which an input is not waited for; the machine may have other things to do meanwhile
REPORT = 1_000  # inputs between two lines


class Watched:
    """A target that counts, and measures what each input takes."""

    def __init__(self, run: Callable[[bytes], bool]) -> None:
        self.run = run
        self.inputs = self.taken = 0
        self.slowest = 0.0

    def __call__(self, data: bytes) -> None:
        begun = time.process_time()
        self.taken += self.run(data)
        took = time.process_time() - begun
        self.slowest = max(self.slowest, took)
        self.inputs += 1
        if took > SLOWEST:
            raise AssertionError(f"took {took:.1f} s")
        if self.inputs % REPORT == 0:
            self.report()

    def report(self) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"feedpub: {self.inputs} inputs, {self.taken} of them taken, slowest {self.slowest:.2f} s, {memory} MB",
            file=sys.stderr,
            flush=True,
        )


class Mutator:
    """Changes an input as markup is changed: by whole tags, values and the pieces that have broken things before."""

    def __init__(self, pieces: list[bytes], tokens: re.Pattern[bytes]) -> None:
        self.pieces, self.tokens = pieces, tokens
        self.changes = (
            self.put,
            self.put,
            self.put,
            self.drop,
            self.repeat,
            self.move,
            self.wrap,
            self.value,
            self.cut,
        )

    def __call__(self, data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - for repeatable changes, no secret
        if chance.random() < 0.1:
            return self.scratch(data, chance)[:longest]
        tokens = self.tokens.findall(data) or [b""]
        for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
            chance.choice(self.changes)(tokens, chance)
        return b"".join(tokens)[:longest]

    def scratch(self, data: bytes, chance: random.Random) -> bytes:
        """Some bytes changed, whatever they are part of."""
        scratched = bytearray(data or b"\0")
        for _ in range(chance.choice((1, 2, 4, 16))):
            scratched[chance.randrange(len(scratched))] = chance.choice((chance.randrange(256), 0, 60, 62, 38, 34, 255))
        return bytes(scratched)

    def cross(self, one: bytes, other: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311
        mine, theirs = self.tokens.findall(one), self.tokens.findall(other)
        at, begin = chance.randint(0, len(mine)), chance.randint(0, len(theirs))
        end = begin + chance.randint(1, 40)
        return b"".join((*mine[:at], *theirs[begin:end], *mine[at:]))[:longest]

    def put(self, tokens: list[bytes], chance: random.Random) -> None:
        tokens.insert(chance.randint(0, len(tokens)), chance.choice(self.pieces))

    def drop(self, tokens: list[bytes], chance: random.Random) -> None:
        at = chance.randint(0, len(tokens))
        del tokens[at : at + chance.choice((1, 1, 2, 10))]

    def repeat(self, tokens: list[bytes], chance: random.Random) -> None:
        at, length = chance.randint(0, len(tokens)), chance.randint(1, 6)
        tokens[at:at] = tokens[at : at + length] * chance.choice((1, 1, 2, 3, 30))

    def move(self, tokens: list[bytes], chance: random.Random) -> None:
        at, length = chance.randint(0, len(tokens)), chance.randint(1, 6)
        moved = tokens[at : at + length]
        del tokens[at : at + length]
        to = chance.randint(0, len(tokens))
        tokens[to:to] = moved

    def wrap(self, tokens: list[bytes], chance: random.Random) -> None:
        begin, end = sorted(chance.randint(0, len(tokens)) for _ in range(2))
        tokens.insert(end, chance.choice(self.pieces))
        tokens.insert(begin, chance.choice(self.pieces))

    def value(self, tokens: list[bytes], chance: random.Random) -> None:
        """Puts a piece into a token: an attribute into a tag, a character into a word."""
        if tokens:
            at = chance.randrange(len(tokens))
            token = tokens[at]
            ends = [m.end() for m in re.finditer(rb"<[\w-]+|[\s\"'=]", token)] or [chance.randint(0, len(token))]
            end = chance.choice(ends)
            tokens[at] = token[:end] + chance.choice(self.pieces) + token[end:]

    def cut(self, tokens: list[bytes], chance: random.Random) -> None:
        if tokens:
            at = chance.randrange(len(tokens))
            token = tokens[at]
            tokens[at] = token[: chance.randint(0, len(token))]


def seeded(target: Target, folder: Path) -> Path:
    """The folder, with the target's seeds in it where it is new; libFuzzer adds what it finds."""
    if not folder.exists():
        folder.mkdir(parents=True)
        for n, seed in enumerate(target.seeds()):
            (folder / f"seed-{n}").write_bytes(seed[: target.length])
    return folder


def replay(name: str, inputs: list[str]) -> None:
    """Runs files, or folders of them, without the fuzzer: to see one that failed, or what a corpus covers."""
    from fuzz.targets import TARGETS

    watched = Watched(TARGETS[name].run)
    for given in map(Path, inputs):
        for file in sorted(given.iterdir()) if given.is_dir() else [given]:
            watched(file.read_bytes())
    watched.report()


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["feedpub"]):
        from fuzz.targets import TARGETS

    name, *options = sys.argv[1:]
    target = TARGETS[name]
    folders = [o for o in options if not o.startswith("-")]
    folder = seeded(target, Path(folders[0]) if folders else Path(tempfile.mkdtemp(prefix="feedpub-")) / name)
    print(f"feedpub: the corpus is in {folder}", file=sys.stderr)
    mutator = Mutator([p.encode(errors="surrogatepass") for p in target.pieces], target.tokens)
    defaults = [
        f"-timeout={HANG}", f"-rss_limit_mb={LARGEST}", f"-max_len={target.length}", "-len_control=0",
        "-print_final_stats=1",
        f"-artifact_prefix={folder.parent}/{name}-",
    ]  # fmt: skip
    given = [sys.argv[0], *defaults, *(o for o in options if o.startswith("-")), str(folder)]
    atheris.Setup(given, Watched(target.run), custom_mutator=mutator, custom_crossover=mutator.cross)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--replay"]:
        replay(sys.argv[2], sys.argv[3:])
    else:
        main()
