"""A real browser on a leash: it shows HTML as a feed reader would, or a page of ours, and tells all that it then does.

Chromium, headless, spoken to through its debugging pipe: nothing but the
browser itself is needed, and nothing leaves it. Every request is answered
here: the page and pictures with bytes of our own, all else with a refusal,
which is written down.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal, NamedTuple

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ABSENT = "no Chromium on this machine: `apt-get install chromium` gets it"
READER = "https://reader.example/"  # where the page stands that shows the items
PATIENCE = 60.0  # seconds: for an answer of the browser's
GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
# No harm is done by pictures; all else that a page may load or run would break this, and the browser says so.
POLICY = "default-src 'none'; img-src http: https:; form-action 'none'; base-uri 'none'"
PHONE = 600  # CSS pixels: what is narrower is shown as a phone does, which heeds `<meta name=viewport>`
HEIGHT = 800  # CSS pixels, of the window
FLAGS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-dev-shm-usage", "--disable-default-apps", "--mute-audio", "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
)  # fmt: skip
# Chromium reads its orders from file 3 and writes its answers to file 4, whatever numbers they have here.
AT_3_AND_4 = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for place, end in enumerate(ends, 3):
    os.dup2(end, place)
    os.close(end)
os.execv(sys.argv[3], sys.argv[3:])
"""

# In every frame, before anything else: what hostile code calls, and what the browser itself complains of.
WATCH = """
(() => {
  const tell = window.__tell;
  window.pwned = (...words) => tell('script ran: ' + words.join(' '));
  window.alert = window.confirm = window.prompt = window.print = window.open = () => tell('script ran: a dialog');
  document.addEventListener('securitypolicyviolation', e =>
    tell(`policy broken: ${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
})();
"""

# What a reader's own script may do with an item's HTML, and what a person may do with it then.
HARNESS = """
const ACTIVE = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'filesystem:']);
addEventListener('click', e => {  // what leads to a page may be clicked: it is not followed
  const link = e.target.closest && e.target.closest('a, area');
  if (link && !ACTIVE.has(String(link.protocol))) e.preventDefault();
}, true);

function inserted(html) {  // in the ways in which scripts put a string into a page
  const place = document.body.appendChild(document.createElement('main'));
  const box = () => place.appendChild(document.createElement('div'));
  const first = box(), second = box(), third = box(), fourth = box();
  first.innerHTML = html;
  second.innerHTML = first.innerHTML;
  third.append(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
  const template = document.createElement('template');
  template.innerHTML = html;
  fourth.append(template.content.cloneNode(true));
  return place;
}

function poked(root) {  // everything clicked, hovered, focused, and every handler that there is called
  for (const element of [...root.querySelectorAll('*')]) {
    if (element.matches('a, area, button, input, summary, [onclick]')) {
      element.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, view: window}));
    }
    for (const {name} of [...element.attributes]) {
      if (name.startsWith('on')) element.dispatchEvent(new Event(name.slice(2), {bubbles: true, cancelable: true}));
    }
  }
}

function strange(root, allowed) {  // what of the tree, as this browser has it, is not on the list
  const found = new Set();
  for (const element of root.querySelectorAll('*')) {
    const name = element.localName, attributes = allowed.elements[name];
    if (!attributes || element.namespaceURI !== 'http://www.w3.org/1999/xhtml') { found.add(`<${name}>`); continue; }
    for (const {name: key, value} of element.attributes) {
      if (!attributes.includes(key)) found.add(`<${name} ${key}>`);
      if (key in allowed.schemes && !allowed.schemes[key].includes(element[key].split(':')[0])) {
        found.add(`<${name} ${key}="${value}">`);
      }
    }
  }
  return [...found];
}
"""


def program() -> str | None:
    """The browser's program; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


Media = Literal["screen", "print"]


class Picture(NamedTuple):
    """What every picture that a page asks for is answered with."""

    data: bytes
    media_type: str


DOT = Picture(GIF, "image/gif")
PHOTO = Picture(  # as large as a council's: what does not hold it in is seen
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="100%" height="100%" fill="#789"/>'
    b'<path d="M0 0L1600 1200M1600 0L0 1200" stroke="#cde" stroke-width="9"/></svg>',
    "image/svg+xml",
)


class ScriptError(Exception):
    """A script of ours failed in the page: HTML that takes the place of the DOM's own names can do that."""


