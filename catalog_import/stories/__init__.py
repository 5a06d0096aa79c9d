"""A+ documents become stories of the shop: planned with a run, written after its products, taken back with it."""
