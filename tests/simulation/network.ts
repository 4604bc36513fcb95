/** What lies between processes: it delays, reorders, doubles and loses whatever is sent, as the seed has it. */
import type { Random } from "../faults/rig/random.ts";
import type { Scheduler } from "./scheduler.ts";

export class Network {
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Nothing is lost or doubled any more, so that everything can come to rest; it is still late. */
  calm = false;

  constructor(random: Random, scheduler: Scheduler) {
    this.random = random;
    this.scheduler = scheduler;
  }

  /** True with this probability, while the network is not calm. */
  mishap(probability: number): boolean {
    return this.random.chance(probability) && !this.calm;
  }

  /** Something arrives, mostly soon, sometimes very late. */
  later(most_ms: number, run: () => void): void {
    const late = this.random.chance(0.02) ? 40 : 1;
    this.scheduler.after(this.random.next() * most_ms * late, run);
  }

  /**
   * A command of Redis: run or not, heard of or not, in every combination. Now and then its reply is lost and the client sends it
   * again once it is connected anew, as ioredis does: then it runs twice, and the second reply is heard.
   */
  command<Reply>(run: () => Reply): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const fail = (): void => this.later(30, () => reject(new Error("no answer")));
      const answer = (reply: Reply): void => this.later(30, () => resolve(reply));
      this.later(30, () => {
        if (this.mishap(0.03)) return fail();
        const reply = run();
        if (this.mishap(0.03)) return fail();
        if (this.mishap(0.05)) return this.later(200, () => answer(run()));
        answer(reply);
      });
    });
  }
}
