from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from feedpub import config, dictionary
from feedpub.errors import ConfigError
from feedpub.layout import Layout
from feedpub.model import Source, Terms, Topic
from feedpub.publishing.feed import choice

TAKEN = {  # what a council may write -> the shipped topics that take it
    "внутрішньо переміщеним особам нададуть продуктові набори": "vpo dopomoha",
    "переселенців запрошують до хабу": "vpo",
    "видача гуманітарної допомоги перенесено": "dopomoha",
    "про потреби в гуманітарній допомозі": "dopomoha",
    "пенсійний фонд про перерахунок пенсій та виплати": "vyplaty",
    "одноразова грошова допомога ветеранам": "vyplaty",
    "центр зайнятості оприлюднив вакансії": "robota",
    "оголошено конкурс на заміщення вакантних посад": "robota",
    "позачергова сесія міської ради відбудеться в четвер": "sesii",
    "засідання виконавчого комітету": "sesii",
    "оголошено повітряну тривогу пройдіть в укриття": "tryvohy",
    "стратегічна сесія з підприємцями": "",
    "набір учнів до ліцею": "",
    "пенсіонерка перемогла в конкурсі": "",
}
SHIPPED = Path(__file__).parent.parent / "config.toml"
GOOD = """
[publish]
to = "out"
base_url = "https://feeds.example.org"
[fetch]
contact = "mailto:me@example.org"
[[source]]
id = "rada"
title = "Рада"
home = "https://rada.example/"
listings = ["https://rada.example/news"]
language = "uk"
timezone = "Europe/Kyiv"
"""


def load(folder: Path, text: str) -> config.Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return [p.replace(f"{folder / 'config.toml'}", "config.toml") for p in caught.value.problems]


def test_the_shipped_config_is_the_contract_s() -> None:
    settings = config.load(SHIPPED)
    assert settings.publish == config.Publish(SHIPPED.parent / "public", "https://feeds.example.org/", 50, ())
    assert settings.state == SHIPPED.parent / "feedpub.db"
    assert settings.fetch == config.Fetch("https://feeds.example.org/about", 1.0, 1000, 64, 50.0, False)
    assert [s.id for s in settings.sources] == ["starobilsk"]
    assert settings.sources[0].layout is None


def test_paths_are_relative_to_the_config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    monkeypatch.chdir(tmp_path)
    settings = load(tmp_path / "etc", GOOD + '[state]\nurl = "sqlite:////var/lib/feedpub.db"')
    assert settings.publish.to == tmp_path / "etc" / "out"
    assert settings.state == Path("/var/lib/feedpub.db")
    assert settings.publish.base_url == "https://feeds.example.org/"


@pytest.mark.parametrize(
    ("base", "contact", "named"),
    [
        ("https://feeds.example.org/", "https://feeds.example.org/about", ["base_url", "contact"]),
        ("https://EXAMPLE.com./feeds", "mailto:me@zrazkiv.test", ["base_url"]),
        ("https://feeds.zrazkiv.test/", "mailto:me@mail.example", ["contact"]),
        ("https://example.org.ua/", "mailto:me@myexample.org", []),
    ],
)
def test_addresses_that_are_still_the_example_s_are_known(
    tmp_path: Path, base: str, contact: str, named: list[str]
) -> None:
    text = GOOD.replace("https://feeds.example.org", base).replace("mailto:me@example.org", contact)
    found = load(tmp_path, text).placeholders
    assert [re.split(r"\] | ", line.partition("[")[2])[1] for line in found] == named


