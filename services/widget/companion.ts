/**
 * What a bar has beyond its first picture and its votes: live counts, news for readers who listen, and an eye on the page
 * around it. Loaded when the browser has time. Movement, and looks that the publisher made, are loaded from here when there
 * are any.
 */
import type { ServiceError } from "../../shared/client/service-error.ts";
import type { PageState } from "../../shared/contract/counts.ts";
import { ofDefault } from "../../shared/contract/reactions.ts";
import { Announcements } from "./announce.ts";
import type { BarButton, BarView } from "./bar-view.ts";
import type { Choice } from "./choice.ts";
import { addLaterStyles } from "./later-styles.ts";
import sentences from "./locales/en-sentences.ts";
import type { Sentences } from "./locales/locale.ts";
import type { OwnLook } from "./own-look.ts";
import { PatientKeeper } from "./patient-keeper.ts";
import { phrase } from "./phrase.ts";
import type { ReaderPage } from "./reader-page.ts";
import type { SiteLink } from "./site-link.ts";
import { whenPageChanges } from "./when-page-changes.ts";
import { whenSeen } from "./when-seen.ts";
import type { Words } from "./words.ts";

type Motion = typeof import("./move.ts");

export class Companion {
  readonly #host: HTMLElement;
  readonly #view: BarView;
  readonly #listeners = new AbortController();
  readonly #announcer: HTMLElement;
  readonly #news: Announcements;
  readonly #moved = new WeakMap<HTMLElement, number>();
  readonly #read: () => void;
  #link: SiteLink | undefined;
  #said = "";
  #account: string | null = null;
  #look: OwnLook | undefined;
  #lookAsked = false;
  #motion: Motion | undefined;
  #stopWaiting = (): void => {};

  /** @param read has the bar read its attributes and the page anew */
  constructor(host: HTMLElement, view: BarView, read: () => void) {
    this.#host = host;
    this.#read = read;
    this.#view = view;
    addLaterStyles(host.shadowRoot);
    const announcer = makeSpoken("p");
    announcer.setAttribute("role", "status");
    view.box.append(announcer);
    this.#announcer = announcer;
    this.#news = new Announcements((sentence) => setText(announcer, sentence));
    // The token is on its way before the press is over. Not sooner: whoever tabs past has asked for nothing, and gets nothing
    // stored. For a key's press the vote itself asks.
    const prepare = (): void => {
      this.#link?.client.voter().catch(() => {});
      this.#loadMotion().catch(() => {});
    };
    const { signal } = this.#listeners;
    host.addEventListener("pointerdown", prepare, { signal });
    whenPageChanges(read, signal);
  }

  /** The publisher's own label of a reaction: the page's, or the site's where the bar's language has no word. */
  label(reaction: string, words: Words): string | undefined {
    return this.#look?.label(reaction, words);
  }

