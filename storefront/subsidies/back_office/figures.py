"""The tabs of a project's figures and of what an auditor would object to."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from storefront.subsidies.back_office.board import show_figure
from storefront.subsidies.back_office.charts import Chart, draw_chart
from storefront.subsidies.back_office.pages import ProjectPage
from storefront.subsidies.models import ProjectWork
from storefront.subsidies.objections import ERROR, find_objections
from storefront.subsidies.selectors.snapshots import TakenFigure, latest_figures, monthly_series
from storefront.subsidies.speech import say


@dataclass(frozen=True)
class ShownFigure:
    """A figure that was taken, as its card shows it."""

    figure: TakenFigure
    value: str
    threshold: str
    variants: list[tuple[str, str]]
    excluded: list[tuple[str, int]]
    chart: Chart | None


class FiguresPage(ProjectPage):
    """Every figure as last taken, by month against its threshold, and the button that takes them anew."""

    url_name = "subsidies_figures"
    template_name = "subsidies/admin/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = latest_figures(self.project).values()
        shown = [_shown(one) for one in sorted(figures, key=lambda one: (not one.verdict, one.code))]
        return super().get_context_data(figures=shown, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Have the figures taken."""
        return self.begin(ProjectWork.FIGURES)


class ObjectionsPage(ProjectPage):
    """What would an auditor object to? Every check, with a way out."""

    url_name = "subsidies_objections"
    template_name = "subsidies/admin/objections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = find_objections(self.project, now=self.now)
        errors = sum(one.severity == ERROR for one in found)
        return super().get_context_data(
            objections=found, errors=errors, warnings=len(found) - errors, **kwargs
        )


def _shown(figure: TakenFigure) -> ShownFigure:
    threshold = figure.threshold if isinstance(figure.threshold, Decimal) else None
    points = [(one.month, one.value, one.average_so_far) for one in monthly_series(figure)]
    return ShownFigure(
        figure=figure,
        value=show_figure(figure.value, figure.unit),
        threshold=show_figure(figure.threshold, figure.unit) if figure.threshold is not None else "",
        variants=[
            (say(f"basis.{basis}"), show_figure(value, figure.unit))
            for basis, value in figure.variants.items()
        ],
        excluded=[(say(f"excluded.{reason}"), count) for reason, count in figure.excluded.items() if count],
        chart=draw_chart(points, threshold=threshold) if figure.verdict else None,
    )
