"""The blog: its list, its articles, its feed, and the blocks they share with pages."""

import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model

from storefront.cms.blog import ArticlePage, BlogPage

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def blog(home, make_products):
    make_products(1)  # an empty shop shows that it is being prepared
    return home.add_child(
        instance=BlogPage(title="From the workshop", slug="blog", intro="How things are made.")
    )


@pytest.fixture
def write(blog, picture):
    def write(number, **fields):
        fields = {"title": f"Article {number}", "slug": f"article-{number}", "intro": "Short.", **fields}
        day = date(2026, 1, 1) + timedelta(days=number)
        article = blog.add_child(instance=ArticlePage(published_on=day, picture=picture, **fields))
        article.save_revision().publish()
        return article

    return write


def test_newest_article_stands_first_and_drafts_are_not_shown(client, write):
    write(1)
    write(2)
    write(3).unpublish()
    html = client.get("/blog/").content.decode()
    assert re.findall(r"Article \d", html) == ["Article 2", "Article 1"]
    assert 'type="application/atom+xml"' in html


def test_list_takes_as_many_queries_for_12_articles_as_for_2(client, write):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/blog/")
        return len(captured)

    write(1), write(2)
    client.get("/blog/")
    client.get("/blog/")
    few = queries()
    for number in range(3, 13):
        write(number)
    client.get("/blog/")  # makes the renditions
    assert queries() == few


def test_article_describes_itself_to_search_engines(client, write):
    write(1, author="Lin Wei")
    html = client.get("/blog/article-1/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', html)[1])
    assert (data["@type"], data["headline"], data["datePublished"]) == (
        "BlogPosting",
        "Article 1",
        "2026-01-02",
    )
    assert data["author"] == {"@type": "Person", "name": "Lin Wei"}
    assert data["image"].startswith("http")


def test_title_cannot_end_the_script_element(client, write):
    write(1, title="</script><script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get("/blog/article-1/").content.decode()


def test_feed_is_atom_with_the_newest_first(client, write):
    for number in (1, 2):
        write(number)
    answer = client.get("/feeds/articles.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == ["Article 2", "Article 1"]
    assert entries[0].find(f"{ATOM}link").get("href").endswith("/blog/article-2/")


def test_shop_without_a_blog_has_no_feed(client, home):
    assert client.get("/feeds/articles.xml").status_code == 404


def test_article_holds_voices_comparison_film_and_newsletter(client, home, make_products, picture):
    first, second = make_products(2)
    film = get_document_model().objects.create(title="Film", file=ContentFile(b"x", name="film.mp4"))
    image = {"image": picture.pk, "alt_text": "", "decorative": True}
    home.body = home.body.stream_block.to_python(
        [
            {
                "type": "testimonials",
                "value": {
                    "heading": "Heard",
                    "quotes": [{"text": "It <b>holds</b>.", "name": "Ada", "source": "Verified buyer"}],
                },
            },
            {
                "type": "comparison",
                "value": {
                    "heading": "Which one",
                    "rows": ["Power", "Weight"],
                    "columns": [
                        {"product": first.pk, "heading": "", "cells": ["30 W", "90 g"]},
                        {"product": second.pk, "heading": "The large one", "cells": ["65 W", ""]},
                    ],
                },
            },
            {
                "type": "video",
                "value": {"heading": "See it", "film": film.pk, "picture": image, "subtitles": None},
            },
            {"type": "newsletter", "value": {"heading": "Stay in touch", "text": ""}},
        ]
    )
    home.save()
    html = client.get("/").content.decode()
    assert "It &lt;b&gt;holds&lt;/b&gt;." in html
    assert '<th scope="row">Power</th><td>30 W</td><td>65 W</td>' in html
    assert "The large one" in html and "Cable 1" in html
    assert f'<source src="{film.url}" type="video/mp4">' in html
    assert 'id="page-newsletter"' in html


def test_comparison_needs_as_many_cells_as_rows(home):
    block = home.body.stream_block.child_blocks["comparison"]
    column = {"product": None, "heading": "One", "cells": ["a"]}
    value = block.to_python({"heading": "", "rows": ["x", "y"], "columns": [column, column]})
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert "as many cells" in str(refused.value.block_errors["columns"])
