from __future__ import annotations

import pytest

from feedpub import address

BASE = "https://rada.example/content/stattia"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/sites/files/a.pdf", "https://rada.example/sites/files/a.pdf"),
        ("b.jpg", "https://rada.example/content/b.jpg"),
        ("//cdn.example/x.png", "https://cdn.example/x.png"),
        ("?page=2", "https://rada.example/content/stattia?page=2"),
        ("#top", "https://rada.example/content/stattia#top"),
        (" /a b.pdf\n", "https://rada.example/a%20b.pdf"),
        ("/файл (1).pdf", "https://rada.example/%D1%84%D0%B0%D0%B9%D0%BB%20(1).pdf"),
        ("/%D1%84.pdf", "https://rada.example/%D1%84.pdf"),  # encoded already: stays so
        ("/100%.html", "https://rada.example/100%25.html"),
        ("//node/1", "https://node/1"),  # a host, as any browser reads it
        ("///node/1", "https://node/1"),
        ("http:///other.example/a", "http://other.example/a"),
        ("HTTPS:////other.example/a", "https://other.example/a"),
        ("https:/a", "https://rada.example/a"),
        ("/a///b", "https://rada.example/a///b"),
        ("http://РАДА.укр/новини", "http://xn--80aal0c.xn--j1amh/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"),
        ("https://Straße.Example/", "https://xn--strae-oqa.example/"),  # as in a browser; not strasse.example
        ("HTTP://Rada.Example:80/", "http://rada.example/"),
        ("https://rada.example:8443/x", "https://rada.example:8443/x"),
        ("https://x.example/?utm_source=fb&id=5&fbclid=zz", "https://x.example/?id=5"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example%2F%3Ffbclid%3Da&h=AT0", "https://x.example/"),
        ("javascript:alert(1)", None),
        ("data:image/gif;base64,R0", None),
        ("mailto:rada@example.org", None),
        ("http://[broken/", None),
    ],
)
def test_an_address_is_absolute_ascii_and_free_of_trackers(href: str, expected: str | None) -> None:
    assert address.absolute(BASE, href) == expected
    assert expected is None or address.absolute(BASE, expected) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://rada.example/node/7",
        "http://rada.example/node/7",
        "https://www.rada.example/node/7/",
        "https://rada.example//node/7",
        "https://rada.example/node/007",
        "https://rada.example/node/7/view",
        "https://rada.example/?q=node/7",
        "https://rada.example/index.php?q=node/7",
        "https://rada.example/node/7?utm_source=a&fbclid=b",
        "https://RADA.example/node/7#comments",
    ],
)
def test_all_addresses_of_a_page_compare_as_one(url: str) -> None:
    assert address.key(url) == "rada.example/node/7"
    assert address.path_key(url) == "node/7"
    assert address.is_numbered(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://rada.example/node/7", "https://rada.example/node/70"),
        ("https://rada.example/?id=5", "https://rada.example/?id=6"),
        ("https://rada.example/Stattia", "https://rada.example/stattia"),  # Drupal tells them apart
        ("https://rada.example:8443/a", "https://rada.example/a"),
        ("https://a.rada.example/x", "https://rada.example/x"),
        ("https://rada.example/?q=%E2%EE%E4%E0", "https://rada.example/?q=%E3%E0%E7%E8"),  # windows-1251
        ("https://rada.example/?name=%E2%EE%E4%E0", "https://rada.example/?name=%E3%E0%E7%E8"),
    ],
)
def test_different_pages_compare_as_different(one: str, other: str) -> None:
    assert address.key(one) != address.key(other)


def test_the_order_of_a_query_means_nothing() -> None:
    assert address.key("http://x.example/?b=2&a=1") == address.key("http://x.example/?a=1&b=2")


def test_what_an_id_is_made_of_is_ascii() -> None:
    assert address.path_key("https://rada.example/новини/збір") == (
        "%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%D0%B7%D0%B1%D1%96%D1%80"
    )
    assert not address.is_numbered("https://rada.example/content/node")


def test_an_address_without_end_is_none() -> None:
    assert address.absolute(BASE, "/" + "a" * 7_000) is not None
    assert address.absolute(BASE, "/" + "a" * 9_000) is None
    assert address.absolute(BASE, "/" + "ї" * 7_000) is None  # as it would be asked for


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://rada.example:443/x", "https://rada.example/x"),
        ("\\sites\\a.pdf", "https://rada.example/sites/a.pdf"),  # typed on Windows
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_an_odd_spelling_is_read_as_a_browser_reads_it(href: str, expected: str) -> None:
    assert address.absolute(BASE, href) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://rada.example/%E7%E1%B3%F0", "https://rada.example/%F0%B3%F8%E5"),  # windows-1251
        ("https://rada.example/a%2Fb", "https://rada.example/a/b"),
    ],
)
def test_escapes_that_are_not_undone_keep_two_pages_apart(one: str, other: str) -> None:
    assert address.key(one) != address.key(other)


@pytest.mark.parametrize("query", ["?p=5", "index.php?id=5", "?page_id=5", "?nid=5"])
def test_a_number_in_the_query_is_a_page_s_number_too(query: str) -> None:
    assert address.is_numbered(f"https://rada.example/{query}")


@pytest.mark.parametrize(
    ("path", "is_number"),
    [
        ("town/?p=891", True),  # WordPress, in a folder
        ("town/index.php?page_id=5", True),
        ("town/node/117", True),
        ("town/node/117/edit", False),
        ("news?p=2", False),  # a page of a list
        ("town/?p=891&lang=uk", False),
        ("town/?id=5", False),
    ],
)
def test_a_site_in_a_folder_has_numbers_too(path: str, is_number: bool) -> None:
    assert address.is_numbered(f"https://rada.example/{path}") is is_number


@pytest.mark.parametrize(
    ("path", "name", "left"),
    [
        ("news/1?v=a", "v", "news/1"),
        ("news/1?lang=uk&sid=a", "sid", "news/1?lang=uk"),
        ("news;sid=a/1", ";sid", "news/1"),
        ("news/1;sid=a", ";sid", "news/1"),
        ("(S(lit3py55t21z5v55vlm25s55))/news/1", "/(", "news/1"),  # ASP.NET
    ],
)
def test_an_address_has_parameters_and_can_do_without(path: str, name: str, left: str) -> None:
    url = f"https://rada.example/{path}"
    assert name in address.parameters(url)
    assert address.without(url, [name]) == f"https://rada.example/{left}"
    assert address.without(url, ["x"]) == url


def test_a_picture_and_its_derivative_share_a_key() -> None:
    whole = "https://rada.example/sites/default/files/1.jpg"
    derivative = "https://rada.example/sites/default/files/styles/large/public/1.jpg?itok=AbC"
    assert address.file_key(derivative) == address.file_key(whole)
    assert address.file_key(derivative.replace("1.jpg", "2.jpg")) != address.file_key(whole)
