// The arithmetic of the explorers, compared with poolkit's results. test_arithmetic.py runs this file:
//   FIXTURES=cases.json SCRIPTS=…/poolkit.js:…/pooling.js node --test tests/book/arithmetic.mjs
// A fixture is { function: [{ args, result }] }; the result is compared number by number.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { test } from "node:test";
import { run } from "./scripts.mjs";

const FIXTURES = JSON.parse(readFileSync(process.env.FIXTURES, "utf-8"));
const { pooling } = run(process.env.SCRIPTS.split(delimiter));

const NAMED = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const revived = (value) => {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value === "string" && value in NAMED) return NAMED[value];
  return value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]))
    : value;
};

/** Asserts that both have the same shape, and the same numbers up to rounding. */
function same(got, expected, where) {
  if (Array.isArray(expected)) {
    assert.equal(got.length, expected.length, `${where}: length`);
    expected.forEach((one, i) => same(got[i], one, `${where}[${i}]`));
  } else if (expected !== null && typeof expected === "object") {
    for (const key of Object.keys(expected)) same(got[key], expected[key], `${where}.${key}`);
  } else if (Number.isFinite(expected)) {
    const near = Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
    assert.ok(near, `${where}: ${got}, not ${expected}`);
  } else {
    assert.ok(Object.is(got, expected), `${where}: ${got}, not ${expected}`);
  }
}

for (const [name, cases] of Object.entries(FIXTURES)) {
  test(`${name}, ${cases.length} cases`, () => {
    assert.ok(cases.length >= 200);
    for (const { args, result } of revived(cases)) {
      same(pooling[name](...args), result, `${name}(${JSON.stringify(args)})`);
    }
  });
}

test("every function of the script has cases", () => {
  const untested = Object.keys(pooling).filter((name) => !(name in FIXTURES));
  assert.deepEqual(untested, []);
});
