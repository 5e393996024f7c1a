"""What an LMS gives and takes: lists of learners, the names of the files in its zips."""
