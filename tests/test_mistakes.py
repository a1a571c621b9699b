"""What an operator does wrong: each mistake is one line that names the place, the cause and the way out."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from feedpub import cli
from tests.council import Council
from tests.drupal.site import Answer

pytestmark = pytest.mark.sqlite  # on a server the state has no file

HOUSE = Path(__file__).parent.parent
UNUSED = "http://127.0.0.1:9"  # nobody answers there
NOTHING = "Nothing was published; readers still see the last good feeds. Check the site."
SIZE = 3  # articles that the first run reads

Prepare = Callable[[Council], object]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What somebody does, and the lines that are said of it, after "feedpub: "."""

    name: str
    words: str  # of the command
    lines: tuple[str, ...] = ()
    code: int = 2
    prepare: Prepare = lambda _: None
    is_published: bool = False  # a run went well before
    on_stdout: bool = False  # the lines are the command's result
    env: Mapping[str, str | None] = field(default_factory=dict)  # None: it is not set
    umask: int | None = None
    is_of_usage: bool = False  # argparse shows more before the end of the line


# ------------------------------------------------------------ what is done to the installation


def edited(old: str, new: str) -> Prepare:
    """Something else is in config.toml."""

    def edit(council: Council) -> None:
        text = council.config.read_text(encoding="utf-8")
        assert old in text
        council.config.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def state_at(url: str) -> Prepare:
    return edited("[publish]", f'[state]\nurl = "{url}"\n[publish]')


def encoded(encoding: str) -> Prepare:
    return lambda council: council.config.write_bytes(council.config.read_text(encoding="utf-8").encode(encoding))


def file(name: str, text: str) -> Prepare:
    def put(council: Council) -> None:
        path = council.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{home}", f"{council.served.url}/"), encoding="utf-8")

    return put


def folder(name: str) -> Prepare:
    return lambda council: (council.folder / name).mkdir()


def script(sql: str) -> Prepare:
    """Somebody's program has worked on the state's file."""

    def work(council: Council) -> None:
        with closing(sqlite3.connect(council.state)) as db:
            db.executescript(sql)

    return work


def page(path: str, body: bytes, kind: str = "text/html") -> Prepare:
    def put(council: Council) -> None:
        council.site.overrides[path] = Answer(200, (("Content-Type", kind),), body)

    return put


def source_twice(council: Council) -> None:
    text = council.config.read_text(encoding="utf-8")
    source = text[text.index("[[source]]") :]
    council.config.write_text(f"{text}\n{source}", encoding="utf-8")


def without_sources(council: Council) -> None:
    text = council.config.read_text(encoding="utf-8")
    council.config.write_text(text[: text.index("[[source]]")], encoding="utf-8")


def stopped(council: Council) -> None:
    """The brake has stopped the source."""
    council.site.overrides["/"] = Answer(302, (("Location", council.served.url.replace("127.0.0.1", "localhost")),))
    council.feedpub("run")


def both(one: Prepare, other: Prepare) -> Prepare:
    return lambda council: (one(council), other(council))


ABSENT = "raise ModuleNotFoundError('it is not installed', name=__name__)\n"  # a package of that name
IN_A_PROCESS = {"FEEDPUB_TEST": "1"}  # of its own
SUSIDY = """[[source]]
id = "{id}"
title = "Сусіди"
home = "{home}"
listings = ["{home}"]
language = "uk"
timezone = "Europe/Kyiv"
"""
LEFT_OUT = "; this council is left out, and its feeds stay as they are"
MISSPELT = "[[source]] 1 timezone"
ID_RULE = "may contain only a-z, 0-9 and -, with no - at either end"
UTF8 = "Save it as UTF-8: in Notepad with «Save as», Encoding: UTF-8, or"
KNOWN = "%d %m %B %b %Y %y %H %I %M %S %p %A %a %R %*"

