// What the maximum over windows of k by k costs at stride 1, by four methods: the formulas of chapter 14.
// Pure functions, no page in sight; held against poolkit by tests/book/test_cost_plot.py.
(() => {
  "use strict";

  /** How far the windows reach after each step of doubling: the last step may overlap. */
  function reaches(k) {
    const found = [1];
    while (found.at(-1) < k) found.push(Math.min(2 * found.at(-1), k));
    return found;
  }

  /** Comparisons for one output, far from the border. */
  const COMPARISONS = {
    "each window alone": (k) => k * k - 1,
    "two passes": (k) => 2 * (k - 1),
    doubling: (k) => 2 * (reaches(k).length - 1), // the logarithm of k to base 2, rounded up, along each axis
    blocks: (k) => (k === 1 ? 0 : 6), // one from the start, one to the end, one to meet; along each axis
  };

  /**
   * Numbers that one running maximum along rows of n reads and writes, if each of its steps goes over the
   * whole row.
   */
  const MOVED = {
    "two passes": (n, k) => n + (n - k + 1),
    doubling: (n, k) =>
      reaches(k)
        .slice(1)
        .reduce((sum, reach, i) => sum + (n - reaches(k)[i] + 1) + (n - reach + 1), 0),
    blocks: (n, k) => 2 * n + 2 * n + 2 * (n - k + 1) + (n - k + 1),
  };

  /**
   * Bytes that a plane of n by n costs to read and write, and what stands between, with `itemsize` bytes a
   * number.
   */
  function bytes(method, n, k, itemsize = 4) {
    const kept = n - k + 1;
    if (method === "the floor") return (n * n + kept * kept) * itemsize;
    if (method === "each window alone") return kept * kept * (k * k + 1) * itemsize;
    const along = MOVED[method](n, k);
    return (n * along + kept * along) * itemsize; // along n rows, then along the columns that are left
  }

  /** How many times the floor that is. */
  function overFloor(method, n, k) {
    return bytes(method, n, k) / bytes("the floor", n, k);
  }

  /**
   * The least k from which on the first cost is below the second, for all of k = 2 to `last`; null where
   * there is none.
   */
  function crossing(first, second, last) {
    let from = null;
    for (let k = last; k >= 2 && first(k) < second(k); k -= 1) from = k;
    return from;
  }

  Poolkit.costs = { COMPARISONS, bytes, overFloor, crossing };
})();
