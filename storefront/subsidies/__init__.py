"""Subsidy projects on the applicant's side: programmes as data, projects, figures from the shop, proof."""
