"""What the camera's reader makes of pictures, tried without a page (static/scan-worker.js)."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import segno

from tests.instances import left_out

ROOT = Path(__file__).resolve().parents[2]
NODE = shutil.which("node") or shutil.which("node", path=str(ROOT / "build/node/bin"))

# Passes that the library alone does not find when they lie square before the camera.
MISSED = [
    "PKPEXYNN5RX2FH3KK042D44E0KMHNF",
    "PB8P7KDQ1YY2FHXWG5B79NGNBGZFWF",
    "PXDRQ1TJ5E72FHE2B705M89S6SDYH7",
]
READ = "PXG6KN4GTE52FH2G4W3BPP69Q07GYB"

# A page around the worker: what it is sent, what it answers.
AROUND = """
let answer = null;
const self = {
  importScripts: (path) => { self.ZXing = require(path); },
  postMessage: (told) => { answer = told.text; },
};
"""
ASKED = """
self.onmessage({ data: { library: LIBRARY } });
const answers = PICTURES.map((rows) => {
  const module = Math.floor(400 / rows.length);
  const left = Math.floor((640 - module * rows.length) / 2);
  const top = Math.floor((480 - module * rows.length) / 2);
  const pixels = new Uint8ClampedArray(640 * 480 * 4).fill(200);
  for (let at = 0; at < 640 * 480; at += 1) {
    const row = rows[Math.floor((Math.floor(at / 640) - top) / module)];
    const dot = row && row[Math.floor((at % 640 - left) / module)];
    if (dot) { pixels.fill(dot === "1" ? 20 : 240, at * 4, at * 4 + 3); }
  }
  self.onmessage({ data: { width: 640, height: 480, pixels: pixels.buffer } });
  return answer;
});
console.log(JSON.stringify(answers));
"""


def answers(pictures: list[list[str]], worker: str) -> list[str]:
    if NODE is None:
        left_out("node", "there is no node on this machine")
    library = json.dumps(str(ROOT / "static/vendor/zxing.min.js"))
    named = f"const LIBRARY = {library};\nconst PICTURES = {json.dumps(pictures)};\n"
    done = subprocess.run(
        [str(NODE), "-"],
        input=AROUND + named + worker + ASKED,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told: list[str] = json.loads(done.stdout)
    return told


def drawn(text: str) -> list[str]:
    matrix = segno.make(text, error="m", micro=False).matrix_iter(border=4)
    return ["".join("1" if dark else "0" for dark in row) for row in matrix]


@pytest.fixture(scope="module")
def worker() -> str:
    return (ROOT / "static/scan-worker.js").read_text(encoding="utf-8")


def test_a_code_that_lies_badly_on_the_points_is_found_in_another_size(worker: str) -> None:
    texts = [*MISSED, READ]
    assert answers([drawn(text) for text in texts], worker) == texts


def test_one_look_would_miss_them(worker: str) -> None:
    looks = worker[worker.index("var LOOKS") :].split("\n", maxsplit=1)[0]
    once = worker.replace(looks, "var LOOKS = [[1, false]];")
    assert answers([drawn(text) for text in [*MISSED, READ]], once) == ["", "", "", READ]


def test_a_picture_without_a_code_is_nothing(worker: str) -> None:
    assert answers([["0" * 33] * 33], worker) == [""]
