import { setImmediate as turn } from "node:timers/promises";

/** Time that passes only when the next thing happens; the same seed makes the same things happen in the same order. */
interface Due {
  readonly at_ms: number;
  /** Of two things due at the same time the one planned first comes first. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

export class Scheduler {
  /** A binary heap, the next thing first. */
  readonly #due: Due[] = [];
  #now_ms = 0;
  #planned = 0;

  get now_ms(): number {
    return this.#now_ms;
  }

  /** Plans `run`; the returned function cancels it. */
  after(pause_ms: number, run: () => void): () => void {
    const due = { at_ms: this.#now_ms + pause_ms, order: this.#planned++, run, cancelled: false };
    this.#push(due);
    return () => {
      due.cancelled = true;
    };
  }

  /** Does `run` again and again; the returned function ends it. */
  every(pause_ms: number, run: () => void): () => void {
    let end: () => void;
    const again = (): void => {
      end = this.after(pause_ms, again);
      run();
    };
    end = this.after(pause_ms, again);
    return () => end();
  }

  /** When the next thing is due; undefined when there is none. */
  get next_ms(): number | undefined {
    while (this.#due[0]?.cancelled === true) this.#pop();
    return this.#due[0]?.at_ms;
  }

  /** Does the next thing; false when there is none. All that follows from it in promises has happened when this resolves. */
  async step(): Promise<boolean> {
    let next = this.#pop();
    while (next?.cancelled === true) next = this.#pop();
    if (next === undefined) return false;
    this.#now_ms = next.at_ms;
    next.run();
    await turn();
    return true;
  }

  #push(due: Due): void {
    const heap = this.#due;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!earlier(due, heap[above])) break;
      this.#swap(place, above);
      place = above;
    }
  }

  #pop(): Due | undefined {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let place = 0; ; ) {
      let least = place;
      for (const below of [2 * place + 1, 2 * place + 2]) {
        const due = heap[below];
        if (due !== undefined && earlier(due, heap[least])) least = below;
      }
      if (least === place) return first;
      this.#swap(place, least);
      place = least;
    }
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#due[one], this.#due[other]];
    if (a === undefined || b === undefined) throw new RangeError("outside of the heap");
    this.#due[one] = b;
    this.#due[other] = a;
  }
}

function earlier(one: Due, other: Due | undefined): boolean {
  return (
    other === undefined || one.at_ms < other.at_ms || (one.at_ms === other.at_ms && one.order < other.order)
  );
}
