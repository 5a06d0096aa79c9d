"""A customer's own data: handed out whole, and erased but for what the law makes the shop keep."""
