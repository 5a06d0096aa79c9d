"""Deadlines are reminded of in a chain of mails, each once; the boss is told when nobody did anything."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from storefront.evidence.models import Event
from storefront.subsidies.models import CalendarFeed, Project, Reminder
from storefront.subsidies.services.projects import set_notice
from storefront.subsidies.services.reminders import plan_reminders, send_reminder


@pytest.fixture
def closing(project, now):
    """Return a project whose only deadline is the filing online, forty days ahead."""
    project.call.online_close, project.call.paper_close = now + timedelta(days=40), None
    project.call.save()
    return project


@pytest.fixture
def remind(mailoutbox):
    """Return a function that does what the scheduler does at a moment and returns who got which mail."""

    def remind(now):
        mailoutbox.clear()
        for key in plan_reminders(now=now):
            send_reminder(key, now=now)
        return [(mail.to[0].split("@")[0], mail.subject) for mail in mailoutbox]

    return remind


def days_ahead(project, days, hours=0):
    return project.call.online_close - timedelta(days=days, hours=hours)


def names(told):
    return [name for name, _ in told]


def test_every_step_of_the_chain_is_mailed_once(closing, remind):
    for days, is_step in (
        (31, False),
        (30, True),
        (29, False),
        (14, True),
        (7, True),
        (3, True),
        (1, True),
        (0, False),
    ):
        at = days_ahead(closing, days)
        told = [one for one in remind(at) if one[0] != "signer"]
        assert names(told) == (["owner", "finance"] if is_step else []), days
        assert all(subject.startswith(f"还剩 {days} 天：网上填报截止") for _, subject in told)
        assert remind(at + timedelta(hours=1)) == []
    assert remind(closing.call.online_close + timedelta(seconds=1)) == []


def test_a_scheduler_that_stood_still_sends_one_mail_and_not_the_whole_chain(closing, remind):
    assert remind(days_ahead(closing, 5)) == [
        (who, "还剩 5 天：网上填报截止｜独立站 2022") for who in ("owner", "finance")
    ]


def test_the_boss_is_told_when_nobody_did_anything_since_the_mail_before(closing, remind, mailoutbox):
    remind(days_ahead(closing, 14))
    told = remind(days_ahead(closing, 7))
    assert told[-1] == ("signer", "无人处理，还剩 7 天：网上填报截止｜独立站 2022")
    body = mailoutbox[-1].body
    assert "自 2026-12-18 12:00（北京时间）上次提醒以来" in body
    assert reverse("subsidies_board", args=[closing.pk]) in body
    details = Event.objects.filter(verb="project.reminded").order_by("-sequence").first().body
    assert '"is_escalation":true' in details and "signer@example.test" in details


def test_the_boss_is_left_alone_when_somebody_did_something(closing, remind, paper, people):
    remind(days_ahead(closing, 14))
    set_notice(project=closing, notice=paper(), by=people["finance"], now=days_ahead(closing, 10))
    assert names(remind(days_ahead(closing, 7))) == ["owner", "finance"]
    assert names(remind(days_ahead(closing, 3))) == ["owner", "finance", "signer"]


def test_a_reminder_alone_is_no_reaction(closing, remind):
    for days in (30, 14):
        remind(days_ahead(closing, days))
    assert "signer" in names(remind(days_ahead(closing, 7)))


def test_each_reads_it_in_their_own_language_and_chinese_first(closing, remind, people):
    UserProfile.objects.create(user=people["finance"], preferred_language="en")
    assert remind(days_ahead(closing, 3)) == [
        ("owner", "还剩 3 天：网上填报截止｜独立站 2022"),
        ("finance", "3 day(s) left: Online filing closes – 独立站 2022"),
    ]


def test_a_deadline_that_moved_begins_a_new_chain(closing, remind):
    at = days_ahead(closing, 7)
    remind(at)
    closing.call.online_close += timedelta(days=1)
    closing.call.save()
    assert names(remind(at)) == ["owner", "finance"]


def test_who_checks_is_reminded_while_they_check_and_who_left_is_not(closing, remind, people):
    Project.objects.filter(pk=closing.pk).update(state="internal_review")
    people["finance"].is_active = False
    people["finance"].save()
    assert names(remind(days_ahead(closing, 7))) == ["owner", "checker"]


@pytest.mark.parametrize("state", ["filed_online", "rejected", "withdrawn", "archived"])
def test_what_was_met_or_is_over_is_not_reminded_of(closing, remind, state):
    Project.objects.filter(pk=closing.pk).update(state=state)
    assert remind(days_ahead(closing, 3)) == []


def test_the_papers_are_reminded_of_after_the_filing(project, remind):
    Project.objects.filter(pk=project.pk).update(state="filed_online")
    assert remind(project.call.paper_close - timedelta(days=1))[0] == (
        "owner",
        "还剩 1 天：纸质材料截止｜独立站 2022",
    )


def test_a_mail_server_that_refuses_leaves_the_reminder_for_the_next_round(closing, remind, settings):
    at = days_ahead(closing, 7)
    first, second = plan_reminders(now=at)
    settings.EMAIL_BACKEND = "tests.subsidies.test_reminders.RefusingBackend"
    with pytest.raises(SMTPException):
        send_reminder(first, now=at)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_reminder(second, now=at) and not send_reminder(second, now=at)
    assert plan_reminders(now=at) == [first]
    assert names(remind(at + timedelta(hours=1))) == ["owner"]


class RefusingBackend:
    """A mail server that takes nothing."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise SMTPException("no")


