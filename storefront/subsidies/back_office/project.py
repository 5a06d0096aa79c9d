"""The tabs of one project: its board, papers, clauses, people and history."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from storefront.evidence.errors import EvidenceBroken
from storefront.evidence.models import Event, EvidenceVersion
from storefront.evidence.selectors import read_version
from storefront.evidence.services import record_event
from storefront.subsidies import workflow
from storefront.subsidies.back_office.board import papers_of, read_board
from storefront.subsidies.back_office.forms import MemberForm, MoveForm, NoticeForm, UploadForm
from storefront.subsidies.back_office.guide import guide_of
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.downloads import as_download
from storefront.subsidies.errors import EntryRefused
from storefront.subsidies.models import ProjectWork
from storefront.subsidies.selectors import evidence_in
from storefront.subsidies.services.calendar_feeds import close_feed, open_feed
from storefront.subsidies.services.moves import make_move
from storefront.subsidies.services.projects import (
    add_member,
    attach_document,
    confirm_clause,
    set_notice,
)
from storefront.subsidies.services.reminders import CHAIN_DAYS
from storefront.subsidies.services.work import SUBMIT
from storefront.subsidies.speech import say

PAGE_SIZE = 50
_SHOWN_REMINDERS = 20


class BoardPage(ProjectPage):
    """What is met, what is missing, and the next step."""

    url_name = "subsidies_board"
    template_name = "subsidies/admin/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board = read_board(self.project, by=self.request.user, now=self.now)
        guide = guide_of(self.project, board)
        todo = next((step for step in guide if not step.is_done), None)
        return super().get_context_data(board=board, guide=guide, todo=todo, move_form=MoveForm(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the move; whoever submits has the figures taken first, which takes its time."""
        if request.POST.get("move") == SUBMIT.name:
            return self.begin(ProjectWork.SUBMISSION)
        return super().post(request, *args, **kwargs)

    def act(self) -> str:
        data = valid(MoveForm(self.request.POST, self.request.FILES))
        move = workflow.MOVES.get(self.request.POST.get("move", ""))
        if move is None:
            raise EntryRefused(say("refused.form"))
        label = say(f"move.{move.name}")
        project = make_move(
            project_id=self.project.pk,
            name=move.name,
            by=self.request.user,
            now=self.now,
            reason=data["reason"],
            evidence=self.keep(data["file"], title=label, kind="authority") if data["file"] else None,
            amount=data["amount"],
        )
        return say("done.moved", move=label, state=say(f"state.{project.state}"))


class PapersPage(ProjectPage):
    """The checklist of papers; each is uploaded where it is asked for."""

    url_name = "subsidies_papers"
    template_name = "subsidies/admin/papers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(papers=papers_of(self.project), form=UploadForm(), **kwargs)

    def act(self) -> str:
        requirement = get_object_or_404(self.project.call.documents, pk=self.posted_key("requirement"))
        data = valid(UploadForm(self.request.POST, self.request.FILES))
        version = self.keep(
            data["file"],
            title=requirement.label_zh,
            kind=requirement.code,
            is_original=not data["is_copy"],
            issue_date=data["issue_date"],
        )
        attach_document(
            project=self.project,
            requirement=requirement,
            version=version,
            by=self.request.user,
            now=self.now,
            is_sealed=data["is_sealed"],
        )
        return say("done.attached", name=requirement, number=version)


class ClausesPage(ProjectPage):
    """The live notice, and every clause compared with it."""

    url_name = "subsidies_clauses"
    template_name = "subsidies/admin/clauses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.project.notice_id
        confirmed = {
            one.clause_id: one
            for one in self.project.confirmations.filter(notice_id=notice).select_related("confirmed_by")
            if notice
        }
        clauses = [(clause, confirmed.get(clause.pk)) for clause in self.project.call.clauses.all()]
        return super().get_context_data(clauses=clauses, form=NoticeForm(), **kwargs)

    def act(self) -> str:
        if "clause" not in self.request.POST:
            return self._take_notice()
        clause = get_object_or_404(self.project.call.clauses, pk=self.posted_key("clause"))
        confirm_clause(project=self.project, clause=clause, by=self.request.user, now=self.now)
        return say("done.confirmed", name=clause.code)

    def _take_notice(self) -> str:
        data = valid(NoticeForm(self.request.POST, self.request.FILES))
        notice = self.keep(
            data["file"], title=self.project.call.name_zh, kind="notice", issue_date=data["issue_date"]
        )
        set_notice(project=self.project, notice=notice, by=self.request.user, now=self.now)
        return say("done.notice", number=notice)


class PeoplePage(ProjectPage):
    """Who has which role; nobody checks their own work."""

    url_name = "subsidies_people"
    template_name = "subsidies/admin/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        members = self.project.members.select_related("user")
        feeds = self.project.calendar_feeds.filter(revoked_at=None).select_related("created_by")
        reminders = self.project.reminders.filter(sent_at__isnull=False).select_related("user")
        return super().get_context_data(
            members=members,
            form=MemberForm(),
            feeds=feeds,
            reminders=reminders[:_SHOWN_REMINDERS],
            chain=", ".join(str(days) for days in CHAIN_DAYS),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks; the address of a new feed is shown on the answer itself, and nowhere again."""
        if request.POST.get("do") != "open_feed":
            return super().post(request, *args, **kwargs)
        try:
            _, key = open_feed(
                project=self.project, language=get_language() or "en", by=request.user, now=self.now
            )
        except EntryRefused as refusal:
            messages.error(request, str(refusal))
            return self.back()
        address = request.build_absolute_uri(reverse("subsidies_calendar_feed", args=[key]))
        response = self.render_to_response(self.get_context_data(new_address=address))
        response.headers["Cache-Control"] = "no-store"
        return response

    def act(self) -> str:
        if self.request.POST.get("do") == "close_feed":
            feed = get_object_or_404(self.project.calendar_feeds, pk=self.posted_key("feed"))
            close_feed(feed=feed, by=self.request.user, now=self.now)
            return say("done.feed_closed")
        data = valid(MemberForm(self.request.POST))
        add_member(
            project=self.project, user=data["user"], role=data["role"], by=self.request.user, now=self.now
        )
        return say("done.member", user=data["user"], role=say(f"role.{data['role']}"))


class HistoryPage(ProjectPage):
    """What happened, from the log that nobody can change."""

    url_name = "subsidies_history"
    template_name = "subsidies/admin/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = Event.objects.filter(subject=self.project.subject).order_by("-sequence")
        page = Paginator(events, PAGE_SIZE).get_page(self.request.GET.get("p"))
        rows = [(event, json.loads(event.body)["details"]) for event in page]
        return super().get_context_data(page=page, rows=rows, **kwargs)


class EvidenceFile(ProjectPage):
    """A file of the project, for its members; every look at it is logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | StreamingHttpResponse:
        """Send the bytes that were uploaded; when they were changed since, say so instead."""
        if not self.roles:
            raise PermissionDenied
        version = get_object_or_404(
            EvidenceVersion.objects.filter(pk__in=evidence_in(self.project)).select_related("evidence"),
            pk=self.kwargs["version_id"],
        )
        try:
            chunks = read_version(version)
        except EvidenceBroken as broken:
            messages.error(request, str(broken))
            return HttpResponseRedirect(reverse("subsidies_board", args=[self.project.pk]))
        record_event(
            verb="project.evidence_read",
            subject=self.project.subject,
            by=request.user,
            now=self.now,
            evidence=str(version),
        )
        return as_download(chunks, file_name=version.file_name, size=version.size)
