"""Whether a browser shows what the tracker keeps of pages: hidden text must not be among it.

    python benchmarks/shown.py CHROMIUM [FOLDER] [--fundus FOLDER]

The pages are those that try to hide words in `tests/parts/hiding.py`, and the real ones of
`articles.py`, as they come: without network and without scripts. A text counts as shown when it has
a box on the page, is not clipped to nothing, transparent, tiny, or off the screen. Prints each
paragraph that is kept and not shown; pages of which next to nothing is shown, since a script
would do that, are counted by themselves. Ends with 1 when a page of ours keeps what it hides.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

from articles import benchmark, fundus, ours
from playwright.sync_api import Page, sync_playwright

from tests.parts.hiding import HIDDEN, HIDDEN_BY_SHEET, SHOWN_BESIDE_SHEET, STYLES

WORD = re.compile(r"\w+")
LEAST = 0.5
"""Share of what is kept that must be shown, else the page waits for its scripts."""

WORDS = "SECRET words that the page holds, and that some of its readers may never get to see."
WHOLE = (
    "<!doctype html><html lang='en'><head><title>Vote</title>{head}</head><body class='wide'>"
    "<article id='k1'><h1>Vote on cameras</h1>{html}"
    + "<p>"
    + "The council voted today. " * 12
    + "</p></article></body></html>"
)
SEEN = """() => {
  document.querySelectorAll('details').forEach(details => details.open = true);
  const clear = colour => /^(?:transparent|rgba\\(.*, 0\\))$/.test(colour);
  const outside = box => box.right <= 0 || box.bottom + scrollY <= 0;
  const cut = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const small = box.width <= 1 || box.height <= 1;
    return +style.opacity < .1 || /inset\\((?:50|100)%|circle\\(0/.test(style.clipPath)
      || (/hidden|clip/.test(style.overflowX + style.overflowY) && small)
      || (style.clip !== 'auto' && /absolute|fixed/.test(style.position)
          && /rect\\((?:0|1)px/.test(style.clip));
  };
  const hidden = new Map();
  const gone = element => {
    if (!element || element === document.documentElement) return false;
    if (!hidden.has(element)) hidden.set(element, cut(element) || gone(element.parentElement));
    return hidden.get(element);
  };
  const shown = text => {
    const element = text.parentElement, style = getComputedStyle(element);
    if (!element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
        || parseFloat(style.fontSize) < 2 || clear(style.color) || gone(element)) return false;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter(box => box.width > 0 && box.height > 0);
    return boxes.some(box => !outside(box));
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = '';
  while (walk.nextNode()) if (shown(walk.currentNode)) seen += walk.currentNode.data + ' ';
  return seen;
}"""


def main() -> None:
    """Look at every page."""
    asked = _arguments()
    real = list(benchmark(asked.folder)) if asked.folder else []
    real += list(fundus(asked.fundus)) if asked.fundus else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        context = chromium.new_context(
            java_script_enabled=False, offline=True, viewport={"width": 1280, "height": 900}
        )
        page = context.new_page()
        page.route("**/*", lambda route: route.abort())
        wrong = sum(_judge_own(page))
        _judge_real(page, ((one.name, one.url, one.html) for one in real))
        chromium.close()
    sys.exit(bool(wrong))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chromium")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--fundus", type=Path)
    return parser.parse_args()


def _judge_own(page: Page) -> Iterator[bool]:
    """Tell of each page of ours whether words are kept that Chromium does not show."""
    hidden = [(STYLES, html) for html in HIDDEN]
    hidden += [(f"<style>{css}</style>", html) for css, html in HIDDEN_BY_SHEET]
    shown = [(f"<style>{css}</style>", "<p class='n'>{}</p>") for css in SHOWN_BESIDE_SHEET]
    for head, html in (*hidden, *shown):
        whole = WHOLE.format(head=head, html=html.replace("{}", WORDS))
        by_browser = "secret" in _seen(page, whole)
        by_us = "secret" in _letters(ours("https://quay.example/vote", whole.encode()))
        if by_us != by_browser:
            print(f"  {'kept though not' if by_us else 'lost though'} shown: {head} {html[:200]}")
        yield by_us and not by_browser
    print(f"own pages: {len(hidden)} that hide words, {len(shown)} that do not")


def _judge_real(page: Page, samples: Iterable[tuple[str, str, bytes]]) -> None:
    kept = hidden = waiting = pages = 0
    for name, url, html in samples:
        pages += 1
        shown = _seen(page, html.decode("utf-8", "replace"))
        paragraphs = [one for one in ours(url, html).split("\n\n") if _letters(one)]
        missing = [one for one in paragraphs if _letters(one) not in shown]
        if len(missing) > len(paragraphs) * LEAST:
            waiting += 1
            continue
        kept += len(paragraphs)
        hidden += len(missing)
        for one in missing:
            print(f"  not shown, {name}: {one[:160]}")
    print(f"{pages} real pages, {waiting} wait for scripts; {hidden} of {kept} are not shown")


def _seen(page: Page, html: str) -> str:
    page.set_content(html, wait_until="domcontentloaded")
    text: str = page.evaluate(SEEN)
    return _letters(text)


def _letters(text: str) -> str:
    """Words without what stands between them; some pages write ö as o and a mark."""
    return "".join(WORD.findall(normalize("NFC", text).lower()))


if __name__ == "__main__":
    main()
