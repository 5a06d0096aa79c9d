"""Upload, plan, apply, report and history as a merchant without a script meets them."""

import csv
import html
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from oscar.core.loading import get_model
from wagtail.models import ModelLogEntry

from catalog_import.back_office.plan_words import compare
from catalog_import.back_office.problem_words import describe
from catalog_import.listing import ProblemKind
from catalog_import.models import ImportRun, PictureJob
from tests.catalog_import.back_office.conftest import FIVE_FILES, as_upload
from tests.catalog_import.conftest import DEMO_BRAND, PLANTERS

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")


def text_of(response) -> str:
    body = re.sub(r"<(script|template|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_five_files_become_a_plan_and_nothing_else(upload):
    page = upload(*map(as_upload, FIVE_FILES))
    run = ImportRun.objects.get()
    text = text_of(page)

    assert page.redirect_chain[-1][0] == f"/admin/imports/{run.pk}/"
    assert run.state == "planned"
    assert "This is the plan. Nothing has been changed yet." in text
    assert "5 files were read" in text
    for path in FIVE_FILES:
        assert Path(path).name in text
    assert f"Apply {run.counts['create']} changes" in text
    assert not Product.objects.exists()


def test_what_is_no_export_is_refused_by_name_and_the_rest_is_planned(upload):
    orders = "order-id\tbuyer-email\tbuyer-name\tsku\n1\ta@b.test\tAda\tX\n"
    page = upload(
        as_upload(FIVE_FILES[1]),
        SimpleUploadedFile("holiday.pdf", b"%PDF-1.7 not a report"),
        SimpleUploadedFile("orders.txt", orders.encode()),
    )
    run = ImportRun.objects.get()
    text = text_of(page)

    assert run.state == "planned"
    assert "2 files were not read" in text
    assert "holiday.pdf" in text
    assert "orders.txt" in text
    assert not list(Path(run.paths[0]).glob("orders.txt"))


def test_nothing_but_strange_files_is_refused_with_the_reason(upload):
    page = upload(SimpleUploadedFile("notes.txt", b"buy milk"))

    assert ImportRun.objects.get().state == "refused"
    assert "None of this could be imported. Nothing was changed." in text_of(page)
    assert "notes.txt" in text_of(page)


def test_an_upload_without_a_file_says_so(merchant):
    page = merchant.post("/admin/imports/new/", {"marketplace": "us"})

    assert page.status_code == 400
    assert "This field is required." in text_of(page)
    assert not ImportRun.objects.exists()


def test_a_script_is_answered_with_the_address_of_the_run(merchant):
    good = merchant.post(
        "/admin/imports/new/",
        {"files": [as_upload(FIVE_FILES[1])], "marketplace": "us"},
        headers={"accept": "application/json"},
    )
    bad = merchant.post("/admin/imports/new/", {"marketplace": "us"}, headers={"accept": "application/json"})

    assert (good.status_code, good.json()) == (201, {"url": f"/admin/imports/{ImportRun.objects.get().pk}/"})
    assert (bad.status_code, bad.json()) == (400, {"errors": ["This field is required."]})


def test_applying_makes_the_products_and_leaves_a_report(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()

    page = merchant.post(f"/admin/imports/{run.pk}/apply/", follow=True)

    run.refresh_from_db()
    assert run.state == "done"
    assert Product.objects.count() == run.counts["create"] == 18
    assert "This import is done." in text_of(page)
    history = text_of(merchant.get("/admin/imports/"))
    assert f"Import {run.pk}" in history
    assert "18 new, 0 changed, 0 taken off sale, 1 problems" in history
    logged = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(ImportRun))
    assert set(logged.values_list("action", flat=True)) == {"catalog_import.upload", "catalog_import.apply"}


def test_a_second_import_shows_each_change_before_and_after(merchant, upload, import_amazon):
    import_amazon("apply", PLANTERS)
    product = Product.objects.filter(structure="child").order_by("pk").first()
    content = PLANTERS.read_bytes()
    listing = product.amazon_listings.get()
    price = listing.imported["price"]
    assert content.count(price.encode())
    upload(SimpleUploadedFile(PLANTERS.name, content.replace(price.encode(), b"98.76")))
    run = ImportRun.objects.get(state="planned")

    page = text_of(merchant.get(f"/admin/imports/{run.pk}/plan/update/?sku={listing.sku}"))

    assert listing.sku in page
    assert re.search(rf"Price {re.escape(price)} USD → 98\.76 USD", page)


def test_what_the_merchant_changed_is_shown_as_kept(merchant, upload, import_amazon):
    import_amazon("apply", PLANTERS)
    text = product_text()
    text.title = "My own words"
    text.save()

    upload(as_upload(FIVE_FILES[1]))

    run = ImportRun.objects.get(state="planned")
    page = text_of(merchant.get(f"/admin/imports/{run.pk}/plan/keep/"))
    assert run.counts["keep"] == 1
    assert re.search(r"Your shop \(stays\) My own words Amazon says \w+", page)


def product_text():
    from storefront.markets.models import ProductText

    return ProductText.objects.filter(product__structure="parent", language="en").order_by("pk").first()


def test_the_plan_filters_by_sku_and_pages(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    skus = [sku for batch in run.batches.all() for sku in batch.skus.split()]

    whole = text_of(merchant.get(f"/admin/imports/{run.pk}/plan/create/"))
    one = text_of(merchant.get(f"/admin/imports/{run.pk}/plan/create/?sku={skus[0].lower()}"))

    assert all(sku in whole for sku in skus)
    assert skus[0] in one
    assert skus[-1] not in one
    assert "No SKU contains that." in text_of(
        merchant.get(f"/admin/imports/{run.pk}/plan/create/?sku=nowhere")
    )


def test_the_plan_is_downloaded_as_csv(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()

    answer = merchant.get(f"/admin/imports/{run.pk}/plan.csv")

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert answer["Content-Disposition"] == f'attachment; filename="import-{run.pk}-us.csv"'
    rows = [row for row in rows if row["action"] == "create"]
    assert len({row["sku"] for row in rows}) == 18


def test_problems_are_listed_by_kind_with_what_to_do(merchant, upload, write_report):
    path = write_report({"sku": "A", "price": "abc"}, {"sku": "B", "quantity": "many"})
    upload(SimpleUploadedFile("report.txt", path.read_bytes()))
    run = ImportRun.objects.get()

    everything = text_of(merchant.get(f"/admin/imports/{run.pk}/problems/"))
    prices = text_of(merchant.get(f"/admin/imports/{run.pk}/problems/?kind=bad_price"))

    assert "Prices that are no number" in everything
    assert "Quantities that are no number" in everything
    assert "report.txt, row 2" in prices
    assert "report.txt, row 3" not in prices


def test_problems_and_notes_are_read_in_the_merchants_language_and_stay_english_for_programs(
    merchant, upload, write_report, import_amazon
):
    rows = [
        {"sku": "A", "price": "abc"},
        {"sku": "B", "quantity": "many"},
        {"sku": "C", "channel": "AMAZON_NA", "quantity": "3"},
        {"sku": "", "title": "Nameless"},
        {"sku": "D", "status": "Sleeping"},
        {"sku": "E", "title": "Long " * 80},
    ]
    path = write_report(*rows)
    upload(SimpleUploadedFile("report.txt", path.read_bytes()))
    run = ImportRun.objects.get()
    chinese = {"accept-language": "zh-hans"}

    page = html.unescape(text_of(merchant.get(f"/admin/imports/{run.pk}/problems/", headers=chinese)))
    notes = text_of(merchant.get(f"/admin/imports/{run.pk}/", headers=chinese))
    _, printed, _ = import_amazon("plan", path)

    assert "“abc”不是价格。" in page and "请更正价格，或删除该行" in page
    assert "“many”不是数量。" in page and "该行没有 SKU。" in page
    assert "“Sleeping”不是导入程序认识的状态。" in page and "个字符。" in page
    assert "1 件商品只存放在亚马逊仓库" in notes
    assert not [each for each in run.problems.all() if each.message in page or each.action in page]
    messages = [problem["message"] for problem in printed["problems"]]
    assert "'abc' is not a price." in messages and "The row has no SKU." in messages
    assert printed["notes"][0].startswith("1 product lies in Amazon's warehouses only")


def test_plans_problems_are_downloaded_in_the_readers_language(merchant, upload, write_report):
    upload(SimpleUploadedFile("report.txt", write_report({"sku": "A", "price": "abc"}).read_bytes()))
    run = ImportRun.objects.get()

    answer = merchant.get(f"/admin/imports/{run.pk}/plan.csv", headers={"accept-language": "zh-hans"})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")

    (problem,) = (row for row in csv.DictReader(io.StringIO(content)) if row["action"] == "problem")
    assert (problem["sku"], problem["title"]) == ("A", "“abc”不是价格。")


def test_problems_of_earlier_versions_stay_english(merchant, upload, write_report):
    upload(SimpleUploadedFile("report.txt", write_report({"sku": "A", "price": "abc"}).read_bytes()))
    run = ImportRun.objects.get()
    run.problems.update(said={})

    answer = merchant.get(f"/admin/imports/{run.pk}/problems/", headers={"accept-language": "zh-hans"})
    page = html.unescape(text_of(answer))

    assert "'abc' is not a price." in page


def test_progress_is_told_to_the_page_that_waits(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    ImportRun.objects.update(state="applying", step="write", done=9, total=18)

    answer = merchant.get(f"/admin/imports/{run.pk}/progress/").json()
    page = merchant.get(f"/admin/imports/{run.pk}/").content.decode()

    assert answer == {
        "state": "applying",
        "percent": 50,
        "done": 9,
        "total": 18,
        "text": "Writing products: 9 of 18",
    }
    assert f'data-progress="/admin/imports/{run.pk}/progress/"' in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_a_stale_plan_is_planned_again_from_the_same_files(merchant, upload, import_amazon):
    import_amazon("apply", PLANTERS)
    content = PLANTERS.read_bytes().replace(b"Planter", b"Flowerpot")
    upload(SimpleUploadedFile(PLANTERS.name, content))
    run = ImportRun.objects.get(state="planned")
    Product.objects.update(description="changed meanwhile")

    stale = text_of(merchant.post(f"/admin/imports/{run.pk}/apply/", follow=True))
    merchant.post(f"/admin/imports/{run.pk}/plan-again/")

    assert "Your shop was changed after this plan was made." in stale
    run.refresh_from_db()
    assert run.state == "planned"


def test_a_discarded_plan_is_gone_with_its_files(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    folder = Path(run.paths[0])

    page = merchant.post(f"/admin/imports/{run.pk}/discard/", follow=True)

    assert "and its files are removed" in text_of(page)
    assert not folder.exists()
    assert not ImportRun.objects.exists()


def test_pictures_given_along_are_taken_and_what_is_missing_is_listed(merchant, upload):
    images = DEMO_BRAND / "images"
    url_map = json.loads((images / "url_map.json").read_text())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for url, name in url_map.items():
            if name.startswith("FW-POT") and "_500" not in name and "_75" not in name:
                archive.writestr(url.rpartition("/")[2], (images / name).read_bytes())
    upload(
        as_upload(FIVE_FILES[1]), SimpleUploadedFile("pictures.zip", packed.getvalue()), with_pictures="on"
    )
    run = ImportRun.objects.get()
    plan = text_of(merchant.get(f"/admin/imports/{run.pk}/"))
    merchant.post(f"/admin/imports/{run.pk}/apply/")

    missing = text_of(merchant.get("/admin/imports/pictures/"))

    jobs = PictureJob.objects
    assert "pictures were given along" in plan
    assert "were not read" not in plan
    assert jobs.filter(state="done").exists()
    assert jobs.filter(state="failed").exists()
    assert f"{jobs.exclude(state='done').count()} pictures are missing" in missing
    assert jobs.filter(state="failed").first().source_url in missing
    reason = jobs.filter(state="failed").first().error
    in_chinese = {"accept-language": "zh-hans"}
    with translation.override("zh-hans"):
        said = translation.gettext("The name %(host)s is not known.") % {"host": "images.example.test"}
    assert reason in missing and said != reason
    page = text_of(merchant.get("/admin/imports/pictures/", headers=in_chinese))
    assert said in page and reason not in page
    jobs.update(said=[])  # as an older import left them
    assert reason in text_of(merchant.get("/admin/imports/pictures/", headers=in_chinese))
    done = jobs.filter(state="done").values_list("product_id", flat=True)
    assert set(done) <= set(Product.objects.filter(images__isnull=False).values_list("pk", flat=True))


def test_an_import_is_taken_back_from_its_page(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    merchant.post(f"/admin/imports/{run.pk}/apply/")
    assert "Undo this import" in text_of(merchant.get(f"/admin/imports/{run.pk}/"))

    page = text_of(merchant.post(f"/admin/imports/{run.pk}/undo/", follow=True))

    assert "This import was taken back." in page
    assert "Undo this import" not in page
    assert not Product.objects.exists()
    assert ModelLogEntry.objects.filter(action="catalog_import.undo").exists()


def test_what_was_edited_since_is_listed_by_the_undo(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    merchant.post(f"/admin/imports/{run.pk}/apply/")
    text = product_text()
    text.title = "Mine"
    text.save()

    page = text_of(merchant.post(f"/admin/imports/{run.pk}/undo/", follow=True))

    assert "Left as it is, because you changed it since" in page
    assert text.product.amazon_listings.get().sku in page


def test_what_was_applied_is_not_discarded(merchant, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()
    merchant.post(f"/admin/imports/{run.pk}/apply/")

    page = merchant.post(f"/admin/imports/{run.pk}/discard/", follow=True)

    assert "Only an import that has changed nothing can be removed." in text_of(page)
    assert ImportRun.objects.get().state == "done"


def test_a_new_merchant_is_led_to_the_guide_first(merchant):
    page = merchant.get("/admin/imports/").content.decode()
    guide = text_of(merchant.get("/admin/imports/guide/"))

    assert page.index("/admin/imports/guide/") < page.index(
        "/admin/imports/new/", page.index("imports-steps")
    )
    assert "Reports Inventory Reports Category Listings Report Request report Download" in guide
    assert "Orders, returns and customer lists" in guide


def test_the_marketplace_of_the_first_market_is_chosen_beforehand(merchant):
    form = merchant.get("/admin/imports/new/").context["form"]

    assert form["marketplace"].value() == "us"
    assert dict(form.fields["marketplace"].choices)["de"] == "Amazon Germany"


def test_packers_see_nothing_of_the_import(packer, upload):
    upload(as_upload(FIVE_FILES[1]))
    run = ImportRun.objects.get()

    for path in ("", "new/", "guide/", f"{run.pk}/", f"{run.pk}/plan.csv", f"{run.pk}/progress/"):
        assert packer.get(f"/admin/imports/{path}").status_code == 302
    assert packer.post(f"/admin/imports/{run.pk}/apply/").status_code == 302
    run.refresh_from_db()
    assert run.state == "planned"


def test_the_menu_leads_to_the_import(merchant):
    html = merchant.get("/admin/").content.decode()
    sidebar = json.loads(
        re.search(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', html, re.DOTALL)[1]
    )
    assert '"Amazon import"' in json.dumps(sidebar)
    assert "/admin/imports/" in html


def test_a_long_plan_page_takes_as_many_queries_as_a_short_one(merchant, upload, write_report):
    counts = []
    for size in (2, 60):
        rows = ({"sku": f"S{size}-{number}"} for number in range(size))
        upload(SimpleUploadedFile("report.txt", write_report(*rows).read_bytes()))
        address = f"/admin/imports/{ImportRun.objects.latest('pk').pk}/plan/create/"
        merchant.get(address)
        with CaptureQueriesContext(connection) as queries:
            merchant.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_every_kind_of_problem_has_words():
    assert [kind for kind in ProblemKind if not describe(kind.value).advice] == []


def test_a_changed_sentence_is_shown_once_with_its_difference_marked():
    pieces = compare("A sturdy planter for herbs", "A light planter for herbs")

    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "A"),
        ("gone", "sturdy"),
        ("new", "light"),
        ("same", "planter for herbs"),
    ]
