"""The question side: a question in, a cited answer out."""
