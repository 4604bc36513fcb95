/**
 * What a bar has beyond its first picture and its votes: live counts, movement, news for readers who listen, the
 * publisher's own look, and an eye on the page around it. Loaded when the browser has time.
 */

import type { ServiceError } from "../../shared/client/service-error.ts";
import type { PageState } from "../../shared/contract/counts.ts";
import { type Labels, labelIn } from "../../shared/contract/labels.ts";
import { Announcements } from "./announce.ts";
import type { BarButton, BarView } from "./bar-view.ts";
import type { Choice } from "./choice.ts";
import { make } from "./element.ts";
import { addLaterStyles } from "./later-styles.ts";
import sentences from "./locales/en-sentences.ts";
import type { Sentences } from "./locales/locale.ts";
import { burst, roll } from "./move.ts";
import { isPicture, readOwnLook } from "./own-look.ts";
import { PatientKeeper } from "./patient-keeper.ts";
import { phrase } from "./phrase.ts";
import type { ReaderPage } from "./reader-page.ts";
import { siteLabels } from "./site-labels.ts";
import type { SiteLink } from "./site-link.ts";
import { whenAttributeChanges } from "./when-attribute-changes.ts";
import { whenPageChanges } from "./when-page-changes.ts";
import { whenSeen } from "./when-seen.ts";
import type { Words } from "./words.ts";

export class Companion {
  readonly #host: HTMLElement;
  readonly #view: BarView;
  readonly #listeners = new AbortController();
  readonly #announcer: HTMLElement;
  readonly #news: Announcements;
  readonly #moved = new WeakMap<HTMLElement, number>();
  readonly #own: ReturnType<typeof readOwnLook>;
  #dressed: readonly BarButton[] = [];
  #link: SiteLink | undefined;
  #said = "";
  readonly #read: () => void;
  #words: Words | undefined;
  #siteLabels: Labels | undefined;
  #asked = false;
  #stopWaiting = (): void => {};

  /** @param read has the bar read its attributes and the page anew */
  constructor(host: HTMLElement, view: BarView, read: () => void) {
    this.#host = host;
    this.#read = read;
    this.#view = view;
    this.#own = readOwnLook(host);
    addLaterStyles(host.shadowRoot);
    const announcer = make("p", { class: "spoken", role: "status" });
    view.box.append(announcer);
    this.#announcer = announcer;
    this.#news = new Announcements((sentence) => setText(announcer, sentence));
    // The token is on its way before the press is over, so that the vote itself can be sent again whatever happens to it.
    const prepare = (): void => void this.#link?.client.voter().catch(() => {});
    const { signal } = this.#listeners;
    for (const touch of ["pointerdown", "focusin"]) host.addEventListener(touch, prepare, { signal });
    whenPageChanges(read, signal);
    whenAttributeChanges(host, "account", (account) => this.#link?.keeper?.signIn(account), signal);
  }

  /** The publisher's own label of a reaction: the page's, or the site's where the bar's language has no word. */
  label(reaction: string): string | undefined {
    const own = this.#own.label(reaction);
    if (own !== undefined || this.#hasWord(reaction)) return own;
    return labelIn(this.#siteLabels, this.#words?.tag ?? "", reaction);
  }

  /** The bar has joined a page: live counts begin once it is on the screen. */
  follow(link: SiteLink, page: ReaderPage): void {
    this.unfollow();
    this.#link = link;
    this.#siteLabels = undefined;
    this.#asked = false;
    const account = this.#host.getAttribute("account");
    link.keeper ??= new PatientKeeper(link, account);
    // Of several bars one that says nothing does not sign out the others.
    if (account !== null) link.keeper.signIn(account);
    this.#stopWaiting = whenSeen(this.#host, () => link.keeper?.watch(page));
  }

  /** The bar has left its page. */
  unfollow(): void {
    this.#stopWaiting();
    this.#link = undefined;
  }

  /** The reader has just chosen this reaction. */
  celebrate(reaction: string): void {
    const icon = this.#view.buttons.find((button) => button.reaction === reaction)?.icon.parentElement;
    if (icon) burst(icon);
  }

  /** Draws what the first picture leaves out: the sentence, numbers as people say them, and what moves. */
  update(spoken: Words, page: ReaderPage | undefined, atOnce: ServiceError | undefined): void {
    const { locale, tag } = spoken;
    if (this.#words !== spoken) {
      this.#words = spoken;
      // The buttons were labelled before this was known.
      if (this.#siteLabels !== undefined) queueMicrotask(this.#read);
    }
    this.#askForLabels();
    const choice = page?.choice;
    const state = choice?.counts?.state ?? "open";
    const words = { ...sentences, ...locale };
    const trouble = troubleOf(words, page?.fault ?? atOnce, page?.refusal, state);
    const total = state === "hidden" || choice === undefined ? undefined : totalOf(choice);
    const sum = total === undefined ? "" : phrase(tag, words.total, total);
    const { box, note, buttons } = this.#view;
    this.#dress();
    box.classList.toggle("closed", state !== "open");
    setText(note, trouble || (box.classList.contains("compact") ? "" : sum));
    for (const { reaction, element, count } of buttons) {
      const number = state === "hidden" ? undefined : choice?.shown(reaction);
      this.#speak(element, number === undefined ? "" : phrase(tag, words.votes, number));
      this.#move(count, number);
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

  #hasWord(reaction: string): boolean {
    return Object.hasOwn(this.#words?.locale.labels ?? {}, reaction);
  }

  #askForLabels(): void {
    const link = this.#link;
    const known = ({ reaction }: BarButton): boolean =>
      this.#hasWord(reaction) || this.#own.label(reaction) !== undefined;
    if (link === undefined || this.#asked || this.#view.buttons.every(known)) return;
    this.#asked = true;
    void siteLabels(link.client.endpoint, link.client.site).then((labels) => {
      if (this.#link !== link) return;
      this.#siteLabels = labels;
      this.#read();
    });
  }

  /** Draws the publisher's own icons into buttons that were made anew. */
  #dress(): void {
    if (this.#dressed === this.#view.buttons) return;
    this.#dressed = this.#view.buttons;
    for (const { reaction, icon } of this.#view.buttons) {
      icon.parentElement?.setAttribute("aria-hidden", "true");
      const own = this.#own.icon(reaction);
      if (own !== undefined) icon.replaceChildren(isPicture(own) ? make("img", { src: own, alt: "" }) : own);
    }
  }

  /** The number that is drawn is for eyes; readers who listen hear it in full, with its counting word. */
  #speak(button: HTMLElement, sentence: string): void {
    const count = button.querySelector(".count");
    if (count?.nextElementSibling === null) {
      count.setAttribute("aria-hidden", "true");
      button.append(make("span", { class: "spoken" }));
    }
    if (count?.nextElementSibling) setText(count.nextElementSibling, ` ${sentence}`);
  }

  #move(count: HTMLElement, number: number | undefined): void {
    const before = this.#moved.get(count);
    if (number !== undefined && before !== undefined && number !== before) roll(count, number > before);
    if (number !== undefined) this.#moved.set(count, number);
  }
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
function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
