"""Find out whether the words of an announcement count from the day on which it was written. Pure.

«Сьогодні немає води» is other news tomorrow, though no letter of it differs. To add a word, add it to its table. The
tables hold patterns for whole words, in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import chain

from feedpub import text
from feedpub.collecting.dedupe.tokens import LOOKALIKES
from feedpub.html.date_words import MONTHS

# Words that mean another day whenever they are written.
DAY_WORDS = (
    # Ukrainian
    r"сьогодні(?:шн\w+)?|[ву]чора(?:шн\w+)?|завтра(?:шн\w+)?|позавчора|післязавтра|зараз|наразі|нині(?:шн\w+)?|щойно",
    r"[ву]ночі|[ву]ранці|зранку|[ву]вечері|[ву]день|опівночі|опівдні|надвечір",
    r"ц(?:ієї|ього|і|их|ими) (?:ночі|ранку|вечора|дня|доби|години|миті|тижня|вихідн\w+)",
    r"(?:минул|наступн)(?:ої|ого) (?:ночі|доби|дня|тижня)|(?:протягом|впродовж|упродовж|до кінця) (?:дня|доби|ночі)",
    r"через (?:годину|пів години|півгодини)|за (?:минулу|останню) (?:добу|годину)",
    # Russian
    r"сегодня(?:шн\w+)?|вчера(?:шн\w+)?|позавчера|послезавтра|сейчас|только что|ночью|утром|вечером",
    r"(?:этой|прошлой|минувшей) (?:ночью|ночи|неделе|недели)|(?:в течение|до конца) (?:дня|суток|ночи)",
    r"через (?:час|полчаса)",
    # English
    r"today'?s?|tonight'?s?|tomorrow'?s?|yesterday'?s?|now|currently|overnight|at the moment|just (?:been|reported)",
    r"(?:this|last|next|in the) (?:morning|afternoon|evening|night|week|weekend)|at night|within the hour",
    # German, Polish, French, Spanish, Italian
    r"heute|morgen|gestern|jetzt|dziś|dzisiaj|jutro|wczoraj|teraz|aujourd'hui|demain|hoy|mañana|ayer|oggi|domani|ieri",
)  # fmt: skip
# An alarm is over within hours, and the next one has the same words.
ALARM_WORDS = (
    r"тривог\w*|відбі[йю]\w*|загроз\w+|ракетн\w+ небезпек\w+|тревог\w*|отбо[йюя]\w*|угроз\w+",
    r"air raid\w*|air alert|all[ -]clear",
)
WEEKDAYS = (
    r"понеділ(?:ок|ка|ку|ком)|вівтор(?:ок|ка|ку|ком)|серед[аиіу]|середою|четвер(?:г[ау]|гом)?|п'ятниц[яію]|п'ятницею",
    r"субот[аиіу]|суботою|неділ[яію]|неділею",
    r"понедельник(?:а|у|ом|е)?|вторник(?:а|у|ом|е)?|(?<!окружающая )(?<!окружающую )(?<!окружающей )сред[аыеу]",
    r"пятниц[аыеу]|пятницей|суббот[аыеу]|субботой|воскресень[еяю]|воскресеньем",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
)
_HOUR = r"(?:[01]?\d|2[0-3])"
_BEFORE_HOUR = r"(?:о|об|з|із|зі|до|від|після|по|близько|с|в|во|к|от|после|около|from|at|to|till|until|by|after)"
HOURS = (
    rf"{_HOUR}:[0-5]\d",
    rf"{_BEFORE_HOUR} {_HOUR}(?:\.(?:00|1[3-9]|[2-5]\d)|-[0-5]\d)(?![.-]?\d)",  # «з 01.12» is a day
    rf"{_BEFORE_HOUR} {_HOUR}(?:-?[а-яіїє]{{1,3}})? (?:год(?:ин\w*)?|ранку|вечора|дня|ночі|час(?:ов|а|у)?|утра|ночи)",
    r"(?:1[0-2]|0?[1-9]) ?(?:am|pm|a\.m|p\.m|o'clock)|noon|midnight|полудень|опівночі",
)
# A weekday or an hour that comes again and again is no day's own.
RECURRING = (
    r"що(?:дня|денно|тижня|понеділка|вівторка|середи|четверга|п'ятниці|суботи|неділі|вечора|ранку)|кожн\w+|цілодобово",
    r"(?:графік|години|час) роботи|(?:у |в )?(?:робочі|рабочие) (?:дні|дни)|будні|будням|буднях|будни",
    r"ежедневно|еженедельно|кажд\w+|круглосуточно|(?:график|часы|время) работы",
    r"daily|weekly|every|each|always|weekdays|(?:opening|working|office) hours",
    # «вівторок - субота», «вівторок і четвер»
    r"(?:понеділок|вівторок|середа|четвер|понедельник|вторник|monday|tuesday)"
    r"(?: ?- ?| і | та | й | и | and | to )[а-яєіїa-z']+",
)

_MONTH = "|".join(sorted(chain.from_iterable(MONTHS), key=len, reverse=True))
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
DATE = re.compile(
    rf"(?<![\d.])(?P<day>{_DAY})(?:-?го|st|nd|rd|th|\.)? (?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>20\d\d))?"
    rf"|\b(?P<month2>{_MONTH}) (?P<day2>{_DAY})(?:st|nd|rd|th)?\b(?:,? (?P<year2>20\d\d))?"
    rf"|(?<![\d.])(?P<day3>{_DAY})\.(?P<month3>0[1-9]|1[0-2])(?:\.(?P<year3>20\d\d))?(?!\.?\d)"
)
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")
_QUOTES = re.compile('[«»„“”"]')
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def _words(rows: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(rows)})(?!\w)")


_DAY_WORD, _ALARM, _WEEKDAY, _AT_HOUR = map(_words, (DAY_WORDS, ALARM_WORDS, WEEKDAYS, HOURS))
_AGAIN = _words(RECURRING)
# «сьогодні, 27 листопада», «завтра (у п'ятницу, 28.11)»: the date says which day is meant
_DATED_DAY = re.compile(
    rf"(?<!\w)(?:{'|'.join(DAY_WORDS)})[,( -]{{1,3}}"
    rf"(?:(?:у |в |on )?(?:{'|'.join(WEEKDAYS)})[, ]{{1,2}})?(?={DATE.pattern})"
)


def is_alarm(words: str) -> bool:
    """Return whether the words are those of an alarm, or of its end."""
    return _ALARM.search(_spelt(words)) is not None


def names_date(words: str) -> bool:
    """Return whether a text says of which day it speaks: «14 березня»."""
    return DATE.search(_spelt(words)) is not None


def day_word(words: str, written: date) -> str | None:
    """Return the words that count from the day on which a text was written; None: its words are as good another day.

    ``written`` is the day of the first of two texts. A weekday or an hour does not count where a date stands with it,
    or where the text speaks of a date that was still to come: they are that day's.
    """
    sentences = [_DATED_DAY.sub("", _spelt(sentence)) for sentence in SENTENCE.split(words)]
    for sentence in sentences:
        match = _DAY_WORD.search(sentence)
        if match:
            return match[0]
    if any(_is_ahead(match, written) for sentence in sentences for match in DATE.finditer(sentence)):
        return None
    for sentence in sentences:
        match = _WEEKDAY.search(sentence) or _AT_HOUR.search(sentence)
        if match and not DATE.search(sentence) and not _AGAIN.search(sentence):
            return match[0]
    return None


@lru_cache(maxsize=512)
def _spelt(sentence: str) -> str:
    """Return a sentence in small letters and one typography, with Cyrillic letters in words that have one."""
    unquoted = _QUOTES.sub("", text.spelt(sentence))
    return _WORD.sub(_in_one_alphabet, unquoted.casefold())


def _in_one_alphabet(word: re.Match[str]) -> str:
    return word[0].translate(LOOKALIKES) if _CYRILLIC.search(word[0]) else word[0]


def _is_ahead(match: re.Match[str], written: date) -> bool:
    """Return whether a date of a text is the day of writing or a later one."""
    day = day_in(match, written)
    return day is not None and day >= written


def day_in(match: re.Match[str], written: date) -> date | None:
    """Return the day that a match of ``DATE`` names, without a year the nearest. None: there is no such day."""
    named = {name.rstrip("23"): value for name, value in match.groupdict().items() if value}
    month = _month_number(named["month"])
    years = [int(named["year"])] if "year" in named else [written.year - 1, written.year, written.year + 1]
    days = [day for year in years if (day := _day_of(year, month, int(named["day"])))]
    return min(days, key=lambda day: abs(day - written), default=None)


def _month_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for number, names in enumerate(MONTHS, 1) if name in names)


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
