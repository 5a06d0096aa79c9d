"""The addresses of the subsidies' back office, under /admin/subsidies/."""

from django.urls import path

from storefront.subsidies.back_office import (
    claim,
    deadlines,
    dossier,
    expenses,
    figures,
    project,
    projects,
    reconciling,
    sales_marks,
)

urlpatterns = [
    path("", projects.ProjectList.as_view(), name="subsidies_projects"),
    path("start/", projects.StartProject.as_view(), name="subsidies_start"),
    path("<int:project_id>/", project.BoardPage.as_view(), name="subsidies_board"),
    path("<int:project_id>/figures/", figures.FiguresPage.as_view(), name="subsidies_figures"),
    path("<int:project_id>/objections/", figures.ObjectionsPage.as_view(), name="subsidies_objections"),
    path("<int:project_id>/expenses/", expenses.ExpensesPage.as_view(), name="subsidies_expenses"),
    path(
        "<int:project_id>/expenses/<slug:what>.xlsx",
        expenses.ExpenseSheet.as_view(),
        name="subsidies_expense_sheet",
    ),
    path(
        "<int:project_id>/expenses/<int:expense_id>/",
        expenses.ExpensePage.as_view(),
        name="subsidies_expense",
    ),
    path("<int:project_id>/papers/", project.PapersPage.as_view(), name="subsidies_papers"),
    path("<int:project_id>/clauses/", project.ClausesPage.as_view(), name="subsidies_clauses"),
    path("<int:project_id>/deadlines.ics", deadlines.DeadlineCalendar.as_view(), name="subsidies_calendar"),
    path("<int:project_id>/claim/", claim.ClaimPage.as_view(), name="subsidies_claim"),
    path("<int:project_id>/marks/", sales_marks.MarksPage.as_view(), name="subsidies_marks"),
    path(
        "<int:project_id>/reconciliation/",
        reconciling.ReconciliationPage.as_view(),
        name="subsidies_reconciliation",
    ),
    path("<int:project_id>/dossier/", dossier.DossierPage.as_view(), name="subsidies_dossier"),
    path(
        "<int:project_id>/dossier/<int:export_id>/",
        dossier.DossierFile.as_view(),
        name="subsidies_dossier_file",
    ),
    path("<int:project_id>/people/", project.PeoplePage.as_view(), name="subsidies_people"),
    path("<int:project_id>/history/", project.HistoryPage.as_view(), name="subsidies_history"),
    path(
        "<int:project_id>/evidence/<int:version_id>/",
        project.EvidenceFile.as_view(),
        name="subsidies_evidence_file",
    ),
]
