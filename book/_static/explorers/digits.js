// Numbers to play with where a reader brings none: the digits of pi, so that neighbours differ and nothing
// repeats.
(() => {
  "use strict";

  const ROW = 12;
  const PI =
    "31415926535897932384626433832795028841971693993751" +
    "05820974944592307816406286208998628034825342117067" +
    "98214808651328230664709384460955058223172535940812";

  /** A plane of digits, 0 to 9; a smaller one is the corner of a larger one. At most 12 columns. */
  const digits = (rows, columns) =>
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => Number(PI[r * ROW + c])),
    );

  /** A row of digits, at most 150. */
  const rowOfDigits = (n) => Array.from(PI.slice(0, n), Number);

  Poolkit.digits = { digits, rowOfDigits };
})();
