"""How soon the widget falls silent when somebody speaks into its answer: `.venv/bin/python benchmarks/barge_in.py`.

A real Chromium with the widget on a page, hands-free; its fake microphone plays a recording with a question, from the
beginning whenever it is opened, so that the question is asked again into the answer. Two taps on the audio thread note
the time of each block of 128 samples: one at the microphone, whose first loud block is the start of speech, and one at
what is played, whose last block before a break is the last that is heard. To that is added what the browser says it
takes until a block is heard (`baseLatency` and `outputLatency`). What the microphone's driver takes is not seen.
"""

import argparse
import asyncio
import http.server
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from citizens import said_aloud, samples_of
from playwright.async_api import Browser, async_playwright
from running import free_ports, percentile, running_kratt, table

from assistant.core.audio import Pcm

CHROMIUM = "/usr/bin/chromium"
QUESTION = "when does my passport expire"
VOICES = ("flite slt", "flite rms", "espeak-ng en-us")
ROUNDS, QUICK_ROUNDS = 10, 2
PAUSE_SECONDS = 1.0
LOUD = 0.02
"""Of full scale: where speech begins."""
BREAK_MILLISECONDS = 100

TAPS = """
const TAP = URL.createObjectURL(new Blob([`
  registerProcessor("tap", class extends AudioWorkletProcessor {
    process([[samples]]) {
      if (samples) this.port.postMessage([Date.now(), Math.max(...samples.map(Math.abs))]);
      return true;
    }
  });
`], { type: "text/javascript" }));
window.heard = [];   // at each opening of the microphone: [time, peak] of each block
window.played = [];  // [time, peak] of each block, and what it takes until it is heard
async function tap(node, note) {
  await node.context.audioWorklet.addModule(TAP);
  const made = new AudioWorkletNode(node.context, "tap", { numberOfOutputs: 0 });
  made.port.onmessage = ({ data }) => note(data);
  node.connect(made);
}
const { createMediaStreamSource } = AudioContext.prototype;
AudioContext.prototype.createMediaStreamSource = function (stream) {
  const source = createMediaStreamSource.call(this, stream);
  const blocks = [];
  heard.push(blocks);
  tap(source, (block) => blocks.push(block));
  return source;
};
const { connect } = AudioNode.prototype;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) {
    tap(this, (block) => played.push([...block, 1000 * (this.context.baseLatency + this.context.outputLatency)]));
  }
  return connect.call(this, to, ...rest);
};
"""


@contextmanager
def microphone(voice: str) -> Iterator[Path]:
    """The recording of a citizen who asks one question."""
    sound = samples_of(said_aloud(QUESTION, voice))
    pause = bytes(2 * int(PAUSE_SECONDS * sound.rate_hertz))
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(Pcm(pause + sound.samples + pause * 6, sound.rate_hertz).to_wav())
        file.flush()
        yield Path(file.name)


@contextmanager
def site(port: int, script: str) -> Iterator[None]:
    """A page that carries the widget."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text(f'<!doctype html><script src="{script}" data-language="en"></script>')
        handler = partial(_Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()
        server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


async def interrupt(browser: Browser, url: str) -> tuple[float, float]:
    """Milliseconds from the start of speech to the last block played, and until that is heard."""
    page = await browser.new_page(permissions=["microphone"])
    await page.add_init_script(TAPS)
    await page.goto(url)
    await page.click("#launcher")
    await page.click("#menu-open")
    await page.check("#hands-free")
    await page.locator(".message.you").nth(1).wait_for(timeout=30_000)
    answered, played = await page.evaluate("[heard[1], played]")
    await page.close()
    began = next(time for time, peak in answered if peak >= LOUD)
    times: list[Any] = sorted(block for block in played if block[0] >= began)
    last = next(
        block
        for block, after in zip(times, [*times[1:], [float("inf")]], strict=True)
        if after[0] - block[0] > BREAK_MILLISECONDS
    )
    return last[0] - began, last[0] - began + last[2]


async def measure(url: str, rounds: int) -> list[tuple[object, ...]]:
    """A row for each voice."""
    rows: list[tuple[object, ...]] = []
    async with async_playwright() as playwright:
        for voice in VOICES:
            with microphone(voice) as file:
                arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
                arguments.append(f"--use-file-for-fake-audio-capture={file}%noloop")
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
                measured = [await interrupt(browser, url) for _ in range(rounds)]
                await browser.close()
            played, heard = zip(*measured, strict=True)
            rows.append((voice, *(f"{percentile(each, at):.0f}" for each in (played, heard) for at in (50, 95))))
            print(*rows[-1], flush=True)
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds of each voice")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    port = free_ports(1)[0]
    url = f"http://127.0.0.1:{port}"
    with running_kratt(widget_origins=url) as kratt, site(port, f"{kratt.url}/widget.js"):
        rows = asyncio.run(measure(url, rounds))
    header = ("milliseconds", "last block p50", "p95", "heard p50", "p95")
    print(table(header, rows))


if __name__ == "__main__":
    main()
