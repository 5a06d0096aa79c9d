"""Addresses of the importer's screens, under /admin/imports/."""

from django.urls import path

from catalog_import.back_office import actions, brand_views, catalogue_file, schedule_views, views

app_name = "catalog_import"
urlpatterns = [
    path("", views.RunListView.as_view(), name="index"),
    path("guide/", views.GuideView.as_view(), name="guide"),
    path("new/", views.UploadView.as_view(), name="upload"),
    path("catalogue.<slug:format>", catalogue_file.CatalogueFileView.as_view(), name="catalogue-file"),
    path("pictures/", views.MissingPicturesView.as_view(), name="pictures"),
    path("schedules/", schedule_views.SchedulesView.as_view(), name="schedules"),
    path("brands/", brand_views.BrandsView.as_view(), name="brands"),
    path("<int:pk>/", views.RunView.as_view(), name="run"),
    path("<int:pk>/progress/", views.ProgressView.as_view(), name="progress"),
    path("<int:pk>/plan/<slug:action>/", views.PlanRowsView.as_view(), name="plan"),
    path("<int:pk>/problems/", views.ProblemsView.as_view(), name="problems"),
    path("<int:pk>/plan.csv", views.PlanFileView.as_view(), name="plan-file"),
    path("<int:pk>/apply/", actions.ApplyView.as_view(), name="apply"),
    path("<int:pk>/undo/", actions.UndoView.as_view(), name="undo"),
    path("<int:pk>/wait-no-more/", actions.TakeBackRequestView.as_view(), name="wait-no-more"),
    path("<int:pk>/plan-again/", actions.PlanAgainView.as_view(), name="plan-again"),
    path("<int:pk>/discard/", actions.DiscardView.as_view(), name="discard"),
]
