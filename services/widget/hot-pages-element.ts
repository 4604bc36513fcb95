/** `<hot-pages>`: the class. Whoever imports `hot-pages.ts` has it registered, too. */
import { parseHotPages } from "../../shared/contract/hot.ts";
import { HotListView } from "./hot-list-view.ts";
import { hotAddress, hotSettings } from "./hot-settings.ts";
import { hotStyles } from "./hot-styles.ts";
import { hotWords } from "./hot-words.ts";
import { loadWords } from "./words.ts";

/** The list is asked for no more often than this, and only while somebody can see it. */
const REFRESH_MS = 10_000;
const ANSWER_MS_MAX = 8_000;

/** A tap ends before its click: the list stays a moment longer than the finger. */
const HOLD_MS = 300;

// On a server, where frameworks import this to render, there is no such class.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class HotPages extends Base {
  static readonly observedAttributes = ["site", "endpoint", "window", "reaction", "limit", "lang"];

  #view: HotListView | undefined;
  /** Ends with the element's time in the document: listeners, observer, request in flight. */
  #stay = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #release: ReturnType<typeof setTimeout> | undefined;
  #onScreen = false;
  #asking = false;
  #asked_ms = Number.NEGATIVE_INFINITY;
  #address = "";
  #lang = "";

  connectedCallback(): void {
    this.#view ??= this.#open();
    this.#stay = new AbortController();
    const { signal } = this.#stay;
    document.addEventListener("visibilitychange", () => this.#plan(), { signal });
    const hold = (): void => {
      clearTimeout(this.#release);
      this.#view?.hold();
    };
    const release = (): void => {
      clearTimeout(this.#release);
      this.#release = setTimeout(() => this.#inside || this.#view?.release(), HOLD_MS);
    };
    for (const event of ["pointerenter", "focusin"]) this.addEventListener(event, hold, { signal });
    for (const event of ["pointerleave", "focusout"]) this.addEventListener(event, release, { signal });
    const observer = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting === true;
      this.#plan();
    });
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#read();
  }

  disconnectedCallback(): void {
    this.#stay.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#release);
    this.#view?.release();
    this.#onScreen = false;
    this.#asking = false;
  }

  attributeChangedCallback(): void {
    if (this.isConnected && this.#view !== undefined) this.#read();
  }

  get #inside(): boolean {
    // A finger that has gone leaves :hover behind.
    const pointed = matchMedia("(hover:hover)").matches && this.matches(":hover");
    return pointed || this.shadowRoot?.activeElement != null;
  }

  #open(): HotListView {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [hotStyles()];
    return new HotListView(root);
  }

  /** Reads the attributes, and asks at once when they mean another list. */
  #read(): void {
    const settings = hotSettings(this);
    this.#view?.reserve(settings.limit);
    const address = hotAddress(settings);
    if (settings.lang !== this.#lang) {
      this.#lang = settings.lang;
      void this.#speak(settings.lang);
    }
    if (address === this.#address) {
      this.#plan();
      return;
    }
    this.#address = address;
    this.#asked_ms = Number.NEGATIVE_INFINITY;
    this.#view?.clear();
    this.#plan();
  }

  async #speak(lang: string): Promise<void> {
    const words = await loadWords(lang);
    if (lang === this.#lang) this.#view?.speak(words, hotWords(lang));
  }

  /** Asks now, later or not at all: whatever fits the moment. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#onScreen || document.hidden || this.#asking) return;
    const wait_ms = this.#asked_ms + REFRESH_MS - performance.now();
    if (wait_ms <= 0) void this.#refresh();
    else this.#timer = setTimeout(() => void this.#refresh(), wait_ms);
  }

  async #refresh(): Promise<void> {
    const [address, { signal }] = [this.#address, this.#stay];
    this.#asking = true;
    this.#asked_ms = performance.now();
    try {
      const response = await fetch(address, {
        // What the browser still has is checked, not drawn: the list must not be one step behind.
        cache: "no-cache",
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      });
      const pages = parseHotPages(await response.json());
      if (signal.aborted || address !== this.#address) return;
      if (pages !== undefined) this.#view?.update(pages);
      else this.#view?.fail(response.status < 500);
    } catch {
      // What stands there is still the newest that is known; the next try comes in time.
      if (!signal.aborted) this.#view?.fail(false);
    } finally {
      if (!signal.aborted) {
        this.#asking = false;
        this.#plan();
      }
    }
  }
}