CONFIGURATION = [
    Mistake(
        "it is missing",
        "run",
        ("HERE/config.toml: there is no such file; --config FILE or FEEDPUB_CONFIG names another",),
        prepare=lambda council: council.config.unlink(),
    ),
    Mistake(
        "--config names nothing",
        "run --config HERE/no.toml",
        ("HERE/no.toml: there is no such file; --config FILE or FEEDPUB_CONFIG names another",),
    ),
    Mistake("--config names a folder", "run --config HERE", ("HERE: is a folder; name the file in it",)),
    Mistake(
        "a bracket is missing",
        "run",
        ("HERE/config.toml:2: is not TOML: Expected ']' at the end of a table declaration, in column 9",),
        prepare=edited("[publish]", "[publish"),
    ),
    Mistake(
        "a quote is missing",
        "run",
        ("HERE/config.toml:3: is not TOML: Illegal character '\\n', in column 13",),
        prepare=edited('"public"', '"public'),
    ),
    Mistake(
        "a key is misspelt",
        "run",
        ("HERE/config.toml:4: [publish] bas_url is not known; did you mean base_url?",),
        prepare=edited("base_url", "bas_url"),
    ),
    Mistake(
        "a table is misspelt",
        "run",
        ("HERE/config.toml:8: fetsh is not known; did you mean fetch?",),
        prepare=edited("[fetch]", "[fetsh]"),
    ),
    Mistake(
        "a key is missing",
        "run",
        ("HERE/config.toml:8: [fetch] contact is missing",),
        prepare=edited('contact = "https://example.org/feeds"', ""),
    ),
    Mistake(
        "there is no source",
        "run",
        ("HERE/config.toml:1: [[source]] is missing; `feedpub learn URL` prints one",),
        prepare=without_sources,
    ),
    Mistake(
        "a number has quotes",
        "run",
        ("HERE/config.toml:5: [publish] items must be a whole number, not '50'",),
        prepare=edited("items = 50", 'items = "50"'),
    ),
    Mistake(
        "a number is too small",
        "run",
        ("HERE/config.toml:5: [publish] items must be between 1 and 500",),
        prepare=edited("items = 50", "items = 0"),
    ),
    Mistake(
        "the zone is a city",
        "run",
        (f"HERE/config.toml:18: {MISSPELT} 'Kyiv' is not a time zone; did you mean 'Europe/Kyiv'?",),
        prepare=edited("Europe/Kyiv", "Kyiv"),
    ),
    Mistake(
        "the zone is misspelt",
        "run",
        (f"HERE/config.toml:18: {MISSPELT} 'Europe/Kiew' is not a time zone; did you mean 'Europe/Kyiv'?",),
        prepare=edited("Europe/Kyiv", "Europe/Kiew"),
    ),
    Mistake(
        "the zone is an offset",
        "run",
        (f"HERE/config.toml:18: {MISSPELT} '+02:00' is not a time zone; use a name such as 'Europe/Kyiv'",),
        prepare=edited("Europe/Kyiv", "+02:00"),
    ),
    Mistake(
        "a date format has a letter that is none",
        "run",
        (f"HERE/config.toml:35: [[source]] 1 [source.layout] date_formats '%d.%m.%Q' has %Q; known are {KNOWN}",),
        prepare=edited("date_formats = [", 'date_formats = ["%d.%m.%Q", '),
    ),
    Mistake(
        "a date format is one of a spreadsheet",
        "run",
        ("HERE/config.toml:35: [[source]] 1 [source.layout] date_formats 'dd.mm.yyyy' needs a day and a month",),
        prepare=edited("date_formats = [", 'date_formats = ["dd.mm.yyyy", '),
    ),
    Mistake(
        "a selector is torn",
        "run",
        (
            "HERE/config.toml:27: [[source]] 1 [source.layout] title 'h1[' is not a CSS"
            " selector: Expected ident or '*', got <EOF at 3>",
        ),
        prepare=edited('title = ["', 'title = ["h1[", "'),
    ),
    Mistake(
        "a hub has no scheme",
        "run",
        ("HERE/config.toml:6: [publish] hubs must be an http(s) address",),
        prepare=edited("items = 50", 'items = 50\nhubs = ["hub.zrazkiv.test"]'),
    ),
    Mistake(
        "the home is a file",
        "run",
        ("HERE/config.toml:15: [[source]] 1 home must be an http(s) address",),
        prepare=edited('home = "http://', 'home = "file:///'),
    ),
    Mistake(
        "two sources have one id",
        "run",
        ("HERE/config.toml:38: [[source]] 2 id 'zrazkiv' is taken by another source",),
        prepare=source_twice,
    ),
    Mistake(
        "the addresses are examples",
        "run",
        (
            "HERE/config.toml:4: [publish] base_url 'https://feeds.example.org/' is an example; write the address at"
            " which readers will find the folder",
            "HERE/config.toml:9: [fetch] contact 'https://example.org/feeds' is an example; write an address where the"
            " council can reach you",
        ),
        prepare=edited('home = "http://127.0.0.1', 'home = "http://zrazkiv.test'),
    ),
    Mistake(
        "it is in windows-1251",
        "run",
        (
            f"HERE/config.toml:14: is windows-1251, not UTF-8. {UTF8} on Linux: iconv -f"
            " windows-1251 -t UTF-8 config.toml > new.toml",
        ),
        prepare=encoded("cp1251"),
    ),
    Mistake(
        "it is in UTF-16",
        "run",
        (
            "HERE/config.toml: is UTF-16, not UTF-8; PowerShell writes so with > and >>."
            f" {UTF8} in PowerShell with | Out-File -Encoding utf8",
        ),
        prepare=encoded("utf-16"),
    ),
    Mistake("it has a byte-order mark, which is none", "run", code=0, prepare=encoded("utf-8-sig")),
    Mistake(
        "a council's file is torn",
        "run",
        (
            "HERE/sources.d/susidy.toml:1: is not TOML: Expected ']]' at the end of"
            f" an array declaration, in column 9{LEFT_OUT}",
        ),
        1,
        file("sources.d/susidy.toml", "[[source\n"),
    ),
    Mistake(
        "a council's file has no table",
        "run",
        (f"HERE/sources.d/susidy.toml: must have one [[source]] and nothing else{LEFT_OUT}",),
        1,
        file("sources.d/susidy.toml", 'id = "susidy"\n'),
    ),
    Mistake(
        "a council's file has another's id",
        "run",
        (f"HERE/sources.d/susidy.toml:2: [[source]] 1 id 'zrazkiv' is taken by HERE/config.toml{LEFT_OUT}",),
        1,
        file("sources.d/susidy.toml", SUSIDY.replace("{id}", "zrazkiv")),
    ),
]

