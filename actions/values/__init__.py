"""Values in the citizen's own words: found in what was typed or said, and put back into words."""
