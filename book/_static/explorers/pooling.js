// The arithmetic of the explorers: pure functions over plain arrays, no page in sight.
// Held against poolkit by tests/book/test_explorers.py.

/** How many windows of k cells that move by s fit into n cells without padding. */
export function outputs(n, k, s) {
  return n < k ? 0 : Math.floor((n - k) / s) + 1;
}

/** Max pooling of a row, without padding. */
export function maxPoolRow(x, k, s) {
  return Array.from({ length: outputs(x.length, k, s) }, (_, o) => Math.max(...x.slice(o * s, o * s + k)));
}

/** A row of `width` cells: ones in the first `bright`, zeros after. */
export function stepRow(width, bright) {
  return Array.from({ length: width }, (_, j) => (j < bright ? 1 : 0));
}

/** The row moved right by `shift` cells; its own border values come in. */
export function moved(x, shift) {
  const last = x.length - 1;
  return x.map((_, j) => x[Math.min(Math.max(j - shift, 0), last)]);
}

/** The edge response x[j] - x[j + 1]: 1 where the row falls. */
export function edge(x) {
  return x.slice(0, -1).map((value, j) => value - x[j + 1]);
}

/** In how many places two rows of one length agree. */
export function agreeing(a, b) {
  return a.filter((value, j) => value === b[j]).length;
}
