"""How long a test waits for another process before it calls that one hung."""

# Seconds. A test that fails at this limit has met something that will never end: a machine that is only busy
# is many times faster than that.
HANGS_AFTER = 900
EVERY = 0.2  # seconds between two looks at what is not there yet
LOOKS = int(HANGS_AFTER / EVERY)
