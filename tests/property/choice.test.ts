import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Choice } from "../../services/widget/choice.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";

const REACTIONS = ["great", "sad", "angry"];

/** A service with one other voter, whose answers and messages arrive when the test says so. */
class Service {
  rev = 0;
  readonly held = new Map<string, string | null>();
  readonly inbox: PageCounts[] = [this.counts()];

  vote(voter: string, reaction: string | null): void {
    if ((this.held.get(voter) ?? null) === reaction) return;
    this.held.set(voter, reaction);
    this.rev++;
    this.inbox.push(this.counts());
  }

  counts(): PageCounts {
    const all = [...this.held.values()];
    const counts = Object.fromEntries(
      REACTIONS.map((name) => [name, all.filter((held) => held === name).length]),
    );
    const total = all.filter((held) => held !== null).length;
    return { page: "p", counts, total, epoch: "e", rev: this.rev, state: "open" };
  }
}

const reaction = fc.constantFrom(...REACTIONS);
const step = fc.oneof(
  fc.record({ does: fc.constant("press" as const), reaction }),
  fc.record({ does: fc.constant("other" as const), reaction: fc.option(reaction) }),
  fc.record({ does: fc.constantFrom("send", "arrive", "answer", "lose", "refuse", "hear") }),
);

describe("the choice of a reader", () => {
  it("P12, C2: shows no number below zero, whatever happens in whatever order, and in the end what the service holds", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const [choice, service] = [new Choice(), new Service()];
        /** The vote on its way: whether the service has it already. */
        let flight: { reaction: string | null; arrived: boolean } | undefined;
        const act = (does: string): void => {
          if (does === "send" && choice.unsent) flight = { reaction: choice.send(), arrived: false };
          if (does === "arrive" && flight?.arrived === false) {
            flight.arrived = true;
            service.vote("me", flight.reaction);
          }
          if (does === "answer" && flight?.arrived === true) {
            choice.confirm();
            flight = undefined;
          }
          if (does === "lose" && flight !== undefined) {
            choice.postpone();
            flight = undefined;
          }
          if (does === "refuse" && flight?.arrived === false) {
            choice.refuse();
            flight = undefined;
          }
          const heard = does === "hear" ? service.inbox.shift() : undefined;
          if (heard !== undefined) choice.take(heard);
          for (const name of REACTIONS) expect(choice.shown(name) ?? 0).toBeGreaterThanOrEqual(0);
        };
        for (const next of steps) {
          if (next.does === "press") {
            const before = choice.wanted;
            choice.press(next.reaction);
            expect(choice.wanted).toBe(before === next.reaction ? null : next.reaction);
          } else if (next.does === "other") service.vote("other", next.reaction);
          else act(next.does);
        }
        for (const does of ["arrive", "answer", "send", "arrive", "answer"]) act(does);
        while (service.inbox.length > 0) act("hear");
        choice.settle();
        expect(choice.pending).toBe(false);
        expect(choice.wanted).toBe(service.held.get("me") ?? null);
        const { counts } = service.counts();
        for (const name of REACTIONS) expect(choice.shown(name)).toBe(counts[name]);
      }),
      { numRuns: 2_000 },
    );
  });
});
