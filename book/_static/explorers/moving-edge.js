// <moving-edge>: an edge in a row, its response, and what max pooling makes of it when the image moves.
// The reader predicts how many outputs stay the same, then sees it. No framework, no network.

import { agreeing, edge, maxPoolRow, moved, outputs, stepRow } from "./pooling.js";

const WIDTHS = [4, 5, 8, 12];
const CELL = 26;
const SVG = "http://www.w3.org/2000/svg";

const STYLE = `
:host { display: block; margin: 1rem 0; color: var(--pst-color-text-base, inherit); font-size: 1rem; }
form, section { margin: 0; }
.controls { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; align-items: end; margin-bottom: .6rem; }
label { display: flex; flex-direction: column; gap: .15rem; font-size: .9rem; }
select { font: inherit; min-height: 2rem; color: inherit; background: var(--pst-color-surface, Canvas);
  border: 1px solid var(--pk-faint, GrayText); border-radius: 4px; }
fieldset { border: 1px solid var(--pk-faint, GrayText); border-radius: 6px; margin: .6rem 0; padding: .4rem .7rem .6rem; min-width: 0; }
legend { padding: 0 .3rem; }
.choices { display: flex; flex-wrap: wrap; gap: .4rem; }
button { font: inherit; min-width: 2.4rem; min-height: 2.2rem; color: inherit; background: transparent;
  border: 1px solid var(--pk-ink, currentColor); border-radius: 4px; cursor: pointer; }
button[aria-pressed="true"] { border-width: 2px; font-weight: bold; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--pk-window, Highlight); outline-offset: 2px; }
svg { display: block; max-width: 100%; height: auto; }
.name { font-size: .9rem; margin: .45rem 0 .1rem; }
[role="status"] { min-height: 2.6em; margin: .4rem 0 0; }
`;

