"""The search in the back office: synonyms to edit, and what shoppers looked for in vain."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from storefront.search.models import SearchMiss, Synonym


class _ReadOnly(ModelPermissionPolicy):
    """What the shop itself writes may be looked at and cleared, not edited."""

    def user_has_permission(self, user, action):
        return action in ("view", "delete") and super().user_has_permission(user, action)


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "link"
    menu_label = _("Synonyms")
    list_display = ["words", "language"]
    list_filter = ["language"]
    panels = [FieldPanel("language"), FieldPanel("words")]


class SearchMissViewSet(SnippetViewSet):
    model = SearchMiss
    icon = "warning"
    menu_label = _("Nothing found")
    list_display = ["query", "edition", "times", "last_at"]
    list_filter = ["edition"]
    list_export = ["query", "edition", "times", "last_at"]
    copy_view_enabled = False


register_permission_policy(SearchMiss, _ReadOnly(SearchMiss))


@register_snippet
class SearchGroup(SnippetViewSetGroup):
    """Both under one entry of the menu."""

    menu_label = _("Product search")
    menu_icon = "search"
    menu_order = 350
    items = (SynonymViewSet, SearchMissViewSet)
