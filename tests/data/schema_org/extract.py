"""Write vocabulary.json anew: `python tests/data/schema_org/extract.py schemaorg-current-https.jsonld`.

The file named is a release's, data/releases/<version>/ of github.com/schemaorg/schemaorg.
"""

import json
import sys
from pathlib import Path

TYPES = """AggregateRating BlogPosting Brand BreadcrumbList DefinedRegion EntryPoint ListItem MerchantReturnPolicy
MonetaryAmount Offer OfferShippingDetails Organization Person Product ProductGroup QuantitativeValue Rating Review
SearchAction ShippingDeliveryTime UnitPriceSpecification WebSite""".split()
PROPERTIES = """addressCountry aggregateRating applicableCountry author availability bestRating brand color currency
dateModified datePublished deliveryTime description gtin hasMerchantReturnPolicy hasVariant headline image inLanguage item
itemCondition itemListElement itemOffered logo mainEntityOfPage material maxValue merchantReturnDays minValue name offers
pattern position potentialAction price priceCurrency priceSpecification priceType productGroupID publisher query
ratingValue returnMethod returnPolicyCategory review reviewBody reviewCount reviewRating seller shippingDestination
shippingDetails shippingRate size sku target transitTime unitCode url urlTemplate value variesBy worstRating""".split()
PREFIX = "schema:"


def names(node, key):
    found = node.get(key, [])
    return [item["@id"].removeprefix(PREFIX) for item in (found if isinstance(found, list) else [found])]


def extract(graph):
    """Return the classes used with all above them, the properties used, and the members of their enumerations."""
    nodes = {node["@id"].removeprefix(PREFIX): node for node in graph}
    classes, waiting = {}, list(TYPES)
    properties = {
        name: {
            "domains": names(nodes[name], "schema:domainIncludes"),
            "ranges": names(nodes[name], "schema:rangeIncludes"),
        }
        for name in PROPERTIES
    }
    for known in properties.values():
        waiting += [*known["domains"], *known["ranges"]]
    while waiting:
        name = waiting.pop()
        if name not in classes and name in nodes:
            classes[name] = names(nodes[name], "rdfs:subClassOf")
            waiting += classes[name]
    members = {}
    for name, node in nodes.items():
        kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        kinds = [kind.removeprefix(PREFIX) for kind in kinds]
        if enumerations := [kind for kind in kinds if kind in classes and not kind.startswith("rdf")]:
            members[name] = enumerations
    return {"classes": dict(sorted(classes.items())), "properties": properties, "members": dict(sorted(members.items()))}


if __name__ == "__main__":
    graph = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["@graph"]
    target = Path(__file__).with_name("vocabulary.json")
    target.write_text(json.dumps(extract(graph), indent=1) + "\n", encoding="utf-8")
