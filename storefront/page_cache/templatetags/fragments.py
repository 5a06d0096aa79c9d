"""A part of a template that is the same on many pages."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from storefront.page_cache.fragments import FragmentStore

register = template.Library()


class KeptNode(template.Node):
    """What is between the tags, made once for each edition and each value of what it differs by."""

    def __init__(self, nodelist: NodeList, differs_by: list[FilterExpression]):
        self.nodelist, self._differs_by = nodelist, differs_by
        self._store: FragmentStore[SafeString] = FragmentStore()

    def render(self, context: template.Context) -> Any:
        return self._store.read(
            lambda: self.nodelist.render(context),
            differs_by=[each.resolve(context) for each in self._differs_by],
        )


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Keep what stands until `endkept` for everybody in an edition: `{% kept count %}…{% endkept %}`.

    Within it nothing may depend on the visitor or the page but what the tag names.
    """
    _name, *values = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, [parser.compile_filter(value) for value in values])
