"""The words of the page: complete in each language, and checked where an author gives their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatwidget.catalogue import ENGLISH, FOLDER, FORMS, catalogue, is_plural, languages, places, words_for
from chatwidget.errors import FormatError

OTHERS = [language for language in languages() if language != ENGLISH]
# The forms that CLDR says a language has, for whole numbers.
FORMS_OF = {"ar": set(FORMS)}


def flat(words: dict[str, Any]) -> dict[str, Any]:
    """All texts and plurals, those of groups as "group.name"."""
    found: dict[str, Any] = {}
    for key, entry in words.items():
        if isinstance(entry, dict) and not is_plural(entry):
            found |= {f"{key}.{name}": text for name, text in entry.items()}
        else:
            found[key] = entry
    return found


def test_english_and_one_language_from_right_to_left_are_shipped() -> None:
    assert {"en", "ar"} <= set(languages())
    assert (catalogue("en")["direction"], catalogue("ar")["direction"]) == ("ltr", "rtl")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_word_that_english_has_and_no_other(language: str) -> None:
    english, theirs = flat(catalogue(ENGLISH)), flat(catalogue(language))
    assert sorted(english.keys() - theirs.keys()) == [], f"translate these in words/{language}.json"
    assert sorted(theirs.keys() - english.keys()) == [], f"take these out of words/{language}.json"


@pytest.mark.parametrize("language", OTHERS)
def test_each_word_has_the_values_of_the_english_one_and_each_plural_all_its_forms(language: str) -> None:
    theirs = flat(catalogue(language))
    for key, english in flat(catalogue(ENGLISH)).items():
        word = theirs.get(key)
        if word is None:
            continue  # told above
        assert is_plural(word) == is_plural(english), key
        if is_plural(english):
            assert set(word) == FORMS_OF[language], key
            assert places(word["other"]) == places(english["other"]), key
            assert places(word) <= places(english), key
        else:
            assert places(word) == places(english), key
        assert all(text.strip() for text in (word.values() if is_plural(word) else [word])), key


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_is_given_as_it_is(language: str) -> None:
    assert words_for(language, catalogue(language)) == catalogue(language)
    assert words_for(language, {}) == ({} if language == ENGLISH else catalogue(language))
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    assert json.loads(text, object_pairs_hook=lambda pairs: pytest.fail("a key twice") if twice(pairs) else dict(pairs))


def twice(pairs: list[tuple[str, Any]]) -> bool:
    return len({key for key, _ in pairs}) < len(pairs)


def test_a_region_has_the_words_of_its_language_and_english_needs_none() -> None:
    assert words_for("ar-EG", {}) == catalogue("ar")
    assert words_for("en-GB", {}) == {}


def test_own_words_take_the_place_of_single_ones() -> None:
    assert words_for("en", {"send": "Go", "verdicts": {"stopped": "Halted"}}) == {
        "send": "Go",
        "verdicts": {"stopped": "Halted"},
    }
    arabic = words_for("ar", {"send": "هيا", "tools": {"one": "أداة"}, "verdicts": {"stopped": "توقف"}})
    assert arabic["send"] == "هيا"
    assert arabic["tools"] == {**catalogue("ar")["tools"], "one": "أداة"}
    assert arabic["verdicts"] == {**catalogue("ar")["verdicts"], "stopped": "توقف"}
    assert catalogue("ar")["send"] != "هيا", "the catalogue itself stays"
    assert words_for("en", {"tools": "{n} helpers"}) == {"tools": {"one": "{n} helpers", "other": "{n} helpers"}}


def test_another_language_needs_words_of_ones_own() -> None:
    assert words_for("de-AT", {"send": "Senden"}) == {"send": "Senden"}


@pytest.mark.parametrize(
    ("language", "own", "says"),
    [
        ("de", {}, r"no words for language='de', only for 'ar', 'en'\. Give your own: words="),
        ("klingon speech", {}, "'klingon speech' is no language"),
        ("", {}, "'' is no language"),
        ("en", {"sned": "Go"}, r"no word 'sned' in the catalogue\. Did you mean 'send'\?"),
        ("en", {"zzzzzz": "Go"}, r"no word 'zzzzzz' in the catalogue\.$"),
        ("en", {7: "Go"}, "no word 7"),
        ("en", {"send": 7}, "send is 7. Give a text"),
        ("en", {"send": " "}, "Give a text"),
        ("en", {"send": {"one": "Go"}}, "Give a text"),
        ("en", {"version": "Version {index}"}, r"version leaves out \{count\}"),
        ("en", {"send": "Go {n}"}, r"send has \{n\}, which nothing fills\. It takes no values"),
        ("en", {"version": "{index} {count} {of}"}, r"\{of\}, which nothing fills\. It knows \{count\}, \{index\}"),
        ("en", {"tools": {"other": "tools"}}, r"tools.other leaves out \{n\}"),
        ("en", {"tools": {"some": "{n}"}}, "has no form 'some'"),
        ("en", {"tools": {"one": "a {tool}"}}, r"tools.one has \{tool\}"),
        ("en", {"verdicts": "Over"}, "is a group: give a dict with some of stopped, length"),
        ("en", {"verdicts": {"stoped": "Over"}}, r"no word 'stoped' in the group 'verdicts'\. Did you mean 'stopped'"),
        ("en", {"verdicts": {"stopped": None}}, "verdicts.stopped is None"),
        ("he", {"direction": "right"}, "direction is 'right'. Give 'ltr' or 'rtl'"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_the_cure(language: str, own: Any, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        words_for(language, own)
