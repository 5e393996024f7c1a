// <max-against-average>: a photograph made smaller in four ways, without names. Which is which?
// A window can be moved over the photograph, to see what each way makes of its numbers.
(() => {
  "use strict";

  const { planeOf, shown } = Poolkit.cells;
  const { make, segments, slider } = Poolkit.controls;
  const { Explorer } = Poolkit.explorer;
  const { PHOTOGRAPHER, PRINT } = Poolkit.photographs;
  const { poolPlane, summary, windowOf } = Poolkit.planes;
  const { outputs } = Poolkit.pooling;
  const { oneOf, whole } = Poolkit.state;

  const WHITE = 63;
  const SIDE = PHOTOGRAPHER.length;
  const PHOTOS = {
    photographer: {
      pixels: PHOTOGRAPHER,
      says:
        "a photographer in a dark coat bends over a camera on a tripod, " +
        "in front of a pale sky and a lawn",
    },
    print: { pixels: PRINT, says: "a few words of black print on white paper, and a grey rule across" },
  };
  const WAYS = { max: "maximum", average: "average", min: "minimum", first: "every s-th pixel" };
  const KEEPS = {
    max: "the greatest number of each window",
    average: "the mean of each window",
    min: "the least number of each window",
    first: "one pixel of each window, the one at the top left",
  };
  const SIGNS = {
    max: "Bright things grow and dark lines vanish",
    average: "Thin lines turn grey, and none vanishes",
    min: "Dark things grow and bright lines vanish",
    first: "Lines stay sharp where they are met, and break where they are missed",
  };
  const STYLE = `
  form > :first-child { flex: 1 1 100%; }
  .gallery { display: grid; grid-template-columns: minmax(0, 13rem) minmax(0, 1fr); gap: 1rem 1.6rem; }
  figure { margin: 0; min-width: 0; }
  .four { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .8rem 1rem;
    align-content: start; }
  .picture { position: relative; cursor: crosshair; user-select: none; touch-action: pan-y; }
  canvas { display: block; width: 100%; aspect-ratio: 1; image-rendering: pixelated; border-radius: 4px; }
  .window { position: absolute; outline: 2px solid var(--window); box-shadow: 0 0 0 4px var(--ground);
    min-width: 4px; min-height: 4px; pointer-events: none; }
  figcaption { display: flex; justify-content: space-between; gap: .5rem; font-size: .9rem;
    margin-top: .25rem; }
  figcaption .value { font-variant-numeric: tabular-nums; color: var(--window); font-weight: 700; }
  .lens { margin-top: .7rem; }
  .fine { font-size: .85rem; margin-top: .4rem; }
  @container (max-width: 34rem) {
    .gallery { grid-template-columns: minmax(0, 1fr); }
    .source { display: grid; grid-template-columns: minmax(0, 9.5rem) minmax(0, 1fr); gap: 0 .9rem;
      align-items: start; }
    .lens { margin: 0; }
  }
  `;
  const LETTERS = ["A", "B", "C", "D"];
  const NAMES = Object.keys(WAYS);

  /** The nth of the 24 orders of the four ways. */
  function order(n) {
    const left = [...NAMES];
    return [6, 2, 1, 1].map((size, i) => left.splice(Math.floor(n / size) % (4 - i), 1)[0]);
  }

  class MaxAgainstAverage extends Explorer {
    static title = "Max against average on a photograph";
    static style = STYLE;
    static fields = {
      photo: oneOf(Object.keys(PHOTOS), "photographer"),
      k: whole(2, 8, 3),
      s: whole(1, 8, 3),
      ask: oneOf(NAMES, "max"),
      order: whole(0, 23, 10),
      row: whole(0, SIDE - 1, 28),
      column: whole(0, SIDE - 1, 12),
    };
    #pooled = new Map(); // a moved window leaves the pictures as they are

    constructor() {
      super();
      const point = (event) => {
        const canvas = event.target.closest("canvas");
        if (!canvas || (event.type === "pointermove" && !event.buttons)) return;
        const box = canvas.getBoundingClientRect();
        const cell = (at, from, length) =>
          Math.max(0, Math.floor(((at - from) / length) * outputs(SIDE, this.state.k, this.state.s)));
        this.change({
          row: cell(event.clientY, box.top, box.height),
          column: cell(event.clientX, box.left, box.width),
        });
      };
      for (const name of ["pointerdown", "pointermove"]) this.stage.addEventListener(name, point);
    }

    turns() {
      const last = ({ k, s }) => [0, outputs(SIDE, k, s) - 1];
      return [
        segments(
          "photo",
          "photograph",
          Object.keys(PHOTOS).map((name) => [name, name]),
        ),
        slider("k", "window, k", { range: () => [2, 8] }),
        slider("s", "stride, s", { range: () => [1, 8] }),
        slider("row", "look at row", { range: last }),
        slider("column", "look at column", { range: last }),
      ];
    }

    settle(state) {
      const most = outputs(SIDE, state.k, state.s) - 1;
      return { ...state, row: Math.min(state.row, most), column: Math.min(state.column, most) };
    }

    surprise(random, { photo }) {
      const any = (least, most) => least + Math.floor(random() * (most - least + 1));
      const k = any(2, 5);
      const other = Object.keys(PHOTOS).find((name) => name !== photo);
      return {
        photo: other,
        k,
        s: k,
        ask: random() < 0.5 ? "max" : NAMES[any(1, 3)],
        order: any(0, 23),
        row: any(0, 18),
        column: any(0, 18),
      };
    }

    /** The pooled photograph. */
    pooled({ photo, k, s }, way) {
      const key = `${photo} ${k} ${s}`;
      if (this.#pooled.key !== key) this.#pooled.clear();
      this.#pooled.key = key;
      if (!this.#pooled.has(way)) this.#pooled.set(way, poolPlane(PHOTOS[photo].pixels, k, s, way));
      return this.#pooled.get(way);
    }

    question({ ask, order: n }) {
      const choices = order(n).map((way, i) => ({
        words: LETTERS[i],
        right: way === ask,
        reply: way === ask ? "" : `${LETTERS[i]} keeps ${KEEPS[way]}.`,
      }));
      return { ask: `One of A to D keeps ${KEEPS[ask]}. Which one?`, choices };
    }

    says(state) {
      const { k, s, ask, row, column } = state;
      const made = NAMES.map((way) => `${WAYS[way]} ${shown(this.pooled(state, way)[row][column])}`).join(
        ", ",
      );
      return `${SIGNS[ask]}. Windows of ${k} by ${k}, stride ${s}; at (${row}, ${column}): ${made}.`;
    }

    show(state, open) {
      const { photo, k, s, row, column } = state;
      const { pixels, says } = PHOTOS[photo];
      const values = windowOf(pixels, k, s, [row, column]);
      const size = outputs(SIDE, k, s);
      const source = this.#picture(
        pixels,
        `The photograph, ${SIDE} by ${SIDE} pixels: ${says}.`,
        { top: row * s, left: column * s, side: k },
        "photograph",
      );
      const lens = planeOf(values, {
        words: `The window: ${values.map((line) => line.join(" ")).join("; ")}`,
        side: Math.min(30, 132 / k),
      });
      const four = order(state.order).map((way, i) => {
        const plane = this.pooled(state, way);
        const { mean, least, greatest } = summary(plane);
        const name = open ? `${LETTERS[i]}, ${WAYS[way]}` : LETTERS[i];
        const words =
          `${name}: ${size} by ${size} pixels, mean ${shown(mean)}, ` +
          `from ${shown(least)} to ${shown(greatest)}; ` +
          (open ? `at the window ${shown(plane[row][column])}.` : "its name is hidden until you predict.");
        const title = make(
          "figcaption",
          {},
          make("span", {}, make("b", { textContent: LETTERS[i] }), open ? ` ${WAYS[way]}` : ""),
          make("span", { className: "value", textContent: open ? shown(plane[row][column]) : "" }),
        );
        return make(
          "figure",
          {},
          this.#picture(plane, words, { top: row, left: column, side: 1 }, "pooled"),
          title,
        );
      });
      return [
        make(
          "div",
          { className: "gallery" },
          make(
            "figure",
            { className: "source" },
            source,
            make(
              "div",
              { className: "lens" },
              lens,
              make("p", {
                className: "fine",
                textContent:
                  `The outlined window, from 0, black, to ${WHITE}, white. ` +
                  (open ? "What became of it stands under each picture." : "Tap a picture to move it."),
              }),
            ),
          ),
          make("div", { className: "four" }, ...four),
        ),
      ];
    }

    /** A plane as a picture of one grey pixel a number, with a window outlined. */
    #picture(plane, words, { top, left, side }, name) {
      const [rows, columns] = [plane.length, plane[0].length];
      const canvas = make("canvas", {
        width: columns,
        height: rows,
        attributes: { role: "img", "aria-label": words },
      });
      const image = new ImageData(columns, rows);
      plane.flat().forEach((level, at) => {
        const byte = Math.round((255 * level) / WHITE);
        image.data.set([byte, byte, byte, 255], 4 * at);
      });
      canvas.getContext("2d").putImageData(image, 0, 0);
      const part = (length, whole_) => `${(100 * length) / whole_}%`;
      const frame = make("span", { className: "window" });
      Object.assign(frame.style, {
        top: part(top, rows),
        left: part(left, columns),
        width: part(side, columns),
        height: part(side, rows),
      });
      return make("div", { className: `picture ${name}` }, canvas, frame);
    }
  }

  customElements.define("max-against-average", MaxAgainstAverage);
})();
