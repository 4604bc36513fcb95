/**
 * What reactions are called and look like where the bar's own words and drawings do not do: the publisher's labels and icons
 * from a JSON script inside the tag, and the site's labels of reactions of its own. Loaded where there are any. Slots need no
 * reading: the browser draws them.
 */
import { type Labels, labelIn } from "../../shared/contract/labels.ts";
import { isObject } from "../../shared/contract/object.ts";
import { ofDefault } from "../../shared/contract/reactions.ts";
import type { BarButton } from "./bar-view.ts";
import { make } from "./element.ts";
import { siteLabels } from "./site-labels.ts";
import type { Words } from "./words.ts";

/** Whose reactions they are. */
export interface OwnSite {
  readonly endpoint: string;
  readonly site: string;
}

export class OwnLook {
  readonly #labels: unknown;
  readonly #icons: unknown;
  readonly #redraw: () => void;
  #site: OwnSite | undefined;
  #siteLabels: Labels | undefined;
  #dressed: readonly BarButton[] = [];

  /**
   * Reads `<script type="application/json">{"labels":{…},"icons":{…}}</script>`; faulty JSON is passed over.
   * @param redraw called when there are labels that were not there before
   */
  constructor(host: HTMLElement, redraw: () => void) {
    const { labels, icons } = parse(host.querySelector('script[type="application/json"]')?.textContent ?? "");
    this.#labels = labels;
    this.#icons = icons;
    this.#redraw = redraw;
  }

  /** The publisher's label of a reaction, or the site's where the bar's language has no word. */
  label(reaction: string, { locale, tag }: Words): string | undefined {
    const own = textIn(this.#labels, reaction);
    if (own !== undefined || ofDefault(locale.labels, reaction) !== undefined) return own;
    return labelIn(this.#siteLabels, tag, reaction);
  }

  /** Draws the publisher's icons into buttons that were made anew, and asks the site, if any, for labels that are missing. */
  dress(buttons: readonly BarButton[], words: Words, site: OwnSite | undefined): void {
    const named = ({ reaction }: BarButton): boolean =>
      ofDefault(words.locale.labels, reaction) !== undefined || textIn(this.#labels, reaction) !== undefined;
    if (site && !buttons.every(named)) this.#ask(site);
    if (this.#dressed === buttons) return;
    this.#dressed = buttons;
    for (const { reaction, icon } of buttons) {
      const own = textIn(this.#icons, reaction);
      if (own !== undefined) icon.replaceChildren(isPicture(own) ? make("img", { src: own, alt: "" }) : own);
    }
  }

  #ask(site: OwnSite): void {
    if (this.#site === site) return;
    this.#site = site;
    this.#siteLabels = undefined;
    void siteLabels(site.endpoint, site.site).then((labels) => {
      if (this.#site !== site) return;
      this.#siteLabels = labels;
      this.#redraw();
    });
  }
}

/** Whether an icon is the address of a picture rather than text. */
function isPicture(icon: string): boolean {
  return /^(?:https?:\/\/|\/|data:image\/)/.test(icon);
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function textIn(values: unknown, name: string): string | undefined {
  const text = isObject(values) && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof text === "string" ? text : undefined;
}
