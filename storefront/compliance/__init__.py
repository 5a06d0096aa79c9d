"""What the law wants shown beside an offer: so far the EU's notice of the legal guarantee."""
