/** Draws the buttons: what the reader holds, and the counts. */

/** The reader pressed: `reaction` is what they hold now, `before` what they held. */
export type OnPress = (reaction: string | null, before: string | null) => void;

interface Drawn {
  readonly button: HTMLButtonElement;
  readonly count: HTMLElement;
}

export class ReactionBar {
  readonly #drawn = new Map<string, Drawn>();
  readonly #format = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
  #pressed: string | null = null;

  /** Fills `root` with one button for each of `reactions`. */
  constructor(
    root: HTMLElement,
    reactions: readonly string[],
    labels: Readonly<Record<string, string>>,
    onPress: OnPress,
  ) {
    for (const reaction of reactions) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.reaction = reaction;
      const label = document.createElement("span");
      label.textContent = labels[reaction] ?? reaction;
      const count = document.createElement("span");
      count.className = "count";
      count.textContent = "–";
      button.append(count, label);
      button.addEventListener("click", () => {
        const before = this.#pressed;
        this.drawPressed(before === reaction ? null : reaction);
        onPress(this.#pressed, before);
      });
      this.#drawn.set(reaction, { button, count });
      root.append(button);
    }
    this.drawPressed(null);
  }

  /** What the reader holds, as drawn. */
  get pressed(): string | null {
    return this.#pressed;
  }

  /** Shows what the reader holds. */
  drawPressed(reaction: string | null): void {
    this.#pressed = reaction;
    for (const [name, { button }] of this.#drawn)
      button.setAttribute("aria-pressed", String(name === reaction));
  }

  /** Shows counts; reactions that are not in the bar are passed over. */
  drawCounts(counts: Readonly<Record<string, number>>): void {
    for (const [name, { count }] of this.#drawn) count.textContent = this.#format.format(counts[name] ?? 0);
  }
}
