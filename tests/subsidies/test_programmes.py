"""Programmes are data, loaded once, and never called current."""

import re

import pytest
from django.core.management import CommandError, call_command

from storefront.subsidies.models import Call, Clause
from storefront.subsidies.services.programmes import SHIPPED, load_shipped_programmes
from storefront.subsidies.words import all_words


def test_loading_again_changes_nothing(calls):
    before = list(Clause.objects.values())
    assert load_shipped_programmes() == 0
    assert (Call.objects.count(), list(Clause.objects.values())) == (6, before)


def test_every_shipped_call_is_historical_and_names_its_sources(calls):
    assert {call.status for call in calls.values()} == {"historical"}
    assert all(call.source_url and call.source_grade for call in calls.values())
    assert not Clause.objects.filter(source="").exists()


def test_shenzhen_2022_says_what_the_study_says(calls):
    call = calls["cn-sz-2022-dlz"]
    assert [
        (c.kpi_code, c.operator, c.threshold or c.threshold_date) for c in call.criteria.filter(kind="kpi")
    ] == [
        ("K04", "<", call.criteria.get(code="live").threshold_date),
        ("K01", ">=", 300_000),
        ("K21", ">=", 50),
        ("K05", ">=", 50),
    ]
    assert call.online_close.isoformat() == "2022-08-09T10:00:00+00:00"  # 18:00 in Beijing
    assert (call.max_sites, call.overlap_policy, call.rounding) == (2, "none_central", "floor_10000")


def test_sentence_cut_by_a_comma_is_refused(db, tmp_path):
    text = (SHIPPED / "other-cities.yaml").read_text(encoding="utf-8")
    path = tmp_path / "cut.yaml"
    path.write_text(text.replace('zh: "承诺书"', "zh: 承诺书, 盖章"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"documents: .*盖章.* is not known"):
        call_command("load_programmes", str(path))
    assert not Call.objects.exists()


def test_file_that_is_wrong_is_refused_whole(db, tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text("- {code: cn-x-2026, name: {zh: 甲, en: A}}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"wrong.yaml: KeyError.*Correct the file"):
        call_command("load_programmes", str(path))
    assert not Call.objects.exists()


def test_every_word_is_said_in_both_languages_with_the_same_values():
    slots = re.compile(r"\{\w+\}")
    for key, words in all_words().items():
        assert set(words) == {"zh", "en"}, key
        assert sorted(slots.findall(words["zh"])) == sorted(slots.findall(words["en"])), key
