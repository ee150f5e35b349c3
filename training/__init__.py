"""How the reader was made, and can be made again: examples, training, export."""
