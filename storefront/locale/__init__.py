"""The words people read, by language; `python -m storefront.locale` keeps the catalogues in step with the sources."""
