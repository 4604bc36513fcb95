/** One page as this reader sees it, shared by all bars that show it. */
import type { ServiceError } from "../../shared/client/service-error.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { castVote, type Outcome } from "./cast-vote.ts";
import { Choice } from "./choice.ts";
import type { SiteLink } from "./site-link.ts";

/** What draws a page. */
export interface PageBar {
  /** Something to draw has changed. */
  update(): void;
  /** A vote was answered, or the counts cannot be had. */
  tell(outcome: Partial<Outcome>): void;
}

export class ReaderPage {
  readonly page: string;
  readonly choice = new Choice();
  readonly bars = new Set<PageBar>();
  /** Why the counts cannot be had. */
  fault: ServiceError | undefined;
  /** Why the last vote was not taken; a retryable one waits and is sent again. */
  refusal: ServiceError | undefined;
  readonly #link: Pick<SiteLink, "client" | "keeper">;

  constructor(page: string, link: Pick<SiteLink, "client" | "keeper">) {
    this.page = page;
    this.#link = link;
  }

  /** A reader pressed; every bar of the page shows it before this returns. */
  press(reaction: string): void {
    this.refusal = undefined;
    this.choice.press(reaction);
    this.#link.keeper?.keep(this);
    this.draw();
    this.send();
  }

  /** Sends what the service does not hold yet. */
  send(): void {
    void castVote(this.#link.client, this.page, this.choice, (outcome) => {
      this.refusal = outcome.error;
      this.#tell(outcome);
      this.draw();
      this.#link.keeper?.told(this, outcome);
    });
  }

  /** Counts came. */
  take(counts: PageCounts): void {
    this.fault = undefined;
    this.choice.take(counts);
    this.draw();
  }

  /** The counts could not be had. */
  fail(error: ServiceError): void {
    // Trying again and again is not news.
    if (this.fault?.code !== error.code) this.#tell({ error });
    this.fault = error;
    this.draw();
  }

  /** Has all bars of the page show what is known now. */
  draw(): void {
    for (const bar of this.bars) bar.update();
  }

  /** One bar tells of it: what happened once is told once. */
  #tell(outcome: Partial<Outcome>): void {
    const [first] = this.bars;
    first?.tell(outcome);
  }
}
