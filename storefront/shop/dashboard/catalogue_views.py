"""Products and categories saved by hand get the smaller copies of their pictures, as imported ones do."""

from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpResponse
from oscar.apps.dashboard.catalogue import views

from storefront.theming.pictures import make_renditions


class ProductCreateUpdateView(views.ProductCreateUpdateView):
    """Oscar's product form."""

    def forms_valid(self, form: ModelForm, formsets: dict[str, BaseInlineFormSet]) -> HttpResponse:
        response = super().forms_valid(form, formsets)
        for image in self.object.images.all():
            make_renditions(image.original.name)
        return response


class _CategoryPicture:
    def form_valid(self, form: ModelForm) -> HttpResponse:
        response = super().form_valid(form)
        if self.object.image:
            make_renditions(self.object.image.name)
        return response


class CategoryCreateView(_CategoryPicture, views.CategoryCreateView):
    """Oscar's form for a new category."""


class CategoryUpdateView(_CategoryPicture, views.CategoryUpdateView):
    """Oscar's category form."""
