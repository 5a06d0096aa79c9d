"""The figures K01 to K23 from the shop's own facts. Callers use `measures` and nothing below it.

    from storefront.subsidies.kpi.measures import Measure, measure, measure_all, measure_code

    measure(project=project, criterion=criterion, as_of=now) -> Measure      # one condition, reckoned now
    measure_all(project=project, as_of=now) -> dict[str, Measure]            # criterion.code -> Measure, one pass
    measure_code(project=project, code="K03", as_of=now) -> Measure          # a figure no condition names

A Measure has `code`, `version` (of the formula), `unit` ("USD", "%", "date", "count"), `value` (Decimal, date or None),
`operator`, `threshold`, `verdict` ("met", "near", "missed", "unproven"), `gap`, `needs` (sentences: which paper is
missing), `months` (month -> value), `variants` (gross, net, ex_tax, ex_delivery side by side), `excluded`
(reason -> how many orders), `counted`, `header` and `rows()` (a fresh stream of the rows behind it, as text).
"""
