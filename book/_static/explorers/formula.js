// Formulas of plain HTML: fractions, and brackets that round. Not every machine has a font for mathematics,
// and a bracket that is drawn as a border fits everywhere. A screen reader hears the words instead.
(() => {
  "use strict";

  const { make } = Poolkit.controls;

  /** A row of signs: letters of one character are set in italics. */
  function signs(text) {
    const parts = text.split(/([A-Za-z]+)/).filter(Boolean);
    return make(
      "span",
      {},
      ...parts.map((part) => (/^[a-z]$/i.test(part) ? make("i", { textContent: part }) : part)),
    );
  }

  const fraction = (over, under) => make("span", { className: "fraction" }, signs(over), signs(under));

  /** Rounded down, or up. */
  const rounded = (inner, up) => make("span", { className: up ? "ceiling" : "floor" }, inner);

  /** A formula that breaks between its steps, where the page is narrow; `words` is what is read out. */
  const formula = (words, ...steps) =>
    make(
      "p",
      { className: "formula", attributes: { role: "math", "aria-label": words } },
      ...steps.map((step) => make("span", { className: "step" }, ...step)),
    );

  Poolkit.formula = { fraction, rounded, formula };
})();
