"""NLU components of our own, named in nlu_data/config.yml."""
