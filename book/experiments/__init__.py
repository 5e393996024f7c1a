"""The experiments of chapters 8 and 9: what makes the tables that the book ships, and what reads them."""
