"""A project's deadlines as a calendar that any calendar program reads."""

from datetime import UTC, datetime

from django.urls import reverse

from storefront.accounts.services import FULFILMENT
from storefront.subsidies.calendar_file import Deadline, calendar_text

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_lines_are_folded_at_75_octets_without_cutting_a_character():
    title = "深圳市独立站补贴项目申报" * 12

    text = calendar_text([Deadline("one", NOW, title)], name="x", now=NOW)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"SUMMARY:{title}" in unfolded(text)


def test_what_means_something_to_a_calendar_is_escaped():
    lines = unfolded(calendar_text([Deadline("k", NOW, "a;b,c\\d\r\nEND:VEVENT", "x\ny")], name="n", now=NOW))

    assert "SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT" in lines
    assert "DESCRIPTION:x\\ny" in lines
    assert lines.count("END:VEVENT") == 1


def test_the_calendar_of_a_project_has_its_deadlines_at_their_hour_with_five_alarms_each(project, sign_in):
    response = sign_in("owner").get(reverse("subsidies_calendar", args=[project.pk]))

    lines = unfolded(response.content.decode())
    assert response["Content-Type"].startswith("text/calendar")
    assert lines.count("BEGIN:VEVENT") == 3
    assert lines.count("BEGIN:VALARM") == 15
    assert f"DTSTART:{project.call.online_close.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    assert f"UID:project-{project.pk}-online_close@zellumo.example" in lines


def test_a_deadline_that_moved_keeps_its_identity(project, sign_in):
    client, address = sign_in("owner"), reverse("subsidies_calendar", args=[project.pk])

    def identities():
        lines = unfolded(client.get(address).content.decode())
        return [line for line in lines if line.startswith("UID:")]

    before = identities()
    project.call.online_close = NOW
    project.call.save()

    assert identities() == before


def test_who_packs_parcels_gets_no_calendar(project, sign_in):
    address = reverse("subsidies_calendar", args=[project.pk])

    assert sign_in("other", group=FULFILMENT).get(address).status_code in (302, 403)


def test_the_board_offers_the_calendar(project, sign_in):
    board = sign_in("owner").get(reverse("subsidies_board", args=[project.pk]))

    assert reverse("subsidies_calendar", args=[project.pk]) in board.content.decode()
