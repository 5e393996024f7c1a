// The arithmetic of the explorers: pure functions over plain arrays, no page in sight.
// Held against poolkit by tests/book/test_arithmetic.py.
(() => {
  "use strict";

  /** How many windows of k cells that move by s fit into n cells without padding. */
  function outputs(n, k, s) {
    return n < k ? 0 : Math.floor((n - k) / s) + 1;
  }

  /** Max pooling of a row, without padding. */
  function maxPoolRow(x, k, s) {
    return Array.from({ length: outputs(x.length, k, s) }, (_, o) => Math.max(...x.slice(o * s, o * s + k)));
  }

  /** A row of `width` cells: ones in the first `bright`, zeros after. */
  function stepRow(width, bright) {
    return Array.from({ length: width }, (_, j) => (j < bright ? 1 : 0));
  }

  /** The row moved right by `shift` cells; its own border values come in. */
  function moved(x, shift) {
    const last = x.length - 1;
    return x.map((_, j) => x[Math.min(Math.max(j - shift, 0), last)]);
  }

  /** The edge response x[j] - x[j + 1]: 1 where the row falls. */
  function edge(x) {
    return x.slice(0, -1).map((value, j) => value - x[j + 1]);
  }

  /** In how many places two rows of one length agree. */
  function agreeing(a, b) {
    return a.filter((value, j) => value === b[j]).length;
  }

  /**
   * How many windows stand along an axis: n cells, window k, stride s, padding p on both sides, dilation d.
   * The formula stands in poolkit/windows.py, Window.output_size; 0 where no window fits.
   */
  function outputSize(n, { k, s, p = 0, d = 1, ceil = false }) {
    const free = freeCells(n, { k, p, d });
    const size = (ceil ? Math.ceil(free / s) : Math.floor(free / s)) + 1;
    return Math.max(ceil && (size - 1) * s >= n + p ? size - 1 : size, 0);
  }

  /** How far the first window can move: what the stride divides. */
  function freeCells(n, { k, p = 0, d = 1 }) {
    return n + 2 * p - d * (k - 1) - 1;
  }

  /** Where the taps of output o stand along an axis; some may lie in the padding or beyond it. */
  function positions(o, { k, s, p = 0, d = 1 }) {
    return Array.from({ length: k }, (_, tap) => o * s - p + tap * d);
  }

  /** The setting of one axis out of a window of two: axis 0 is the rows, axis 1 the columns. */
  const along = ({ k, s, p, d, ceil }, axis) => ({ k: k[axis], s: s[axis], p: p[axis], d: d[axis], ceil });

  /**
   * The places that an output sees: [row, column], and whether it is a "cell", lies in the "border" or
   * "beyond" it.
   */
  function places([r, c], [high, wide], window) {
    const kind = (at, n, p) => (at < 0 || at >= n ? (at < n + p ? "border" : "beyond") : "cell");
    const [rows, columns] = [along(window, 0), along(window, 1)];
    return positions(r, rows).flatMap((i) =>
      positions(c, columns).map((j) => {
        const kinds = [kind(i, high, rows.p), kind(j, wide, columns.p)];
        return {
          at: [i, j],
          kind: kinds.includes("beyond") ? "beyond" : kinds.includes("border") ? "border" : "cell",
        };
      }),
    );
  }

  /**
   * What one output is, and what it is made of: the cells that it sees and, for an average, what it divides
   * by.
   */
  function poolOne(x, at, window, { average = false, counted = true } = {}) {
    const seen = places(at, [x.length, x[0].length], window);
    const values = seen.filter(({ kind }) => kind === "cell").map(({ at: [i, j] }) => x[i][j]);
    const sum = values.reduce((a, b) => a + b, 0);
    const divisor = counted ? seen.filter(({ kind }) => kind !== "beyond").length : values.length;
    const value = average ? sum / Math.max(divisor, 1) : Math.max(...values);
    return { value, values, sum, divisor, seen };
  }

  /** A pooled plane. */
  function poolPlane(x, window, options) {
    const size = [x.length, x[0].length].map((n, axis) => outputSize(n, along(window, axis)));
    return Array.from({ length: size[0] }, (_, r) =>
      Array.from({ length: size[1] }, (_, c) => poolOne(x, [r, c], window, options).value),
    );
  }

  /**
   * A plane with a border of p cells: a number, "edge" for the neighbour repeated, or "wrap" for the other
   * side.
   */
  function bordered(x, [rows, columns], fill) {
    const [high, wide] = [x.length, x[0].length];
    const inside = (at, n) => (fill === "wrap" ? ((at % n) + n) % n : Math.min(Math.max(at, 0), n - 1));
    return Array.from({ length: high + 2 * rows }, (_, r) =>
      Array.from({ length: wide + 2 * columns }, (_, c) => {
        const [i, j] = [r - rows, c - columns];
        const outside = i < 0 || j < 0 || i >= high || j >= wide;
        return outside && typeof fill === "number" ? fill : x[inside(i, high)][inside(j, wide)];
      }),
    );
  }

  /**
   * Where the bins of adaptive pooling start and end (not included): floor of the start, ceiling of the end.
   */
  function adaptiveBins(n, m) {
    return Array.from({ length: m }, (_, o) => [Math.floor((o * n) / m), Math.ceil(((o + 1) * n) / m)]);
  }

  /** How many bins see each of n cells. */
  function seenBy(n, bins) {
    return Array.from({ length: n }, (_, j) => bins.filter(([start, end]) => start <= j && j < end).length);
  }

  /** The mean or the maximum of each bin of a row. */
  function poolBins(x, bins, average) {
    return bins.map(([start, end]) => {
      const cells = x.slice(start, end);
      return average ? cells.reduce((a, b) => a + b, 0) / cells.length : Math.max(...cells);
    });
  }

  Poolkit.pooling = {
    outputs,
    maxPoolRow,
    stepRow,
    moved,
    edge,
    agreeing,
    outputSize,
    freeCells,
    positions,
    along,
    places,
    poolOne,
    poolPlane,
    bordered,
    adaptiveBins,
    seenBy,
    poolBins,
  };
})();
