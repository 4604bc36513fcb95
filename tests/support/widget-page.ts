/** A reader in front of `<reader-reactions>`, for tests. */
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

/** An article with the tag in it. */
export function article(service: string, tags: string, head = "", lang = "en"): string {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>An article</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${head}
<script type="module" src="${service}/widget.js"></script></head>
<body><main><h1>An article</h1><p>With some text.</p>${tags}<p id="after">And more text below.</p></main></body></html>`;
}

/** Counts what a page opens and does not close; read back with `leftOpen`. Runs before any script of the page. */
function instrument(): void {
  const open = { timers: new Set<unknown>(), sockets: new Set<unknown>(), listeners: 0 };
  Object.assign(globalThis, { open_: open });
  const { setTimeout: set, clearTimeout: clear, WebSocket: Socket } = globalThis;
  Object.assign(globalThis, {
    setTimeout: (run: () => void, pause_ms?: number) => {
      const timer: unknown = set(() => {
        open.timers.delete(timer);
        run();
      }, pause_ms);
      open.timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: number) => {
      open.timers.delete(timer);
      clear(timer);
    },
    WebSocket: class extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        open.sockets.add(this);
        this.onclose = null;
        EventTarget.prototype.addEventListener.call(this, "close", () => open.sockets.delete(this));
      }
    },
  });
  for (const target of [window, document] as const) {
    const { addEventListener: add, removeEventListener: remove } = target;
    target.addEventListener = (...args: Parameters<typeof add>) => {
      open.listeners++;
      const options = args[2];
      if (typeof options === "object") options.signal?.addEventListener("abort", () => open.listeners--);
      add.apply(target, args);
    };
    target.removeEventListener = (...args: Parameters<typeof remove>) => {
      open.listeners--;
      remove.apply(target, args);
    };
  }
}

export interface LeftOpen {
  readonly timers: number;
  readonly sockets: number;
  readonly listeners: number;
}

/** What the page has open now. */
export function leftOpen(page: Page): Promise<LeftOpen> {
  return page.evaluate(() => {
    const { timers, sockets, listeners } = (
      globalThis as unknown as {
        open_: { timers: Set<unknown>; sockets: Set<WebSocket>; listeners: number };
      }
    ).open_;
    const live = [...sockets].filter(({ readyState }) => readyState < WebSocket.CLOSING);
    return { timers: timers.size, sockets: live.length, listeners };
  });
}

/** A reader with a storage of their own. */
export async function reader(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.addInitScript(instrument);
  return page;
}

/** The button of a reaction in the first bar. */
export function button(page: Page, reaction: string): Locator {
  return page.locator(`reader-reactions >> nth=0`).locator(`[data-reaction="${reaction}"]`);
}

/** Waits until the first bar shows this. */
export async function shows(page: Page, reaction: string, count: string, pressed?: boolean): Promise<void> {
  const state = pressed === undefined ? "" : `[aria-pressed="${pressed}"]`;
  await page
    .locator(`reader-reactions >> nth=0`)
    .locator(`[data-reaction="${reaction}"]${state} .count`, { hasText: new RegExp(`^${count}$`) })
    .waitFor();
}

/** The sentence under the first bar. */
export function note(page: Page): Locator {
  return page.locator(`reader-reactions >> nth=0`).locator(".note");
}

/** Waits until the bar listens for live counts. */
export async function live(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { open_ } = globalThis as unknown as { open_: { sockets: Set<WebSocket> } };
    return [...open_.sockets].some(({ readyState }) => readyState === WebSocket.OPEN);
  });
}