PLACES = [
    Mistake(
        "`to` holds the state",
        "run",
        (
            "HERE/config.toml:3: [state] url is in HERE/public, the folder of [publish] to,"
            " and a web server would show it; keep it outside",
        ),
        prepare=state_at("sqlite:///public/feedpub.db"),
    ),
    Mistake(
        "`to` is a file",
        "run",
        ("HERE/public: is no folder; nothing is read through it: put a folder in its place",),
        1,
        file("public", ""),
    ),
    Mistake(
        "`to` is where nothing can be written",
        "run",
        (
            "/proc/feeds: cannot be written: No such file or directory; the"
            " last good file stands, the next run tries again",
        ),
        1,
        edited('"public"', '"/proc/feeds"'),
    ),
    Mistake(
        "the state is a folder",
        "run",
        ("HERE/feedpub.db: is a folder; name a file in [state] url",),
        1,
        folder("feedpub.db"),
    ),
    Mistake(
        "the state is where nothing can be written",
        "run",
        (
            "/proc/state/feedpub.db.lock: the state cannot be locked:"
            " No such file or directory; name another place in [state] url, or make this one",
        ),
        1,
        state_at("sqlite:////proc/state/feedpub.db"),
    ),
    Mistake(
        "the state is of a newer version",
        "run",
        (
            "HERE/feedpub.db: the state was written by a newer feedpub: its"
            " version is 99, this one knows 11. Use the newer feedpub, or name another file in [state] url",
        ),
        1,
        script("PRAGMA user_version = 99"),
        is_published=True,
    ),
    Mistake(
        "the state is a text",
        "run",
        (
            "HERE/feedpub.db: the state cannot be opened: file is not a database; it is kept"
            " as feedpub.db.damaged-TIME; there is no copy of it that can be read: the items are taken from the"
            " published feeds",
        ),
        1,
        file("feedpub.db", "This is a text. " * 100),
    ),
    Mistake(
        "the state is another program's database",
        "run",
        ("HERE/feedpub.db: is the database of another program; name another file in [state] url",),
        1,
        script("CREATE TABLE bookmark (url TEXT); INSERT INTO bookmark VALUES (1)"),
    ),
    Mistake(
        "the state is another program's database with a version",
        "run",
        ("HERE/feedpub.db: is the database of another program; name another file in [state] url",),
        1,
        script("CREATE TABLE a (b); PRAGMA user_version = 3"),
    ),
    Mistake(
        "the state is on an unknown server",
        "run",
        (
            "HERE/config.toml:3: [state] url must be sqlite:///FILE (relative to"
            " this file) or sqlite:////absolute/FILE, or postgresql://USER@HOST/DATABASE",
        ),
        prepare=state_at("mysql://u@db/x"),
    ),
    Mistake(
        "nothing is published yet",
        "serve --port 0",
        ("HERE/public: there is no such folder: nothing is published yet; `feedpub run` does it",),
        1,
    ),
    Mistake(
        "the port is taken",
        "serve --port PORT",
        ("SITE/: is taken by another program; choose another with --host and --port",),
        is_published=True,
    ),
    Mistake(
        "the folder to check is empty",
        "check HERE/empty",
        ("HERE/empty: cannot be read: there are no feeds in this folder",),
        1,
        folder("empty"),
        on_stdout=True,
    ),
    Mistake("the umask shuts everybody out", "run", code=0, umask=0o077),
]