/** One SVG element. */
function draw(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** One HTML element. */
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** A number as the figures of the book write it. */
const shown = (value) => (value < 0 ? `\u2212${-value}` : `${value}`);
const said = (row) => row.map(shown).join(" ");
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** A row of cells: outlined where pooled, crossed where changed, a question mark where hidden. */
function rowOf(values, { pooled = false, changed = [], hidden = false, words }) {
  const width = Math.max(values.length, 1) * CELL + 4;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${CELL + 4}`, width, height: CELL + 4, role: "img", "aria-label": words });
  values.forEach((value, j) => {
    const x = 2 + j * CELL;
    const bright = value === Math.max(...values) && value > 0 && !hidden;
    svg.append(
      draw("rect", {
        x, y: 2, width: CELL, height: CELL, fill: "none",
        stroke: pooled ? "var(--pk-window, currentColor)" : "var(--pk-faint, currentColor)",
        "stroke-width": pooled ? 2 : 1,
      }),
      draw("text", {
        x: x + CELL / 2, y: 2 + CELL / 2, "text-anchor": "middle", "dominant-baseline": "central", "font-size": 14,
        "font-weight": bright ? "bold" : "normal",
        fill: bright ? "var(--pk-winner, currentColor)" : "var(--pk-ink, currentColor)",
      }, hidden ? "?" : shown(value)),
    );
    if (changed.includes(j)) {
      svg.append(draw("path", {
        d: `M${x + 17} 5l6 6M${x + 23} 5l-6 6`, stroke: "var(--pk-wrong, currentColor)", "stroke-width": 2,
      }));
    }
  });
  return svg;
}

/** A select box with a label; it tells when it changes. */
function choice(label, name, values, value, changed, text = String) {
  const box = make("select", { name });
  for (const one of values) box.append(make("option", { value: String(one), textContent: text(one), selected: one === value }));
  box.addEventListener("change", () => changed(Number(box.value)));
  return make("label", {}, label, box);
}

class MovingEdge extends HTMLElement {
  #state = { width: 5, bright: 2, kernel: 2, stride: 2, shift: 1 };
  #guess = null;
  #status = make("p");
  #body = make("section");
  #focus = "";

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).append(make("style", { textContent: STYLE }), this.#body, this.#status);
    this.#status.setAttribute("role", "status"); // polite: read out when the reader pauses
    this.#render();
  }

  /** What is shown, as numbers. */
  get rows() {
    const { width, bright, kernel, stride, shift } = this.#state;
    const image = stepRow(width, bright);
    const response = edge(image);
    const after = edge(moved(image, shift));
    const pooled = maxPoolRow(response, kernel, stride);
    const pooledAfter = maxPoolRow(after, kernel, stride);
    return { image, response, after, pooled, pooledAfter, same: agreeing(pooled, pooledAfter) };
  }

  #set(name, value) {
    const state = this.#state;
    state[name] = value;
    state.bright = Math.min(state.bright, state.width - 1);
    state.kernel = Math.min(state.kernel, state.width - 1);
    this.#guess = null;
    this.#focus = name;
    this.#status.textContent = "";
    this.#render();
  }

  #commit(guess) {
    const { pooled, same } = this.rows;
    this.#guess = guess;
    this.#focus = `guess-${guess}`;
    this.#render();
    const verdict = guess === same ? "Right." : `You said ${guess}.`;
    this.#status.textContent = `${verdict} ${same} of ${count(pooled.length, "output")} ${same === 1 ? "stays" : "stay"} the same. ${this.#why()}`;
  }

  #why() {
    const { response, after, pooled, pooledAfter, same } = this.rows;
    if (!after.includes(1)) return "The edge has left the row: there is nothing to find any more.";
    if (!pooled.includes(1) && !pooledAfter.includes(1)) return "But no window sees the edge in either position: equal, and blind.";
    if (same === pooled.length) return "The same windows see the edge before and after the move.";
    if (!pooledAfter.includes(1)) return "No window sees the edge any more.";
    return `The edge went from cell ${response.indexOf(1)} to cell ${after.indexOf(1)} of the response, into other windows.`;
  }

  #controls() {
    const { width, bright, kernel, stride, shift } = this.#state;
    const upTo = (most) => Array.from({ length: most }, (_, i) => i + 1);
    const set = (name) => (value) => this.#set(name, value);
    const ways = { [-1]: "left by one", 0: "not at all", 1: "right by one" };
    const form = make("form", { className: "controls" },
      choice("cells in a row", "width", WIDTHS, width, set("width")),
      choice("bright cells", "bright", upTo(width - 1), bright, set("bright")),
      choice("window, k", "kernel", upTo(Math.min(4, width - 1)), kernel, set("kernel")),
      choice("stride, s", "stride", upTo(4), stride, set("stride")),
      choice("the image moves", "shift", [-1, 0, 1], shift, set("shift"), (way) => ways[way]),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    return form;
  }

  #question(size) {
    const choices = make("div", { className: "choices" });
    for (let guess = 0; guess <= size; guess += 1) {
      const button = make("button", { type: "button", name: `guess-${guess}`, textContent: String(guess) });
      button.setAttribute("aria-pressed", String(guess === this.#guess));
      button.addEventListener("click", () => this.#commit(guess));
      choices.append(button);
    }
    const legend = make("legend", { textContent: `Predict: how many of the ${count(size, "pooled output")} stay the same?` });
    return make("fieldset", {}, legend, choices);
  }

  #render() {
    const { image, response, after, pooled, pooledAfter } = this.rows;
    const shift = this.#state.shift;
    const open = this.#guess !== null;
    const changed = [...pooled.keys()].filter((j) => pooled[j] !== pooledAfter[j]);
    const named = (title, values, options = {}) => [
      make("p", { className: "name", textContent: title }),
      rowOf(values, { words: `${title}: ${options.hidden ? "hidden until you predict" : said(values)}`, ...options }),
    ];
    this.#body.replaceChildren(
      this.#controls(),
      ...named("a row of the image", image),
      ...named("its edge response, x[j] \u2212 x[j + 1]", response),
      ...named("pooled", pooled, { pooled: true }),
      this.#question(outputs(response.length, this.#state.kernel, this.#state.stride)),
      ...named("the image after the move", moved(image, shift)),
      ...named("its edge response", after, { hidden: !open }),
      ...named("pooled, changes crossed", pooledAfter, { pooled: true, changed: open ? changed : [], hidden: !open }),
    );
    // The controls were made anew: give the keyboard its place back.
    if (this.#focus) this.shadowRoot.querySelector(`[name="${this.#focus}"]`)?.focus();
  }
}

customElements.define("moving-edge", MovingEdge);
