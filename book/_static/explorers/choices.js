// The choices of a prediction: the right one among what known mistakes would give, each with a reply of its
// own.
(() => {
  "use strict";

  const MOST = 5;

  /**
   * Distinct choices, sorted.
   *
   * right     the right value; `text` makes words of a value, `order` a number to sort by
   * mistakes  [value, reply], the telling ones first; what equals another choice is left out
   */
  function choicesOf(right, mistakes, { text = String, order = Number } = {}) {
    const choices = new Map([[text(right), { value: right, words: text(right), right: true, reply: "" }]]);
    for (const [value, reply] of mistakes) {
      if (!choices.has(text(value)) && choices.size < MOST) {
        choices.set(text(value), { value, words: text(value), right: false, reply });
      }
    }
    return [...choices.values()].sort((a, b) => order(a.value) - order(b.value));
  }

  Poolkit.choices = { choicesOf };
})();
