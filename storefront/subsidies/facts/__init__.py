"""What the shop sold, as a subsidy counts it: the only reader of other apps' tables.

`shapes` is plain data, `windows` and `exclusions` are plain rules, `sales` and `goods` read and stream.
"""
