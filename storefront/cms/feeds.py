"""The blog's feed, in Atom (RFC 4287): one for each edition, in its language."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant

from storefront.cms.blog import ArticlePage, BlogPage
from storefront.cms.selectors import page_path

NEWEST = 20


class ArticlesFeed(Feed):
    """The newest articles of the blog that speaks the visitor's language. 404 where there is no blog."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> BlogPage:
        language = get_supported_content_language_variant(get_language() or settings.LANGUAGE_CODE)
        blogs = BlogPage.objects.live().public().select_related("locale").order_by("path")
        by_language = {blog.locale.language_code: blog for blog in reversed(blogs)}
        blog = by_language.get(language) or by_language.get(settings.LANGUAGE_CODE)
        if blog is None:
            raise Http404
        return blog

    def title(self, blog: BlogPage) -> str:
        return f"{blog.title} – {settings.SHOP_NAME}"

    def subtitle(self, blog: BlogPage) -> str:
        return blog.intro

    def link(self, blog: BlogPage) -> str:
        return page_path(blog)

    def items(self, blog: BlogPage) -> list[ArticlePage]:
        return list(blog.articles()[:NEWEST])

    def item_title(self, article: ArticlePage) -> str:
        return article.title

    def item_description(self, article: ArticlePage) -> str:
        return article.intro

    def item_link(self, article: ArticlePage) -> str:
        return page_path(article)

    def item_pubdate(self, article: ArticlePage):
        return article.first_published_at

    def item_updateddate(self, article: ArticlePage):
        return article.last_published_at

    def item_author_name(self, article: ArticlePage) -> str | None:
        return article.author or None
