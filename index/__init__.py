"""The document side: files in, searchable passages out."""
