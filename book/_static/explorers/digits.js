// Numbers to play with where a reader brings none: the digits of pi, so that neighbours differ and nothing repeats.

const ROW = 12;
const PI = "314159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664709384460955058223172535940812";

/** A plane of digits, 0 to 9; a smaller one is the corner of a larger one. At most 12 columns. */
export const digits = (rows, columns) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => Number(PI[r * ROW + c])));

/** A row of digits, at most 150. */
export const rowOfDigits = (n) => Array.from(PI.slice(0, n), Number);
