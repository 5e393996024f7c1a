// The setting of an explorer: read strictly from attributes or from the address, written back into a link.
// A field is { initial, read(text) -> a value or undefined, write(value) -> text }.
(() => {
  "use strict";

  /** A whole number between two others. */
  const whole = (least, most, initial) => ({
    initial,
    least,
    most,
    write: String,
    read: (text) =>
      /^-?\d{1,4}$/.test(text) && least <= Number(text) && Number(text) <= most ? Number(text) : undefined,
  });

  /** One of a few values. */
  const oneOf = (values, initial) => ({
    initial,
    values,
    write: String,
    read: (text) => values.find((value) => String(value) === text),
  });

  /** On or off. */
  const flag = (initial = false) => ({
    initial,
    write: (on) => (on ? "1" : "0"),
    read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
  });

  /** Rows and columns: `3` for both alike, `2x3` for two and three. */
  const pair = (least, most, initial) => ({
    initial,
    least,
    most,
    write: ([rows, columns]) => (rows === columns ? `${rows}` : `${rows}x${columns}`),
    read: (text) => {
      const parts = /^(\d{1,3})(?:x(\d{1,3}))?$/.exec(text);
      if (!parts) return undefined;
      const both = [Number(parts[1]), Number(parts[2] ?? parts[1])];
      return both.every((one) => least <= one && one <= most) ? both : undefined;
    },
  });

  const NUMBER = /^(?:-?(?:\d{1,7}(?:\.\d{1,6})?|inf)|nan)$/;
  const NAMED = { inf: Infinity, "-inf": -Infinity, nan: NaN };

  /** A plane of numbers: `1,2;3,4` is two rows of two. Decimals, `inf`, `-inf` and `nan` may stand in it. */
  const plane = (mostRows, mostColumns, initial = null) => ({
    initial,
    write: (rows) =>
      rows
        .map((row) =>
          row
            .map((x) => (Number.isFinite(x) ? String(x) : String(x).toLowerCase().replace("infinity", "inf")))
            .join(","),
        )
        .join(";"),
    read: (text) => {
      const rows = text.split(";").map((row) => row.split(","));
      const fits =
        rows.length <= mostRows &&
        rows.every((row) => row.length === rows[0].length && row.length <= mostColumns);
      if (!fits || !rows.flat().every((one) => NUMBER.test(one))) return undefined;
      return rows.map((row) => row.map((one) => NAMED[one] ?? Number(one)));
    },
  });

  /**
   * Read each field by `given(name)`, a text or null. What is not understood keeps its initial value and is
   * named.
   */
  function readState(fields, given) {
    const state = {};
    const refused = [];
    for (const [name, field] of Object.entries(fields)) {
      const text = given(name);
      const value = text === null ? undefined : field.read(text);
      state[name] = value === undefined ? field.initial : value;
      if (text !== null && value === undefined) refused.push(name);
    }
    return { state, refused };
  }

  /** The setting as `k=3&s=2`: what differs from the initial values, in the order of the fields. */
  function writeState(fields, state) {
    const written = ([name, field]) => (state[name] === null ? "" : field.write(state[name]));
    return Object.entries(fields)
      .filter(
        ([name, field]) =>
          state[name] !== null &&
          (field.initial === null || written([name, field]) !== field.write(field.initial)),
      )
      .map((entry) => `${entry[0]}=${written(entry)}`)
      .join("&");
  }

  /** The tag and the values that an address names: `#window-stepper?k=3` */
  function readHash(hash) {
    const [tag, query] = hash.replace(/^#/, "").split("?", 2);
    return { tag, values: query === undefined ? null : new URLSearchParams(query) };
  }

  Poolkit.state = { whole, oneOf, flag, pair, plane, readState, writeState, readHash };
})();
