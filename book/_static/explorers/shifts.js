// Five ways to make a row on a circle s times shorter, and what each does when the row moves.
// Pure functions, no page in sight; held against poolkit by tests/book/test_sliding_row.py.
(() => {
  "use strict";

  const at = (x, j) => x[((j % x.length) + x.length) % x.length];
  const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

  /** The row moved right by d cells; what leaves on one side comes in on the other. */
  function rolled(x, d) {
    return x.map((_, j) => at(x, j - d));
  }

  /** Every s-th cell, from `start` on. */
  function everyOther(x, s, start = 0) {
    return x.filter((_, j) => j % s === start);
  }

  /** The greatest of s cells, at every place of the circle. */
  function maxEverywhere(x, s) {
    return x.map((_, j) => Math.max(...Array.from({ length: s }, (_, tap) => at(x, j + tap))));
  }

  /** The phase whose squares add up to most, the first of equal ones. */
  function largestPhase(x, s) {
    const phases = Array.from({ length: s }, (_, start) => everyOther(x, s, start));
    const sizes = phases.map((phase) => total(phase.map((value) => value * value)));
    return phases[sizes.indexOf(Math.max(...sizes))];
  }

  /** Each way takes a row on a circle, whose length s divides, and a stride s. */
  const WAYS = {
    subsample: (x, s) => everyOther(x, s),
    max: (x, s) => everyOther(maxEverywhere(x, s), s),
    average: (x, s) =>
      everyOther(
        x.map((_, j) => total(Array.from({ length: s }, (_, tap) => at(x, j + tap))) / s),
        s,
      ),
    "max+blur": (x, s) => {
      const largest = maxEverywhere(x, s);
      return everyOther(
        largest.map((value, j) => (at(largest, j - 1) + 2 * value + at(largest, j + 1)) / 4),
        s,
      );
    },
    polyphase: largestPhase,
  };

  /** Root mean square of the difference of two rows. */
  function distance(a, b) {
    return Math.sqrt(total(a.map((value, j) => (value - b[j]) ** 2)) / a.length);
  }

  /** By how many cells `before` must be moved to come as close as it can to `after`. */
  function nearest(before, after) {
    const far = before.map((_, step) => distance(after, rolled(before, step)));
    return far.indexOf(Math.min(...far));
  }

  /**
   * How far the output for the row moved by d is from the output as it was, itself moved by as many cells as
   * suits best.
   */
  function change(x, way, s, d) {
    const [before, after] = [WAYS[way](x, s), WAYS[way](rolled(x, d), s)];
    return distance(after, rolled(before, nearest(before, after)));
  }

  /** The mean change over all moves but none. */
  function meanChange(x, way, s) {
    return total(x.map((_, d) => change(x, way, s, d))) / (x.length - 1);
  }

  Poolkit.shifts = { rolled, WAYS, nearest, change, meanChange };
})();
