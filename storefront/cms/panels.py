"""What the back office's first page shows about opening the shop."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component

from storefront.cms import selectors


class FirstStepsPanel(Component):
    """The way to an open shop, step by step; gone once every step is done."""

    name = "first_steps"
    template_name = "cms/admin/first_steps.html"
    order = 40

    @cached_property
    def steps(self) -> list[selectors.FirstStep]:
        return selectors.first_steps()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "steps": self.steps,
            "done_count": sum(step.is_done for step in self.steps),
            "step_count": len(self.steps),
        }

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> str:
        if all(step.is_done for step in self.steps):
            return ""
        return super().render_html(parent_context)