COMMANDS = [
    Mistake("a command is misspelt", "rnu", ("did you mean run?",), is_of_usage=True),
    Mistake("an option is misspelt", "run --sorce zrazkiv", ("did you mean --source?",), is_of_usage=True),
    Mistake(
        "a source is misspelt", "run --source zrazkov", ("HERE/config.toml: has no source 'zrazkov'; it has zrazkiv",)
    ),
    Mistake(
        "a code fits nothing",
        "run --accept abcdefghij",
        ("abcdefghij: nothing is stopped that a code would let through; nothing was started",),
        is_published=True,
    ),
    Mistake(
        "a code is of something else",
        "run --accept abcdefghij",
        (
            "zrazkiv: SITE/: leads to another site:"
            " OTHER; if the council has moved, set home and listings to its new address and formerly ="
            " ['127.0.0.1:PORT'] in its [[source]] (stopped 2 times since TIME)."
            f" {NOTHING} If the change is real: `feedpub run --accept CODE`",
        ),
        1,
        stopped,
        is_published=True,
    ),
    Mistake(
        "a day is none",
        "backfill --since 2025-13-01",
        ("argument --since: '2025-13-01' is no day such as 2025-01-31",),
        is_of_usage=True,
    ),
    Mistake(
        "init gets no scheme",
        "init zrazkiv.test --config HERE/new.toml",
        ("zrazkiv.test: is not an address; give the page that lists the news, with http(s)://",),
    ),
    Mistake(
        "init gets an address where nobody answers",
        f"init {UNUSED}/ --config HERE/new.toml",
        (f"{UNUSED}/: cannot be reached: Connection refused",),
        1,
    ),
    Mistake(
        "init finds a configuration",
        "init SITE/",
        ("HERE/config.toml: is there already; `feedpub init` writes a new file and changes none",),
    ),
    Mistake("learn gets an empty page", "learn SITE/empty", ("SITE/empty: is empty",), 1, page("/empty", b"")),
    Mistake(
        "learn gets a PDF",
        "learn SITE/plan.pdf",
        ("SITE/plan.pdf: is application/pdf, not a page",),
        1,
        page("/plan.pdf", b"%PDF-1.7", "application/pdf"),
    ),
    Mistake(
        "inspect gets no file",
        "inspect no.html",
        ("no.html: cannot be read: No such file or directory; name a file, or an address with http(s)://",),
    ),
    Mistake(
        "a backup has a name that is taken",
        "backup HERE/config.toml",
        ("HERE/config.toml: is there already, and is never written over; name another file",),
        1,
        is_published=True,
    ),
    Mistake(
        "a text is restored",
        "restore HERE/config.toml",
        ("HERE/config.toml: cannot be put in the place of the state: file is not a database",),
        1,
        is_published=True,
    ),
    Mistake(
        "a source is moved to its own id",
        "move zrazkiv zrazkiv",
        ("HERE/config.toml: has a source 'zrazkiv' already; take another id",),
        is_published=True,
    ),
    Mistake(
        "a source is moved to a Ukrainian id", "move zrazkiv зразків", (f"'зразків': {ID_RULE}",), is_published=True
    ),
    Mistake(
        "a source is closed twice",
        "retire zrazkiv",
        ("zrazkiv: is closed since DAY",),
        0,
        lambda council: council.feedpub("retire", "zrazkiv"),
        is_published=True,
    ),
    Mistake(
        "an item is withdrawn that is none",
        "withdraw tag:x --reason y",
        ("tag:x: no item has this id or address; `feedpub ledger` lists them",),
        1,
        is_published=True,
    ),
    Mistake(
        "ids are recovered from the configuration",
        "recover HERE/config.toml",
        ("HERE/config.toml: is neither a ledger nor a feed of feedpub: Expecting value: line 2 column 2 (char 2)",),
        1,
        is_published=True,
    ),
    Mistake(
        "a state is copied to itself",
        "state copy sqlite:///feedpub.db sqlite:///feedpub.db",
        ("state copy: FROM and TO are the same: feedpub.db; name another TO",),
        is_published=True,
    ),
    Mistake(
        "a worker has a file as its state",
        "worker",
        (
            "HERE/config.toml: [state] url: a worker shares its state with"
            " others, so it must be a PostgreSQL server; with a file, let cron call `feedpub run`",
        ),
    ),
]