@pytest.mark.parametrize(
    ("to", "state", "said"),
    [
        (
            ".",
            "feedpub.db",
            "config.toml:3: [publish] to is {here}, with this file in it, and a web server would show it",
        ),
        ("..", "/var/lib/feedpub.db", "config.toml:3: [publish] to is {above}, with this file in it"),
        ("out", "out/feedpub.db", "config.toml:1: [state] url is in {here}/out, the folder of [publish] to, and"),
        ("out", "link/feedpub.db", "config.toml:1: [state] url is in {here}/out, the folder of [publish] to, and"),
    ],
)
def test_what_a_web_server_shows_holds_neither_state_nor_configuration(
    tmp_path: Path, to: str, state: str, said: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out")
    text = GOOD.replace('"out"', f'"{to}"') + f'[state]\nurl = "sqlite:///{state}"'
    [problem] = problems(tmp_path, text)
    expected = said.format(here=tmp_path, above=tmp_path.parent)
    assert re.sub(r":\d+:", ":", problem).startswith(re.sub(r":\d+:", ":", expected))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('to = "out"', "[watch] to is in {here}/out, the folder of [publish] to, and a web server would show it"),
        ('to = "out/in/status"', "[watch] to is in {here}/out, the folder of [publish] to, and a web server would"),
        ('to = "link"', "[watch] to is in {here}/out, the folder of [publish] to, and a web server would show it"),
        ('to = "up"', "[watch] to is {here}/up, above {here}/up/out, the folder of [publish] to; name one beside"),
        ('to = "."', "[watch] to is {here}, with this file in it, and a web server would show it; name another"),
        ('to = "kept"', "[state] url is in {here}/kept, the folder of [watch] to, and a web server would show it;"),
        ('to = "s3://bucket"', "[watch] to must be a folder of this machine"),
        ('to = " "', "[watch] to must not be empty"),
        ('textfile = "out/x.prom"', "[watch] textfile is in {here}/out, the folder of [publish] to, and a web server"),
        ('textfile = "feedpub.txt"', "[watch] textfile must be a file of this machine that ends with .prom:"),
        ('textfile = "x/.prom"', "[watch] textfile must be a file of this machine that ends with .prom:"),
    ],
)
def test_what_the_operator_sees_is_beside_what_readers_see(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out/within")
    text = GOOD if '"up"' not in words else GOOD.replace('"out"', '"up/out"')
    text += '[state]\nurl = "sqlite:///kept/feedpub.db"\n[watch]\n'
    [problem] = problems(tmp_path, text + words)
    assert problem.partition(": ")[2].startswith(said.format(here=tmp_path))


def test_the_operator_s_files_are_relative_to_the_config_file(tmp_path: Path) -> None:
    watch = load(tmp_path, GOOD + '[watch]\nto = "outer"\ntextfile = "/var/lib/node_exporter/feedpub.prom"').watch
    assert watch == config.Watch(None, tmp_path / "outer", Path("/var/lib/node_exporter/feedpub.prom"))
    bucket = load(tmp_path, GOOD.replace('"out"', '"s3://bucket"') + '[watch]\nto = "out"').watch
    assert bucket.to == tmp_path / "out"


def test_all_mistakes_are_named_at_once_with_line_and_key(tmp_path: Path) -> None:
    text = """\
[publish]
to = 3
bas_url = "https://feeds.example.org"
[fetch]
contact = "me"
delay = -1
[[source]]
id = "Рада"
title = "Рада"
home = "rada.example"
listings = []
language = "ua"
timezone = "Kyiv"
[source.terms]
wording = "без посилання"
block = 3
[source.layout]
title = "h1["
date_formats = ["%Q"]
"""
    assert problems(tmp_path, text) == [
        "config.toml:3: [publish] bas_url is not known; did you mean base_url?",
        "config.toml:2: [publish] to must be a string, not 3",
        "config.toml:5: [fetch] contact must be an address where the council can reach you: https://… or mailto:…",
        "config.toml:6: [fetch] delay must be between 0 and 3600",
        "config.toml:8: [[source]] 1 id may contain only a-z, 0-9 and -, with no - at either end",
        "config.toml:10: [[source]] 1 home must be an http(s) address",
        "config.toml:11: [[source]] 1 listings must name at least one address",
        "config.toml:12: [[source]] 1 language 'ua' is a country; the language is 'uk'",
        "config.toml:13: [[source]] 1 timezone 'Kyiv' is not a time zone; did you mean 'Europe/Kyiv'?",
        "config.toml:15: [[source]] 1 [source.terms] wording must contain {link} exactly once:"
        " the council's hyperlink goes there",
        "config.toml:16: [[source]] 1 [source.terms] block must be between 1 and 2",
        "config.toml:18: [[source]] 1 [source.layout] title 'h1[' is not a CSS selector:"
        " Expected ident or '*', got <EOF at 3>",
        "config.toml:19: [[source]] 1 [source.layout] date_formats '%Q' has %Q;"
        " known are %d %m %B %b %Y %y %H %I %M %S %p %A %a %R %*",
    ]


def test_there_is_no_hub_unless_one_is_named_and_each_counts_once(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).publish.hubs == ()
    named = GOOD.replace(
        "[fetch]", 'hubs = ["https://b.example/", "https://a.example/", "https://b.example/"]\n[fetch]'
    )
    assert load(tmp_path, named).publish.hubs == ("https://b.example/", "https://a.example/")


def test_terms_have_a_default_in_the_source_s_language(tmp_path: Path) -> None:
    source = load(tmp_path, GOOD).sources[0]
    assert source.terms.wording == "Джерело: Рада, {link}"
    assert source.terms.block == 2
    assert source.terms.rights.startswith("© Рада. ")
    english = load(tmp_path, GOOD.replace('"uk"', '"en"')).sources[0]
    assert english.terms.wording == "Source: Рада, {link}"


def test_a_layout_takes_one_selector_or_several(tmp_path: Path) -> None:
    layout = load(tmp_path, GOOD + '[source.layout]\ntitle = "h1"\nbody = [".text", "article"]').sources[0].layout
    assert layout is not None
    assert (layout.title, layout.body, layout.link) == (("h1",), (".text", "article"), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Рада"', 'title = " "', "title must not be empty"),
        ('title = "Рада"', 'title = "Рада"\nemail = "rada.example"', "email must be an e-mail address"),
        ('title = "Рада"', 'title = "Рада"\nlogo = "/logo.png"', "logo must be an http(s) address"),
        ('"https://rada.example/news"', '"/news"', "listings must be an http(s) address"),
        ('"https://rada.example/"', '"https://rada.example/a b"', "home must be an http(s) address"),
        ('"https://feeds.example.org"', '"https://feeds.example.org/?x=1"', "base_url must not have a query"),
        (
            'to = "out"',
            'to = "out"\nhubs = ["hub.example"]',
            "config.toml:4: [publish] hubs must be an http(s) address",
        ),
        (
            'to = "out"',
            'to = "out"\nhubs = "https://hub.example/"',
            "hubs must be a list of strings, not 'https://hub.",
        ),
        ('to = "out"', 'to = "out"\nhubs = ["https://ха б.укр/"]', "hubs must be an http(s) address"),
        ('"https://rada.example/"', '"https://рада..укр/"', "home must be an http(s) address"),
        ('"https://feeds.example.org"', '"https://feeds.example.org/#x"', "base_url must not have a fragment"),
        ('to = "out"', 'to = "out"\nitems = 0', "items must be between 1 and 500"),
        ('to = "out"', 'to = "out"\nitems = true', "items must be a whole number, not True"),
        ("[fetch]", '[state]\nurl = "feedpub.db"\n[fetch]', "url must be sqlite:///FILE (relative to this file) or"),
        ("[[source]]", "[source]", "must be written [[source]], with double brackets: there may be several"),
        ("[publish]", "publish = 3\n[x]", "publish must be a table, not 3"),
    ],
)
def test_a_value_that_would_do_harm_later_is_no_value(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(said in p for p in problems(tmp_path, GOOD.replace(old, new)))


SECRET = "https://press:tajemne@rada.example/"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"https://rada.example/"', f'"{SECRET}"', "home must not contain a user name or a password"),
        ('["https://rada.example/news"]', f'["{SECRET}"]', "listings must not contain a user name or a password"),
        ('"https://feeds.example.org"', f'"{SECRET}"', "base_url must not contain a user name or a password"),
        ('"mailto:me@example.org"', f'"{SECRET}"', "contact must be an address where the council can reach you"),
        ('to = "out"', f'to = "out"\nhubs = ["{SECRET}"]', "hubs must not contain a user name or a password"),
        ('title = "Рада"', f'title = "Рада"\nicon = "{SECRET}"', "icon must not contain a user name or a password"),
        ('"https://rada.example/"', '"https://press@rada.example/"', "home must not contain a user name or a password"),
        ('["https://rada.example/news"]', f'"{SECRET}"', "not 'https://…@rada.example/'"),
        ('title = "Рада"', f'title = ["{SECRET}", 3]', "not ['https://…@rada.example/', 3]"),
        ('title = "Рада"', f'title = "Рада"\nformerly = ["{SECRET}"]', "'https://…@rada.example/' is not a host name"),
        ('"https://rada.example/"', '"https://press:ta/jemne@rada.example/"', "home must be an http(s) address"),
    ],
)
def test_a_password_is_refused_and_not_repeated(tmp_path: Path, old: str, new: str, said: str) -> None:
    [problem] = problems(tmp_path, GOOD.replace(old, new))
    assert said in problem
    assert "jemne" not in problem


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/b", "..", ".", "a\\u0000", "a\\n", "-a", "a-", "A", "a.b", "a b", "а", ""]
)
def test_an_id_that_could_name_another_place_is_no_id(tmp_path: Path, name: str) -> None:
    [problem] = problems(tmp_path, GOOD.replace('id = "rada"', f'id = "{name}"'))
    assert problem == "config.toml:8: [[source]] 1 id may contain only a-z, 0-9 and -, with no - at either end"


