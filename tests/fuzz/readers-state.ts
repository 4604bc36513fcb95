/**
 * What a site must hold of its readers: exactly what the votes say that they were told were taken. Whatever else was sent has
 * changed nothing, or it is found here.
 */
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { HELD, isHeld } from "../../shared/tallies/record.ts";
import { allRecords } from "../faults/rig/all-records.ts";
import { CLOCK_SLACK_MS } from "../faults/rig/check-history.ts";
import { pseudonymOf } from "../faults/rig/voters.ts";

/** A voter's newest accepted vote on a page. */
interface Newest {
  readonly token: string;
  readonly at: number;
  /** Of two processes votes may have the same stamp; then either of them holds. */
  readonly reactions: Set<string | null>;
}

/** When a voter asked to be forgotten, and when that was answered, Unix ms. */
interface Leave {
  readonly from_ms: number;
  readonly to_ms: number;
}

export class ReadersState {
  readonly #site: string;
  /** Page → the voter's pseudonym there → the vote. */
  readonly #newest = new Map<string, Map<string, Newest>>();
  /** Page → the reactions of votes whose voters nobody was told of. */
  readonly #nameless = new Map<string, (string | null)[]>();
  readonly #left = new Map<string, Leave[]>();
  #held = 0;

  constructor(site: string) {
    this.#site = site;
  }

  /**
   * A vote that the service took.
   * @throws Error when no such voter was ever made
   */
  accept(token: string, page: string, reaction: string | null, at: number): void {
    const voter = pseudonymOf(token, page, this.#site);
    const voters = this.#newest.get(page) ?? new Map<string, Newest>();
    this.#newest.set(page, voters);
    const known = voters.get(voter);
    if (known?.at === at) known.reactions.add(reaction);
    else if (known === undefined || known.at < at)
      voters.set(voter, { token, at, reactions: new Set([reaction]) });
  }

  /** A vote of a form that the service took: a voter of its own, whose name no form is told. */
  acceptNameless(page: string, reaction: string | null): void {
    const votes = this.#nameless.get(page) ?? [];
    this.#nameless.set(page, votes);
    votes.push(reaction);
  }

  /** The service said that it forgets this voter. */
  leave(token: string, from_ms: number, to_ms: number): void {
    this.#left.set(token, [...(this.#left.get(token) ?? []), { from_ms, to_ms }]);
  }

  /** Pages voted on. */
  get pages(): ReadonlySet<string> {
    return new Set([...this.#newest.keys(), ...this.#nameless.keys()]);
  }

  /** Records that were held when `check` looked last. */
  get held(): number {
    return this.#held;
  }

  /** Everything that Redis holds otherwise, once all is quiet: a sentence each. */
  async check(redis: RedisConnection): Promise<readonly string[]> {
    const { pages } = this;
    this.#held = 0;
    const expected = new Set([...pages].map((page) => pageKeys(this.#site, page).hash));
    const faults: string[] = [];
    for (const key of await redis.keys(`{${this.#site}:*:page`))
      if (!expected.delete(key)) faults.push(`a page that nobody was told of: ${key}`);
    for (const key of expected) faults.push(`a page that is not there: ${key}`);
    for (const page of pages) faults.push(...(await this.#checkPage(redis, page)));
    return faults;
  }

  async #checkPage(redis: RedisConnection, page: string): Promise<readonly string[]> {
    const records = await allRecords(redis, this.#site, page);
    const { totals } = await readTotals(redis, this.#site, page);
    const missing = new Map(this.#newest.get(page));
    const nameless = [...(this.#nameless.get(page) ?? [])];
    const counted = new Array<number>(totals.length).fill(0);
    const faults: string[] = [];
    for (const { voter, at, reaction: index } of records) {
      const held = isHeld(index);
      if (held) this.#held++;
      else counted[index] = (counted[index] ?? 0) + 1;
      const reaction = DEFAULT_REACTIONS[held ? index - HELD : index] ?? null;
      const vote = missing.get(voter);
      missing.delete(voter);
      const place = nameless.indexOf(reaction);
      if (vote !== undefined) {
        const right = vote.at === at && vote.reactions.has(reaction) && !this.#mustBeGone(vote);
        if (!right) faults.push(`not what was accepted: ${reaction} stamped ${at}, accepted ${say(vote)}`);
      } else if (place === -1) faults.push(`a vote that nobody was told of: ${reaction} of ${voter}`);
      else nameless.splice(place, 1);
    }
    for (const vote of missing.values())
      if (!this.#mayBeGone(vote)) faults.push(`an accepted vote is not there: ${say(vote)}`);
    for (const reaction of nameless) faults.push(`a form's accepted vote is not there: ${reaction}`);
    const right = totals.every((total, index) => total === counted[index]);
    if (!right) faults.push(`totals are ${totals}, records say ${counted.slice(0, totals.length)}`);
    return faults.map((fault) => `${JSON.stringify(page)}: ${fault}`);
  }

  #mustBeGone({ token, at }: Newest): boolean {
    return (this.#left.get(token) ?? []).some(({ from_ms }) => at < from_ms - CLOCK_SLACK_MS);
  }

  #mayBeGone({ token, at }: Newest): boolean {
    return (this.#left.get(token) ?? []).some(({ to_ms }) => at <= to_ms + CLOCK_SLACK_MS);
  }
}

function say({ at, reactions }: Newest): string {
  return `${[...reactions].join(" or ")} stamped ${at}`;
}
