"""What axe-core, the most used checker of accessibility, finds wrong with an open page.

The file is axe-core 4.14.1 as its authors publish it (MPL 2.0, licence beside it). Nothing of it is in the
book.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js"
# Everything that axe can test, its best practices included; what it cannot decide by itself is not counted.
RUN = """async () => {
  const line = text => text.replace(/\\s+/g, ' ');
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}): ${line(node.html).slice(0, 160)} | ${line(node.failureSummary)}`));
}"""
# What unfolds fades in; half way its colours are pale. So every motion that has an end is brought to it.
UNFOLD = """async () => {
  document.querySelectorAll('details').forEach(fold => { fold.open = true; });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const motion of document.getAnimations())
    if (motion.effect.getTiming().iterations !== Infinity) motion.finish();
}"""


def violations(tab: Page) -> list[str]:
    """Each violation on an open page, in words; what is folded away is looked at, too.

    Args:
        tab: a page as it stands; explorers may have been used.
    """
    tab.evaluate(UNFOLD)
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = tab.evaluate(RUN)
    return found