def test_no_source_has_the_folder_of_what_is_published_of_all(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, GOOD.replace('id = "rada"', 'id = "region"'))
    said = "[[source]] 1 id 'region' is the folder of the regions' pages; take another, such as 'region-rada'"
    assert problem == f"config.toml:8: {said}"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[source.terms]\nwording = "{link} {name}"', "may contain {link} and {title}, not {name}"),
        ('[source.layout]\nbody = "svg|p"', "'svg|p' names a namespace, and pages have none"),
        ("[source.layout]\nbody = \"[title='\\u0001']\"", "contains a control character, and pages contain none"),
        (f'[source.layout]\nbody = "p:nth-child({"9" * 5000}n)"', "is not a CSS selector"),
        ('[source.layout]\ndate_formats = "%R, %R"', "'%R, %R' names an age twice"),
        ('[source.layout]\ndate_formats = ["%d %Y"]', "'%d %Y' needs a day and a month"),
        ('[source.layout]\ndate_formats = "%d %{es}b %B %Y"', "'%d %{es}b %B %Y' names a part of the date twice"),
        ('[source.layout]\ndate_formats = "%d %{Spanish}B %Y"', "'%d %{Spanish}B %Y' has %{; known are"),
        ('[source.layout]\ndate_formats = "%d %b %B %Y"', "'%d %b %B %Y' names a part of the date twice"),
    ],
)
def test_terms_and_formats_are_held_to_what_they_can_say(tmp_path: Path, table: str, said: str) -> None:
    assert said in problems(tmp_path, GOOD + table)[0]