  /** The bar has joined a page: live counts begin once it is on the screen. */
  follow(link: SiteLink, page: ReaderPage): void {
    this.unfollow();
    this.#link = link;
    this.#account = this.#host.getAttribute("account");
    link.keeper ??= new PatientKeeper(link, this.#account);
    // Of several bars one that says nothing does not sign out the others.
    if (this.#account !== null) link.keeper.signIn(this.#account);
    this.#stopWaiting = whenSeen(this.#host, () => link.keeper?.watch(page));
  }

  /** The bar's attributes were read anew: the reader may have signed in or out. */
  signIn(account: string | null): void {
    if (account !== this.#account) this.#link?.keeper?.signIn(account);
    this.#account = account;
  }

  /** The bar has left its page. */
  unfollow(): void {
    this.#stopWaiting();
    this.#link = undefined;
  }

  /** The reader has just chosen this reaction. */
  celebrate(reaction: string): void {
    const icon = this.#view.buttons.find((button) => button.reaction === reaction)?.icon.parentElement;
    if (icon)
      this.#loadMotion().then(
        ({ burst }) => burst(icon),
        () => {},
      );
  }

  /** Draws what the first picture leaves out: the sentence, numbers as people say them, and what moves. */
  update(spoken: Words, page: ReaderPage | undefined, atOnce: ServiceError | undefined): void {
    const { locale, tag } = spoken;
    const choice = page?.choice;
    const state = choice?.state ?? "open";
    const words = { ...sentences, ...locale };
    const trouble = troubleOf(words, page?.fault ?? atOnce, page?.refusal, state);
    const total = state === "hidden" || choice === undefined ? undefined : totalOf(choice);
    const sum = total === undefined ? "" : phrase(tag, words.total, total);
    const { box, note, buttons } = this.#view;
    this.#dress(spoken);
    box.classList.toggle("closed", state !== "open");
    setText(note, trouble || (box.classList.contains("compact") ? "" : sum));
    for (const button of buttons) {
      const number = choice?.shown(button.reaction);
      this.#speak(button, number === undefined ? "" : phrase(tag, words.votes, number));
      this.#move(button.count, number);
    }
    if (trouble !== this.#said) this.#news.now(trouble);
    else if (this.#host.shadowRoot?.activeElement && sum !== "") this.#news.inTime(sum);
    this.#said = trouble;
  }

  /** Nothing is left open. */
  close(): void {
    this.unfollow();
    this.#news.close();
    this.#listeners.abort();
    this.#announcer.remove();
  }

  /** Looks that are not the bar's own are loaded once, and only where there are any. */
  #dress(words: Words): void {
    const { buttons } = this.#view;
    this.#look?.dress(buttons, words, this.#link?.client);
    const usual =
      buttons.every(({ reaction }) => ofDefault(words.locale.labels, reaction) !== undefined) &&
      this.#host.querySelector("script") === null;
    if (usual || this.#lookAsked) return;
    this.#lookAsked = true;
    // A bar that was removed meanwhile must not join its page again.
    const redraw = (): void => {
      if (!this.#listeners.signal.aborted) this.#read();
    };
    import("./own-look.ts").then(
      ({ OwnLook }) => {
        this.#look = new OwnLook(this.#host, redraw);
        redraw();
      },
      () => {
        this.#lookAsked = false;
      },
    );
  }

  async #loadMotion(): Promise<Motion> {
    this.#motion ??= await import("./move.ts");
    return this.#motion;
  }

  /** The number that is drawn is for eyes; readers who listen hear it in full, with its counting word. */
  #speak({ element, icon, count }: BarButton, sentence: string): void {
    if (element.lastChild === count) {
      for (const seen of [icon.parentElement, count]) seen?.setAttribute("aria-hidden", "true");
      element.append(makeSpoken("span"));
    }
    if (element.lastChild) setText(element.lastChild, ` ${sentence}`);
  }

  #move(count: HTMLElement, number: number | undefined): void {
    const before = this.#moved.get(count);
    if (number !== undefined && before !== undefined && number !== before) {
      // The first change may come before its movement: a number that rolls in after it was seen would only confuse.
      this.#motion?.roll(count, number > before);
      this.#loadMotion().catch(() => {});
    }
    if (number !== undefined) this.#moved.set(count, number);
  }
}

/** For readers who listen alone. */
function makeSpoken(name: "p" | "span"): HTMLElement {
  const made = document.createElement(name);
  made.className = "spoken";
  return made;
}

/** Sum of what is shown; undefined before counts arrived. */
function totalOf(choice: Choice): number | undefined {
  const counts = choice.counts?.counts;
  return counts && Object.keys(counts).reduce((sum, name) => sum + (choice.shown(name) ?? 0), 0);
}

function troubleOf(
  { kept, refused, signIn, frozen, hidden, away, missing }: Sentences,
  fault: ServiceError | undefined,
  refusal: ServiceError | undefined,
  state: PageState,
): string {
  if (fault?.retryable === false) return missing;
  if (refusal?.retryable === true) return kept;
  if (state === "frozen" || refusal?.code === "page_frozen" || refusal?.code === "page_closed") return frozen;
  if (state === "hidden") return hidden;
  if (refusal?.code === "account_needed" || refusal?.code === "account_expired") return signIn;
  if (refusal !== undefined) return refused;
  return fault === undefined ? "" : away;
}

/** Text that is the same is left alone: replaced text is read out again. */
function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
