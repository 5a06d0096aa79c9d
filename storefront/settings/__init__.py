"""Settings: `dev` needs nothing, `production` takes everything from the environment, `test` serves the suite."""