SURROUNDINGS = [
    Mistake("HOME is not set", "run", code=0, env={"HOME": None}),
    Mistake(
        "the proxy is dead",
        "run",
        (
            "zrazkiv: SITE/: cannot be reached through the proxy http://127.0.0.1:9: Connection"
            " refused; it will be asked for again",
        ),
        1,
        env={"http_proxy": UNUSED, "no_proxy": "", "NO_PROXY": None},
    ),
    Mistake(
        "a bucket has no key",
        "run",
        (
            "s3://feeds/rada/zrazkiv: cannot be read: there are no credentials: set"
            " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of the run, or write ~/.aws/credentials",
        ),
        1,
        edited('"public"', '"s3://feeds/rada"'),
        env={"AWS_ENDPOINT_URL": UNUSED, "HOME": "/nowhere"},
    ),
    Mistake(
        "a server without the package for it",
        "run",
        (
            "the state is on a PostgreSQL server, and psycopg cannot be"
            " loaded: it is not installed; `pip install 'feedpub[postgres]'` installs it",
        ),
        1,
        both(state_at("postgresql://u@db/x"), file("psycopg.py", ABSENT)),
        env=IN_A_PROCESS,
    ),
    Mistake(
        "the server of the state is not there",
        "run",
        ('postgresql://u@127.0.0.1:9/x: the state cannot be opened: "127.0.0.1", port 9: Connection refused',),
        1,
        state_at("postgresql://u@127.0.0.1:9/x"),
    ),
]

MISTAKES = [*CONFIGURATION, *PLACES, *COMMANDS, *SURROUNDINGS]


def shown(said: str, council: Council) -> list[str]:
    """The lines of a command, without what is another at each run."""
    other = council.served.url.replace("127.0.0.1", "localhost")
    for here, name in ((f"{council.folder}", "HERE"), (council.served.url, "SITE"), (other, "OTHER")):
        said = said.replace(here, name)
    said = said.replace(council.served.url.rpartition(":")[2], "PORT")
    said = re.sub(r"\d{8}T\d{6}Z|\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", said)
    said = re.sub(r"since \d{4}-\d\d-\d\d\b", "since DAY", re.sub(r"--accept [a-z2-7]{10}", "--accept CODE", said))
    lines = [line.removeprefix("feedpub: ") for line in said.splitlines()]
    return lines[-1:] if lines and lines[0].startswith("usage: ") else lines  # argparse shows the usage before its line


def done(council: Council, mistake: Mistake) -> tuple[int, str, str]:
    """Do it, in this process or in one of its own; its exit code and what it said."""
    port = council.served.url.rpartition(":")[2]
    words = mistake.words.replace("HERE", f"{council.folder}").replace("SITE", council.served.url).replace("PORT", port)
    args = words.split()
    if "--config" not in args:
        args += ["--config", str(council.config)]
    if not mistake.env and mistake.umask is None:
        council.capsys.readouterr()
        try:
            code = cli.main(args)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = council.capsys.readouterr()
        return code, said.out, said.err
    env = {name: value for name, value in {**os.environ, **mistake.env}.items() if value is not None}
    ran = subprocess.run(
        [sys.executable, "-m", "feedpub", *args], capture_output=True, text=True, check=False, cwd=council.folder,
        env={**env, "PYTHONPATH": str(HOUSE)}, umask=-1 if mistake.umask is None else mistake.umask,
    )  # fmt: skip
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_a_line_that_says_what_and_where_and_what_to_do(
    council: Council, mistake: Mistake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(council.folder)
    council.site.page_size = SIZE
    if mistake.is_published:
        assert council.feedpub("run").code == 0
    mistake.prepare(council)
    code, out, err = done(council, mistake)
    lines = shown(out if mistake.on_stdout else err, council)
    if mistake.is_of_usage:
        lines = [line[-len(mistake.lines[0]) :] for line in lines]
    assert (code, lines) == (mistake.code, list(mistake.lines))


def test_there_are_enough_of_them_and_no_two_are_alike() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) > 40
