"""Words as people write them: normalised, compared, quoted."""
