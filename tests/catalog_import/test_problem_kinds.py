"""The reference page names every kind of problem, and no other; what a problem says can be said in other languages."""

import re
from pathlib import Path

from django.utils import translation

from catalog_import.back_office.saying import say_again
from catalog_import.listing import ProblemKind
from catalog_import.said import keep, say

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "import-json.md"


def test_the_reference_names_every_kind_of_problem():
    table = PAGE.read_text("utf-8").partition("| `kind` |")[2]
    documented = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)

    assert sorted(documented) == sorted(kind.value for kind in ProblemKind)


def test_a_sentence_is_english_for_programs_and_another_for_people():
    reason = say("The server answered %(status)d.", status=404)
    sentence = say("%(address)s: %(reason)s", address="https://a.test/100%.png", reason=reason)

    assert sentence == "https://a.test/100%.png: The server answered 404."
    with translation.override("zh-hans"):
        assert say_again(keep(sentence), otherwise="") == "https://a.test/100%.png：服务器返回 404。"
        assert say_again(keep("words of an older run"), otherwise="words of an older run") == (
            "words of an older run"
        )
