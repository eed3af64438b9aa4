"""Results and baselines as documents: text to values, values to text; JSON only, pure."""