def test_the_command_of_the_schedule_mails_what_is_due(closing, mailoutbox):
    call = closing.call
    call.online_close = timezone.now() + timedelta(days=2)
    call.save()
    call_command("remind_of_deadlines")
    call_command("remind_of_deadlines")
    assert [mail.to for mail in mailoutbox] == [["owner@example.test"], ["finance@example.test"]]


def test_a_calendar_reads_the_deadlines_by_its_secret_address_until_it_is_closed(project, sign_in):
    page = reverse("subsidies_people", args=[project.pk])
    member, stranger, outside = sign_in("checker"), sign_in("other"), Client()
    shown = member.post(page, {"do": "open_feed"})
    address = shown.context["new_address"].partition("testserver")[2]
    assert "no-store" in shown["Cache-Control"]
    assert stranger.post(page, {"do": "open_feed"}).status_code == 302
    feed = CalendarFeed.objects.get()
    assert feed.key_sha256 not in address

    calendar = outside.get(address)
    assert calendar["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in calendar.content
    assert calendar["X-Robots-Tag"] and "no-store" in calendar["Cache-Control"]
    assert outside.get(address.replace(".ics", "x.ics")).status_code == 404

    stranger.post(page, {"do": "close_feed", "feed": feed.pk})
    assert outside.get(address).status_code == 200
    member.post(page, {"do": "close_feed", "feed": feed.pk})
    assert outside.get(address).status_code == 404


def test_a_feed_ends_with_the_role_of_whoever_opened_it(project, sign_in):
    page = reverse("subsidies_people", args=[project.pk])
    shown = sign_in("signer").post(page, {"do": "open_feed"})
    address = shown.context["new_address"].partition("testserver")[2]
    project.members.filter(role="signer").delete()
    assert Client().get(address).status_code == 404


def test_the_page_takes_as_many_queries_for_many_reminders(closing, remind, sign_in, people, now):
    page, client = reverse("subsidies_people", args=[closing.pk]), sign_in("owner")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        return len(found)

    remind(days_ahead(closing, 30))
    queries()
    few = queries()
    for days in (14, 7, 3, 1):
        remind(days_ahead(closing, days))
    assert Reminder.objects.count() > 8 and queries() == few
