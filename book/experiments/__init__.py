"""Programs that make and read the tables of chapters 8 and 9 and the table that compares frameworks."""
