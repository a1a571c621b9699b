"""Council news by the thousand: from a number always the same article, in Ukrainian, as long as such news is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.drupal.articles import DATE_FORMAT, Article, Image

KYIV = ZoneInfo("Europe/Kyiv")
NEWEST = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)  # the last article of a site
APART = timedelta(hours=7, minutes=13)  # between two articles: some hundred a month
PICTURED = 2  # every second article has a picture, as of those that councils publish

_WHO = (
    "Виконавчий комітет", "Міська рада", "Управління освіти", "Відділ культури", "Служба у справах дітей",
    "Комунальне підприємство", "Центр надання послуг", "Військова адміністрація", "Громадська рада", "Бібліотека",
)  # fmt: skip
_DOES = (
    "повідомляє про", "запрошує на", "нагадує про", "оголошує", "розпочинає", "обговорила", "погодила", "проводить",
    "підбила підсумки:", "відповідає на запитання про",
)  # fmt: skip
_WHAT = (
    "видачу продуктових наборів", "прийом громадян", "ремонт водогону", "конкурс малюнка", "виплату допомоги",
    "онлайн-зустріч із переселенцями", "реєстрацію на навчання", "зміни в розкладі автобусів", "бюджет громади",
    "вшанування загиблих", "роботу хабу", "запис до гуртків", "юридичні консультації", "медичний огляд",
    "перевірку укриттів", "навчання з домедичної допомоги", "збір підписів", "відновлення документів",
)  # fmt: skip
_WHERE = (
    "у Дніпрі", "у Києві", "у Полтаві", "у Вінниці", "на вулиці Ратушній", "у приміщенні хабу", "в актовій залі школи",
    "біля центральної бібліотеки", "у режимі онлайн", "в усіх мікрорайонах",
)  # fmt: skip
_WHEN = (
    "у понеділок", "щовівторка", "від середи", "у четвер о десятій", "у п'ятницю по обіді", "наступного тижня",
    "до кінця місяця", "від початку кварталу", "найближчими днями", "після 15 числа",
)  # fmt: skip
_ALSO = (
    "Із собою слід мати паспорт і довідку переселенця.", "Кількість місць обмежена, тож просимо записатися наперед.",
    "Про зміни буде повідомлено на цій сторінці та в наших спільнотах.", "Телефон для довідок: 0 800 000 000.",
    "Дякуємо всім, хто долучився, і просимо вибачення за тимчасові незручності.",
    "Документи приймають у порядку живої черги, крім вихідних і святкових днів.",
    "Рішення оприлюднено в установленому порядку, зауваження приймають протягом десяти днів.",
    "Особи з інвалідністю, батьки з дітьми та люди поважного віку обслуговуються поза чергою.",
)  # fmt: skip


def article(number: int, published: datetime, *, revision: int = 0, is_pictured: bool | None = None) -> Article:
    """The article of that number; of a later revision with a sentence more."""
    chance = random.Random(number)  # noqa: S311 - always the same, and no secret
    title = _sentence(chance)[:-1]
    if revision:
        title = f"{title} (оновлено)"
    paragraphs = [
        " ".join([*(_sentence(chance) for _ in range(chance.randint(1, 2))), chance.choice(_ALSO)])
        for _ in range(chance.randint(2, 4))
    ]
    paragraphs += ["Доповнено: час початку перенесено на одинадцяту годину."] * revision
    marked = [f"<p>{p}</p>" for p in paragraphs]
    before = f"/content/stattya-{max(number - 3, 1)}"
    link = f'<p>Докладніше: <a href="{before}"><strong>попереднє повідомлення</strong></a></p>'
    listed = f"<ul>{''.join(f'<li>{chance.choice(_WHAT)} {chance.choice(_WHERE)}</li>' for _ in range(3))}</ul>"
    has_picture = number % PICTURED == 0 if is_pictured is None else is_pictured
    return Article(
        number=number, alias=f"content/stattya-{number}", title=f"{title} № {number}",
        date=published.astimezone(KYIV).strftime(DATE_FORMAT), utc=published,
        body="\n".join([*marked[:2], listed, *marked[2:], link]), categories=(chance.choice(("Новини", "Оголошення")),),
        images=(Image(f"svitlyna-{number}.png", "Світлина"),) if has_picture else (),
    )  # fmt: skip


def articles(count: int) -> list[Article]:
    """So many, the oldest first."""
    return [article(n, NEWEST - APART * (count - n)) for n in range(1, count + 1)]


def menu(entries: int) -> list[tuple[str, str]]:
    """Addresses and names of a menu as wide as such sites have."""
    chance = random.Random(entries)  # noqa: S311 - likewise
    return [
        (f"/content/rozdil-{n}", f"{chance.choice(_WHO)}: {chance.choice(_WHAT)} {chance.choice(_WHERE)}")
        for n in range(entries)
    ]


def _sentence(chance: random.Random) -> str:
    who, does, what, where, when = (chance.choice(w) for w in (_WHO, _DOES, _WHAT, _WHERE, _WHEN))
    return f"{who} {does} {what} {where} {when}."
