// What the scripts of the explorers offer to one another. Each adds a part that is called as its file is, and
// takes from the parts of scripts that have run before it: book/_ext/explorers.py lists them in that order.
globalThis.Poolkit = {};
