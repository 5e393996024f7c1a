"""What axe-core, the most used accessibility checker, finds wrong with an open page.

axe.min.js is axe-core 4.14.1 as its authors publish it (MPL 2.0, licence beside it). The book contains
nothing of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js"
# All rules of axe, its best practices included. Results that axe marks as incomplete are not counted.
RUN = """async () => {
  const line = text => text.replace(/\\s+/g, ' ');
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}): ${line(node.html).slice(0, 160)} | ${line(node.failureSummary)}`));
}"""
# A fold fades in when it opens, and its colours are pale meanwhile. So every finite animation is finished.
UNFOLD = """async () => {
  document.querySelectorAll('details').forEach(fold => { fold.open = true; });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const motion of document.getAnimations())
    if (motion.effect.getTiming().iterations !== Infinity) motion.finish();
}"""


def violations(tab: Page) -> list[str]:
    """Each violation on an open page, in words; all folds are opened first.

    Args:
        tab: the open page in its present state; explorers may have been used.
    """
    tab.evaluate(UNFOLD)
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = tab.evaluate(RUN)
    return found
