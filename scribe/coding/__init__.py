"""The deterministic coding check: notes and codes in, findings out; it knows no language model."""
