/** Draws the bar into a shadow root. Everything that is drawn goes through `build` or `update`. */
import { make, makeIcon } from "./element.ts";
import { lookOf } from "./look.ts";
import { short, type Words } from "./words.ts";

/** What is to be seen. */
export interface BarState {
  readonly words: Words;
  /** What a button is called. */
  readonly label: (reaction: string) => string;
  /** What the reader holds. */
  readonly pressed: string | null;
  /** The number of a reaction; undefined while there is none to show. */
  readonly shown: (reaction: string) => number | undefined;
  /** Whether buttons can be pressed. */
  readonly pressable: boolean;
}

/** One button and its parts. */
export interface BarButton {
  readonly reaction: string;
  readonly element: HTMLElement;
  /** Holds the drawing. */
  readonly icon: HTMLElement;
  readonly label: HTMLElement;
  readonly count: HTMLElement;
}

export class BarView {
  readonly box = make("div", { part: "base" });
  readonly note = make("p", { part: "note" });
  readonly #bar = make("div", { part: "bar", role: "group" });
  readonly #onPress: (reaction: string) => void;
  buttons: readonly BarButton[] = [];

  constructor(root: ShadowRoot, onPress: (reaction: string) => void) {
    this.#onPress = onPress;
    this.box.append(this.#bar, this.note);
    root.append(this.box);
  }

  /** Makes the buttons anew. */
  build(reactions: readonly string[], compact: boolean): void {
    const { length } = reactions;
    this.box.className = compact ? "compact" : "wide";
    this.#bar.style.setProperty("--columns", `${length > 5 ? Math.ceil(length / 2) : length}`);
    this.buttons = reactions.map((reaction) => this.#button(reaction));
    this.#bar.replaceChildren(...this.buttons.map(({ element }) => element));
  }

  /** Shows a state. */
  update({ words, label, pressed, shown, pressable }: BarState): void {
    this.box.lang = words.tag;
    this.box.dir = words.locale.direction ?? "ltr";
    this.#bar.ariaLabel = words.locale.group;
    for (const { reaction, element, label: name, count } of this.buttons) {
      element.ariaPressed = `${reaction === pressed}`;
      element.ariaDisabled = pressable ? null : "true";
      name.textContent = label(reaction);
      count.textContent = short(words, shown(reaction));
    }
  }

  #button(reaction: string): BarButton {
    const [colour, ...paths] = lookOf(reaction);
    const icon = make("slot", { name: `icon-${reaction}` }, makeIcon(paths));
    const label = make("slot", { name: `label-${reaction}` });
    const count = make("span", { part: "count" });
    const element = make(
      "button",
      { type: "button", part: `button button-${reaction}`, "data-reaction": reaction },
      make("span", { part: "icon" }, icon),
      make("span", { part: "label" }, label),
      count,
    );
    element.style.setProperty("--accent", `var(--reactions-${reaction},${colour})`);
    element.onclick = () => this.#onPress(reaction);
    return { reaction, element, icon, label, count };
  }
}
