/** `<reader-reactions>`: the class. Whoever imports `widget.ts` has it registered, too. */
import { type ServiceError, toServiceError } from "../../shared/client/service-error.ts";
import { DEFAULT_REACTIONS, ofDefault } from "../../shared/contract/reactions.ts";
import { BarView } from "./bar-view.ts";
import type { Outcome } from "./cast-vote.ts";
import type { Companion } from "./companion.ts";
import type { PageBar, ReaderPage } from "./reader-page.ts";
import { ATTRIBUTES, readSettings, type Settings } from "./settings.ts";
import { linkTo, type SiteLink } from "./site-link.ts";
import { styles } from "./styles.ts";
import { ENGLISH, loadWords, matchLocale, type Words } from "./words.ts";

/** Detail of `reaction-change`: the service has a vote of this reader. */
export interface ReactionChange {
  readonly site: string;
  readonly page: string;
  /** Null: withdrawn. */
  readonly reaction: string | null;
  readonly before: string | null;
}

/** Detail of `reaction-error`: a vote was not taken, or, without `reaction`, the counts cannot be had. */
export interface ReactionError extends Partial<ReactionChange> {
  /** Its `code` is one of `/problems`, or `unreachable`; what is `retryable` the bar tries again by itself. */
  readonly error: ServiceError;
}

// On a server, where frameworks import this to render, there is no such class.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export class ReaderReactions extends Base implements PageBar {
  static readonly observedAttributes = ATTRIBUTES;

  #view: BarView | undefined;
  #settings: Settings | undefined;
  #built = "";
  #words: Words | undefined;
  #link: SiteLink | undefined;
  #page: ReaderPage | undefined;
  #fault: ServiceError | undefined;
  #companion: Companion | undefined;

  connectedCallback(): void {
    this.#view ??= this.#open();
    this.#read();
    // Safari has no idle callbacks.
    (globalThis.requestIdleCallback ?? setTimeout)(() => this.#complete().catch(() => {}));
  }

  disconnectedCallback(): void {
    this.#companion?.close();
    this.#companion = undefined;
    this.#leave();
    this.#settings = undefined;
  }

  attributeChangedCallback(): void {
    if (!this.isConnected || !this.#view) return;
    this.#read();
    this.#companion?.signIn(this.getAttribute("account"));
  }

  /** Draws what is known now. */
  update(): void {
    const choice = this.#page?.choice;
    const words = this.#words ?? { ...ENGLISH, tag: matchLocale(this.#settings?.lang ?? "") };
    const own = this.#companion;
    this.#build();
    this.#view?.update({
      words,
      label: (reaction) =>
        this.getAttribute(`label-${reaction}`) ??
        own?.label(reaction, words) ??
        // Until the words of a language arrive there are none: English would flash.
        (this.#words ? (ofDefault(words.locale.labels, reaction) ?? reaction) : ""),
      pressed: choice?.wanted ?? null,
      shown: (reaction) => choice?.shown(reaction),
      pressable: this.#pressable,
    });
    if (this.#words) own?.update(this.#words, this.#page, this.#fault);
  }

  /** Tells the publisher's scripts what became of a vote, or why there are no counts. */
  tell(outcome: Partial<Outcome>): void {
    const { site, page } = this.#settings ?? {};
    const detail = { site, page, ...outcome };
    const name = `reaction-${outcome.error ? "error" : "change"}`;
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  #open(): BarView {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles()];
    return new BarView(root, (reaction) => this.#press(reaction));
  }

  /** Loads what the first picture does not need. */
  async #complete(): Promise<void> {
    const { Companion } = await import("./later.ts");
    if (!this.isConnected || this.#companion || !this.#view) return;
    this.#companion = new Companion(this, this.#view, () => this.#read());
    if (this.#link && this.#page) this.#companion.follow(this.#link, this.#page);
    this.update();
  }

  /** Reads the attributes, and begins anew where they name another page. */
  #read(): void {
    const before = this.#settings;
    const next = readSettings(this);
    this.#settings = next;
    if (before?.endpoint !== next.endpoint || before.site !== next.site || before.page !== next.page) {
      this.#leave();
      this.#join(next);
    }
    if (before?.lang !== next.lang) void this.#speak(next.lang);
    this.update();
  }

  #join({ endpoint, site, page }: Settings): void {
    try {
      this.#link = linkTo(endpoint, site);
      this.#page = this.#link.join(page, this);
      this.#page.choice.signature = this.getAttribute("signature") ?? undefined;
      this.#companion?.follow(this.#link, this.#page);
    } catch (thrown) {
      this.#fault = toServiceError(thrown);
      this.tell({ error: this.#fault });
    }
  }

  #leave(): void {
    this.#companion?.unfollow();
    if (this.#page) this.#link?.leave(this.#page, this);
    this.#page = this.#link = this.#fault = undefined;
  }

  async #speak(lang: string): Promise<void> {
    const words = await loadWords(lang);
    if (this.#settings?.lang !== lang) return;
    this.#words = words;
    this.update();
  }

  /** Makes the buttons when there are others than before: asked for, or those that the site turns out to have. */
  #build(): void {
    const { reactions, compact = false } = this.#settings ?? {};
    const counts = this.#page?.choice.counts?.counts;
    const names = reactions ?? (counts ? Object.keys(counts) : DEFAULT_REACTIONS);
    const built = `${names} ${compact}`;
    if (built === this.#built) return;
    this.#built = built;
    this.#view?.build(names, compact);
  }

  get #pressable(): boolean {
    const page = this.#page;
    if (!page || this.#settings?.readonly || page.fault?.retryable === false) return false;
    return page.choice.state === "open";
  }

  #press(reaction: string): void {
    if (!this.#pressable) return;
    this.#page?.press(reaction);
    if (this.#page?.choice.wanted === reaction) this.#companion?.celebrate(reaction);
  }
}