def test_a_config_without_sources_is_named(tmp_path: Path) -> None:
    text = "source = []\n" + GOOD[: GOOD.index("[[source]]")]
    assert problems(tmp_path, text)[0].endswith("there must be at least one [[source]]")


def test_addresses_are_brought_to_the_spelling_in_which_they_are_compared_and_published(tmp_path: Path) -> None:
    written = (
        GOOD.replace("https://feeds.example.org", "https://стрічки.укр/рада")
        .replace('to = "out"', 'to = "out"\nhubs = ["https://хаб.укр/", "https://xn--80ac2d.xn--j1amh/"]')
        .replace('"https://rada.example/"', '"HTTPS://Зразків-Рада.укр"')
        .replace('"https://rada.example/news"', '"https://зразків-рада.укр/новини?рік=2026"')
        .replace(
            'title = "Рада"',
            'title = "Рада"\nformerly = ["www.Стара.укр", "OLD.example"]\nlogo = "https://x.укр/г.png"',
        )
    )
    values = load(tmp_path, written)
    source = values.sources[0]
    assert values.publish.base_url == "https://xn--h1adrdf5a1h.xn--j1amh/%D1%80%D0%B0%D0%B4%D0%B0/"
    assert values.publish.hubs == ("https://xn--80ac2d.xn--j1amh/",)
    assert source.home == "https://xn----7sbbahoqb1a1df5x.xn--j1amh/"
    assert source.listings == (
        "https://xn----7sbbahoqb1a1df5x.xn--j1amh/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8?%D1%80%D1%96%D0%BA=2026",
    )
    assert source.formerly == ("xn--80aa1ccf.xn--j1amh", "old.example")
    assert source.logo == "https://x.xn--j1amh/%D0%B3.png"


@pytest.mark.parametrize(
    ("written", "contact"),
    [
        ("https://рада.укр/про", "https://xn--80aal0c.xn--j1amh/%D0%BF%D1%80%D0%BE"),
        ("mailto:press@рада.укр", "mailto:press@xn--80aal0c.xn--j1amh"),
        ("mailto:press@rada.example", "mailto:press@rada.example"),
    ],
)
def test_a_contact_is_ascii_since_every_request_has_it_in_a_header(tmp_path: Path, written: str, contact: str) -> None:
    text = re.sub('contact = "[^"]*"', f'contact = "{written}"', GOOD)
    assert load(tmp_path, text).fetch.contact == contact


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(GOOD.encode("utf-8-sig"))
    assert config.load(path).sources[0].title == "Рада"


