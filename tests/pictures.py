"""`make pictures`: what the README and the docs show of the pages in `exports/`, as they look in a browser."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.conftest import FLAGS, find_chromium

ROOT = Path(__file__).parents[1]
#: By picture, its page.
SHOWN = {
    "overlap": "overlap",
    "gap": "gap-to-ai-engineer",
    "roadmap": "roadmap-ai-engineer",
    "disagree": "disagree",
    "atlas": "atlas",
    "ontology": "ontology",
}


def main() -> None:
    """Take each picture at the size of a laptop's screen, in 128 colours."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for name, shown in SHOWN.items():
            page.goto((ROOT / "exports" / f"{shown}.html").as_uri())
            page.wait_for_timeout(1500)
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            path = ROOT / "docs" / "images" / f"{name}.png"
            taken.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
