// Four ways to make a plane smaller: pure functions over rows of numbers, no page in sight.
// Held against poolkit by tests/book/test_max_against_average.py.
(() => {
  "use strict";

  const { outputs } = Poolkit.pooling;

  /**
   * What a way keeps of the k by k window whose top left cell is x[top][left]. Loops, for a photograph has
   * many windows.
   */
  function folded(x, k, top, left, start, step) {
    let kept = start;
    for (let i = top; i < top + k; i += 1) {
      for (let j = left; j < left + k; j += 1) kept = step(kept, x[i][j]);
    }
    return kept;
  }

  const KEPT = {
    max: (x, k, top, left) => folded(x, k, top, left, -Infinity, (a, b) => (b > a ? b : a)),
    average: (x, k, top, left) => folded(x, k, top, left, 0, (a, b) => a + b) / (k * k),
    min: (x, k, top, left) => folded(x, k, top, left, Infinity, (a, b) => (b < a ? b : a)),
    first: (x, k, top, left) => x[top][left], // every s-th pixel: nobody looks at the others
  };

  /** A plane pooled by windows of k by k that move by s, without padding. */
  function poolPlane(x, k, s, way) {
    const [rows, columns] = [x.length, x[0].length].map((n) => outputs(n, k, s));
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => KEPT[way](x, k, i * s, j * s)),
    );
  }

  /** The window of output (row, column), as rows of numbers. */
  function windowOf(x, k, s, [row, column]) {
    return x.slice(row * s, row * s + k).map((line) => line.slice(column * s, column * s + k));
  }

  /** Mean, least and greatest number of a plane. */
  function summary(x) {
    const all = x.flat();
    return {
      mean: all.reduce((sum, one) => sum + one, 0) / all.length,
      least: Math.min(...all),
      greatest: Math.max(...all),
    };
  }

  Poolkit.planes = { poolPlane, windowOf, summary };
})();