UKRAINIAN = GOOD.replace("Рада", "Зразкова міська рада")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (UKRAINIAN.encode("utf-16"), "config.toml: is UTF-16, not UTF-8; PowerShell writes so with > and >>."),
        (UKRAINIAN.encode("utf-16-le"), "config.toml: is UTF-16, not UTF-8; PowerShell writes so"),
        (GOOD.encode() + "їжа\n".encode("utf-16-le"), f"config.toml:{GOOD.count(chr(10)) + 1}: is UTF-16 from here on"),
        (UKRAINIAN.encode("cp1251"), "is windows-1251, not UTF-8. Save it as UTF-8: in Notepad"),
        (UKRAINIAN.encode("koi8_u"), "is KOI8-U, not UTF-8."),
        (GOOD.replace("Рада", "Gemeinde für alle").encode("cp1252"), "is not UTF-8 (byte 0xFC). Save it as UTF-8"),
    ],
)
def test_another_encoding_is_named_with_the_way_out(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as raised:
        config.load(path)
    assert said in raised.value.problems[0]


def test_a_region_of_a_language_is_that_language(tmp_path: Path) -> None:
    source = load(tmp_path, GOOD.replace('"uk"', '"uk-UA"')).sources[0]
    assert (source.terms.wording, source.description) == ("Джерело: Рада, {link}", "Новини: Рада")


def test_topics_are_named_with_their_mistakes(tmp_path: Path) -> None:
    topics = """
[[source.feed]]
id = "vpo"
title = "Для переселенців"
[[source.feed]]
id = "vpo"
title = ""
keywords = ["ваканс*", "а**", "ВПО та ветерани"]
colour = "red"
[[source.feed]]
id = "../other"
title = "Інше"
categories = "Новини"
[source.terms]
block = 3
"""
    found = problems(tmp_path, GOOD + topics)
    first = GOOD.count("\n") + 2
    assert [p.partition(":")[2].partition(" ")[2] for p in found] == [
        "[[source]] 1 [source.terms] block must be between 1 and 2",
        "[[source]] 1 [[source.feed]] 1 has neither keywords nor categories, so its feed would be empty",
        "[[source]] 1 [[source.feed]] 2 colour is not known",
        "[[source]] 1 [[source.feed]] 2 title must not be empty",
        "[[source]] 1 [[source.feed]] 2 keywords 'а**' is neither a word nor a phrase;"
        " the only sign allowed is * at the end of a word",
        "[[source]] 1 [[source.feed]] 3 id may contain only a-z, 0-9 and -, with no - at either end",
        "[[source]] 1 [[source.feed]] 3 categories must be a list of strings, not 'Новини'",
        "[[source]] 1 [[source.feed]] 2 id 'vpo' is taken by another [[source.feed]]",
    ]
    assert found[1].startswith(f"config.toml:{first}: ")
    assert found[-1].startswith(f"config.toml:{first + 4}: ")


def test_a_topic_is_read_as_it_is_written(tmp_path: Path) -> None:
    topic = """[[source.feed]]\nid = "vpo"\ntitle = "ВПО"\nkeywords = ["ВПО", "сім'я"]\n"""
    assert load(tmp_path, GOOD + topic).sources[0].topics == (Topic("vpo", "ВПО", ("ВПО", "сім'я"), ()),)


def test_the_shipped_topics_are_found_alike_with_and_without_a_dictionary() -> None:
    topics = config.load(SHIPPED).sources[0].topics
    assert [t.id for t in topics] == ["vpo", "dopomoha", "vyplaty", "robota", "sesii", "tryvohy"]
    for line, expected in TAKEN.items():
        words = line.casefold().split()
        for forms in (lambda word: frozenset({word}), lambda word: dictionary.forms(word, "uk")):
            taken = {t.id for t in topics if choice.prepared(t, forms).includes(words, ())}
            assert taken == set(expected.split()), line


@pytest.mark.parametrize("written", ["[source.feed]", "feed = 3"])
def test_a_topic_that_is_not_one_of_several_is_told_how(tmp_path: Path, written: str) -> None:
    [problem] = problems(tmp_path, f"{GOOD}{written}\n")
    wanted = "written [[source.feed]], with double brackets" if "[" in written else "a list of tables, not 3"
    assert f"[[source]] 1 feed must be {wanted}" in problem


@pytest.mark.parametrize(
    ("table", "holder", "others"),
    [
        ("publish", config.Publish, {}),
        ("fetch", config.Fetch, {}),
        ("source", Source, {"feed": "topics"}),
        ("feed", Topic, {}),
        ("terms", Terms, {}),
        ("layout", Layout, {}),
    ],
)
def test_a_key_is_a_row_and_a_field_of_the_same_name(table: str, holder: type, others: dict[str, str]) -> None:
    names = {others.get(key, key) for key in config.TABLES[table]}
    assert names == {field.name for field in fields(holder)}


# ------------------------------------------------------------ many councils

HEAD, SOURCE = GOOD[: GOOD.index("[[source]]")], GOOD[GOOD.index("[[source]]") :]


def put_file(folder: Path, name: str, text: str) -> Path:
    (folder / "sources.d").mkdir(exist_ok=True)
    path = folder / "sources.d" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_council_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    put_file(tmp_path, "b.toml", SOURCE.replace('"rada"', '"b"'))
    put_file(tmp_path, "a.toml", SOURCE.replace('"rada"', '"a"'))
    assert [s.id for s in load(tmp_path, GOOD).sources] == ["rada", "a", "b"]
    assert [s.id for s in load(tmp_path, HEAD).sources] == ["a", "b"]


def test_what_all_councils_have_alike_is_said_once_and_a_council_s_own_key_goes_before(tmp_path: Path) -> None:
    defaults = '[defaults]\nlanguage = "uk"\ntimezone = "Europe/Kyiv"\nevery = "auto"\n[defaults.terms]\nblock = 1\n'
    bare = SOURCE.replace('language = "uk"\ntimezone = "Europe/Kyiv"\n', "")
    put_file(tmp_path, "a.toml", bare.replace('"rada"', '"a"') + 'language = "pl"\n')
    put_file(tmp_path, "b.toml", bare.replace('"rada"', '"b"') + 'every = "30m"\n[source.terms]\nrights = "R"\n')
    one, other = load(tmp_path, HEAD + defaults).sources
    assert (one.language, one.timezone, one.every, one.terms.block) == ("pl", "Europe/Kyiv", "auto", 1)
    assert (other.language, other.every, other.terms.block, other.terms.rights) == ("uk", "30m", 1, "R")


def test_a_mistake_in_a_council_s_own_file_leaves_that_council_out_alone(tmp_path: Path) -> None:
    bad = put_file(tmp_path, "a.toml", SOURCE.replace('"rada"', '"a"').replace("timezone", "timezon"))
    torn = put_file(tmp_path, "b.toml", "[[source]\n")
    two = put_file(tmp_path, "c.toml", SOURCE + SOURCE)
    taken = put_file(tmp_path, "d.toml", SOURCE)
    settings = load(tmp_path, GOOD)
    assert [s.id for s in settings.sources] == ["rada"]
    assert [(b.id, b.problem.partition(":")[0]) for b in settings.broken] == [
        ("a", f"{bad}"), ("b", f"{torn}"), ("c", f"{two}"), ("d.toml", f"{taken}"),
    ]  # fmt: skip
    said = [b.problem.removeprefix(f"{tmp_path}/sources.d/") for b in settings.broken]
    assert said[0] == "a.toml:7: [[source]] 1 timezon is not known; did you mean timezone?"
    assert said[1].startswith("b.toml:1: is not TOML: ")
    assert said[2] == "c.toml: must have one [[source]] and nothing else"
    assert said[3] == f"d.toml:2: [[source]] 1 id 'rada' is taken by {tmp_path / 'config.toml'}"


def test_a_mistake_in_the_defaults_stops_all(tmp_path: Path) -> None:
    wrong = '[defaults]\nevery = "sometimes"\nid = "x"\n'
    assert problems(tmp_path, HEAD + wrong + SOURCE) == [
        "config.toml:9: [defaults] id is not known",
        "config.toml:8: [defaults] every must be 'run' (at every run), 'auto' (as often as it publishes) or a time such"
        " as '30m', '6h' or '1d'",
    ]
