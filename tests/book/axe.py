"""Check an open page with axe-core, the most used accessibility checker.

axe.min.js is the unchanged axe-core 4.14.1 (MPL 2.0; the licence is in the same folder). Only tests use it:
the book contains no part of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js"
# Run all rules of axe, including its best practices, but ignore results that axe marks as incomplete.
RUN = """async () => {
  const line = text => text.replace(/\\s+/g, ' ');
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}): ${line(node.html).slice(0, 160)} | ${line(node.failureSummary)}`));
}"""
# Open all folds. While a fold fades in, its colours are pale, so skip to the end of every finite animation.
UNFOLD = """async () => {
  document.querySelectorAll('details').forEach(fold => { fold.open = true; });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const motion of document.getAnimations())
    if (motion.effect.getTiming().iterations !== Infinity) motion.finish();
}"""


def violations(tab: Page) -> list[str]:
    """Open all folds of a page, and describe each violation that axe-core finds there.

    Args:
        tab: the open page; it is checked in its present state, for example after predictions in explorers.
    """
    tab.evaluate(UNFOLD)
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = tab.evaluate(RUN)
    return found