class Browser:
    """One page in a browser of its own. ``fired`` is what happened in it that must not."""

    def __init__(self, program: str) -> None:
        self.fired: list[str] = []
        self.pictures: list[str] = []  # addresses that were asked for as images
        self._document = b""
        self._beside: dict[str, bytes] = {}
        self._policy: str | None = POLICY
        self._picture = DOT
        self._heard: set[str] = set()  # the events since the page was opened
        self._unread = b""
        self._last = 0
        self._session: str | None = None
        self._profile = tempfile.TemporaryDirectory(prefix="feedpub-chromium-", ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        flags = [*FLAGS, f"--user-data-dir={self._profile.name}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        self._process = subprocess.Popen(
            [sys.executable, "-c", AT_3_AND_4, str(theirs_in), str(theirs_out), program, *flags, "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self._profile.name},
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        self.version = str(self._ask("Browser.getVersion")["product"])
        self._ask("Target.setDiscoverTargets", discover=True)
        made = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = str(self._ask("Target.attachToTarget", targetId=made, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime"):
            self._ask(f"{domain}.enable")
        self._frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._ask("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._ask("Runtime.addBinding", name="__tell")
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.look()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._out)  # upon which it goes
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        self._profile.cleanup()

    # ------------------------------------------------------------ what a test asks for

    def show(
        self,
        document: str,
        *,
        policy: str | None = POLICY,
        picture: Picture = DOT,
        scripts: bool = True,
        beside: Mapping[str, bytes] | None = None,
    ) -> None:
        """Opens the document, as a page of its own, until all that it loads is there.

        What breaks the policy is told, and let be; None leaves the document to its own. Without scripts it is what
        a browser makes of it that runs none: what stands in a noscript is shown.
        ``beside`` are files that its scripts may ask for, by their way from it; and JPEGs that it shows.
        """
        self.fired, self.pictures, self._document = [], [], document.encode()
        self._policy, self._picture, self._beside = policy, picture, dict(beside or {})
        self._heard.clear()
        self._ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self._ask("Page.navigate", url=READER)
        self._until("Page.loadEventFired")
        self._ask("Emulation.setScriptExecutionDisabled", value=False)  # else timers of ours would not run either
        self.run(HARNESS)

    def look(self, *, width: int = 1280, dark: bool = False, media: Media = "screen", is_forced: bool = False) -> None:
        """Makes it somebody else's window, until told again: so many CSS pixels wide, light or dark, or paper.

        ``is_forced``: in the few colours of this person's own, and no others (Windows' contrast themes).
        """
        self.width = width
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=HEIGHT, deviceScaleFactor=1, mobile=width < PHONE,
        )  # fmt: skip
        self._ask("Emulation.setScrollbarsHidden", hidden=True)  # they take no room on a phone either
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        forced = {"name": "forced-colors", "value": "active" if is_forced else "none"}
        self._ask("Emulation.setEmulatedMedia", media=media, features=[scheme, forced])

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """A PNG of the page; of what the window shows of it, unless whole."""
        page = {**self._ask("Page.getLayoutMetrics")["cssContentSize"], "scale": 1}
        beyond = {"captureBeyondViewport": True, "clip": page} if whole else {}
        path.write_bytes(b64decode(self._ask("Page.captureScreenshot", format="png", **beyond)["data"]))

    def insert(self, html: Sequence[str]) -> None:
        """Puts each piece of HTML into a fresh page, in all ways in which a script may."""
        self.show("<!DOCTYPE html><meta charset=utf-8><title>Reader</title>")
        for some in _portions(html):
            self.run(f"for (const html of {json.dumps(some)}) inserted(html)")

    def poke(self, seconds: float = 0.3) -> None:
        """Does to all that is shown what a person may do, and gives it so much time to answer."""
        try:
            self.run("poked(document.body)")
        except ScriptError:
            self.fired.append("the reader's own script failed")
        self.settle(seconds)

    def strange(self, elements: Mapping[str, Set[str]], schemes: Mapping[str, Set[str]], within: str) -> list[str]:
        """What is in some elements, as the browser has understood it, beyond these elements with these attributes,
        and these schemes of the attributes that hold addresses."""
        allowed = {"elements": _lists(elements), "schemes": _lists(schemes)}
        found = self.run(f"[...document.querySelectorAll('{within}')].flatMap(e => strange(e, {json.dumps(allowed)}))")
        return sorted(set(map(str, found)))

    def settle(self, seconds: float) -> None:
        """Waits until all pictures have come or failed, and then for timers, animations and late requests."""
        self.run("for (const i of document.querySelectorAll('img[loading=lazy]')) i.loading = 'eager'")  # far down too
        self.run(
            "Promise.all([...document.images].filter(i => !i.complete)"
            ".map(i => new Promise(done => i.onload = i.onerror = done))).then(() => 0)"
        )
        deadline = time.monotonic() + seconds
        while self._next(deadline):
            pass

    def run(self, script: str) -> Any:
        """The value of a script of ours in the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise ScriptError(answer["exceptionDetails"].get("exception", {}).get("description", "").split("\n")[0])
        return answer["result"].get("value")

    # ------------------------------------------------------------ what the browser tells

    def _note(self, event: dict[str, Any]) -> None:
        params = event["params"]
        match event["method"]:
            case "Fetch.requestPaused":
                self._answer(params)
            case "Runtime.bindingCalled":
                self.fired.append(str(params["payload"]))
            case "Runtime.exceptionThrown":
                self.fired.append(f"script failed: {params['exceptionDetails'].get('text')}")
            case "Page.javascriptDialogOpening":
                self.fired.append(f"dialog: {params['message']}")
                self._send("Page.handleJavaScriptDialog", accept=False)
            case "Page.frameAttached":
                self.fired.append("a frame")
            case "Page.frameNavigated" if params["frame"]["url"] != READER:
                self.fired.append(f"navigated: {params['frame']['url'][:80]}")
            case "Page.navigatedWithinDocument" | "Page.downloadWillBegin":
                self.fired.append(f"navigated: {params['url'][:80]}")
            case "Target.targetCreated" if params["targetInfo"]["type"] != "browser":
                self.fired.append(f"opened: {params['targetInfo']['url'][:80]}")
            case "Inspector.targetCrashed":
                raise AssertionError("the page crashed")

    def _answer(self, params: dict[str, Any]) -> None:
        url, kind = params["request"]["url"], params["resourceType"]
        is_page = url == READER and kind == "Document" and params["frameId"] == self._frame
        if kind == "Image" and url.startswith(("http://", "https://")):
            self.pictures.append(url)
            data = self._beside.get(url.removeprefix(READER))
            picture = Picture(data, "image/jpeg") if data else self._picture
            self._fulfil(params["requestId"], picture.data, {"Content-Type": picture.media_type})
        elif is_page and self._document:
            policy = {"Content-Security-Policy-Report-Only": self._policy} if self._policy else {}
            self._fulfil(params["requestId"], self._document, {"Content-Type": "text/html; charset=utf-8", **policy})
            self._document = b""  # once: to be led to it again is a navigation too
        elif kind in ("Fetch", "XHR") and url.removeprefix(READER) in self._beside:
            self._fulfil(params["requestId"], self._beside[url.removeprefix(READER)], {"Content-Type": "text/plain"})
        elif url == f"{READER}favicon.ico":
            self._send("Fetch.failRequest", requestId=params["requestId"], errorReason="Aborted")
        else:
            self.fired.append(f"asked for: {kind} {url[:80]}")
            self._send("Fetch.failRequest", requestId=params["requestId"], errorReason="Aborted")

    def _fulfil(self, request: str, body: bytes, headers: dict[str, str]) -> None:
        self._send(
            "Fetch.fulfillRequest", requestId=request, responseCode=200, body=b64encode(body).decode(),
            responseHeaders=[{"name": k, "value": v} for k, v in headers.items()],
        )  # fmt: skip

    # ------------------------------------------------------------ the pipe

    def _send(self, method: str, **params: Any) -> int:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        return self._last

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = self._send(method, **params)
        while message := self._next(time.monotonic() + PATIENCE):
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result
        raise AssertionError(f"{method}: the browser does not answer")

    def _until(self, event: str) -> None:
        while event not in self._heard:
            assert self._next(time.monotonic() + PATIENCE), f"{event} does not come"

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """What the browser says next, written down if it is an event; None where it says nothing until then."""
        while b"\0" not in self._unread:
            wait = max(deadline - time.monotonic(), 0)
            if not select.select([self._in], [], [], wait)[0]:
                return None
            data = os.read(self._in, 1 << 20)
            assert data, "the browser is gone"
            self._unread += data
        raw, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        if "method" in message:
            self._heard.add(message["method"])
            self._note(message)
        return message


def _portions(html: Sequence[str], size: int = 100) -> Iterator[list[str]]:
    for n in range(0, len(html), size):
        yield list(html[n : n + size])


def _lists(named: Mapping[str, Set[str]]) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in named.items()}
