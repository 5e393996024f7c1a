// Runs scripts of the explorers one after the other, as a page does, but without a page.

import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

/** Runs the scripts and gives `Poolkit`, the object in which they put what they define. */
export function run(paths) {
  for (const path of paths) runInThisContext(readFileSync(path, "utf-8"), { filename: path });
  return globalThis.Poolkit;
}

/** A proxy of an object that throws an error when a missing name is read. */
const strict = (target, whose) =>
  new Proxy(target, {
    get(_, name) {
      if (!(name in target)) throw new Error(`${whose} offers no ${String(name)} yet`);
      return target[name];
    },
    set(_, name, part) {
      target[name] = strict(part, name);
      return true;
    },
  });

/** The tags that the scripts define; an error if a script uses what no earlier script has defined. */
export function tagsOf([first, ...others]) {
  const tags = [];
  globalThis.HTMLElement = class {};
  globalThis.customElements = { define: (tag) => tags.push(tag) };
  globalThis.document = { currentScript: { src: "https://example.org/_static/explorers/explorer.js" } };
  globalThis.Poolkit = strict(run([first]), "Poolkit");
  run(others);
  return tags;
}
