// Cells in SVG: a plane of numbers, with a border around it, cells lit, crossed or hidden. Colours stand in
// style.js.
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const CELL = 36; // side of a cell, as in the figures of the book

  /** One SVG element. */
  function draw(name, attributes = {}, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  /** A number as the figures of the book write it: a true minus, three digits, the sign of infinity. */
  function shown(value) {
    if (Number.isNaN(value)) return "nan";
    const size = Math.abs(value);
    const digits = Number.isFinite(size) ? `${Number(size.toPrecision(3))}` : "\u221e";
    return (value < 0 ? "\u2212" : "") + digits;
  }

  /** A number as it is read out. */
  const spoken = (value) => shown(value).replace("\u2212", "minus ").replace("\u221e", "infinity");
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const said = (row) => row.map(spoken).join(" ");

  /** A plane in words, as the book's figures say it: rows parted by semicolons. */
  const planeInWords = (rows) => rows.map(said).join("; ");

  /**
   * A plane of numbers.
   *
   * rows      arrays of numbers; null is an empty cell
   * words     what a screen reader says of the whole
   * classes   (r, c) -> names of classes: tap, winner, pooled, border, beyond, wrong, hidden, hot ...
   * shade     (r, c) -> how full the cell is, 0 to 1, or undefined
   * text      (value, r, c) -> what stands in the cell
   * action    { key, label(r, c), current: [r, c] }: cells are buttons, one of them in the tab order;
   *           arrow keys and pointers are the explorer's to hear, by data-at
   */
  function planeOf(
    rows,
    { words, classes = () => [], shade = () => undefined, text = shown, action = null, side = CELL },
  ) {
    const [high, wide] = [rows.length, rows[0]?.length ?? 0];
    const [width, height] = [wide * side + 4, high * side + 4];
    const svg = draw("svg", {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      class: "plane",
      role: action ? "group" : "img",
      "aria-label": words,
      style: action ? `min-width:${wide * 24 + 4}px` : undefined, // a finger needs 24 pixels
    });
    rows.forEach((row, r) =>
      row.forEach((value, c) => {
        const [x, y, names] = [2 + c * side, 2 + r * side, classes(r, c)];
        const written = names.includes("hidden") ? "?" : value === null ? "" : text(value, r, c);
        const full = shade(r, c);
        const cell = draw(
          "g",
          { class: ["cell", ...names].join(" "), "data-at": `${r},${c}` },
          draw("rect", { x, y, width: side, height: side, class: "ground" }),
          draw("rect", { x, y, width: side, height: side, class: "shade", "fill-opacity": full ?? 0 }),
          draw("rect", { x: x + 1.5, y: y + 1.5, width: side - 3, height: side - 3, class: "frame" }),
          draw(
            "text",
            {
              x: x + side / 2,
              y: y + side / 2,
              "font-size": Math.min(15, (side * 1.55) / Math.max(written.length, 2)),
            },
            written,
          ),
        );
        if (names.includes("wrong")) {
          cell.append(draw("path", { d: `M${x + side - 10} ${y + 4}l6 6m0 -6l-6 6`, class: "cross" }));
        }
        if (action) {
          cell.setAttribute("role", "button");
          cell.setAttribute("aria-label", action.label(r, c));
          cell.setAttribute("tabindex", String(action.current[0] === r && action.current[1] === c ? 0 : -1));
          cell.dataset.key = `${action.key}-${r}-${c}`;
        }
        svg.append(cell);
      }),
    );
    return svg;
  }

  /** Give the cells of a drawn plane other classes, without drawing it anew: a finger may rest on it. */
  function relight(svg, classes) {
    for (const cell of svg.querySelectorAll(".cell")) {
      const [r, c] = cell.dataset.at.split(",").map(Number);
      cell.setAttribute("class", ["cell", ...classes(r, c)].join(" "));
    }
  }

  /** The same for one row. */
  const rowOf = (values, { classes = () => [], shade = () => undefined, ...rest }) =>
    planeOf([values], { classes: (_, c) => classes(c), shade: (_, c) => shade(c), ...rest });

  Poolkit.cells = { CELL, draw, shown, spoken, count, said, planeInWords, planeOf, relight, rowOf };
})();
