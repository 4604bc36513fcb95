/** Votes for tally.lua that a command line can carry, too. */
import { randomBytes, randomInt } from "node:crypto";
import { RECORD_BYTES, VOTER_BYTES, writeRecord } from "../../../shared/tallies/record.ts";
import type { TallyVote } from "../../../shared/tallies/tally-page.ts";

const REACTIONS = 4;
/** A minute whose bytes in a record hold no zero. */
const MINUTE = 29_000_000;
const MINUTE_MS = 60_000;

/** So many votes of different voters from everywhere within one minute, sorted by voter; none of their packed bytes is zero. */
export function scriptVotes(count: number): readonly TallyVote[] {
  const votes: TallyVote[] = [];
  while (votes.length < count) {
    const vote = {
      voter: randomBytes(VOTER_BYTES).toString("hex"),
      reaction: votes.length % REACTIONS,
      at: MINUTE * MINUTE_MS + randomInt(MINUTE_MS),
      source: randomInt(2 ** 24),
    };
    if (!packVotes([vote]).includes(0)) votes.push(vote);
  }
  return votes.sort((a, b) => (a.voter < b.voter ? -1 : 1));
}

/** The script's second argument and, in the fifth, the minute that all votes share. */
export function packVotes(votes: readonly TallyVote[]): Buffer {
  return Buffer.concat(
    votes.map(({ voter, reaction, at, source }) => {
      const bytes = Buffer.alloc(VOTER_BYTES + RECORD_BYTES);
      bytes.write(voter, "hex");
      writeRecord(bytes, VOTER_BYTES, { at, reaction: reaction ?? 0, source });
      return bytes;
    }),
  );
}

export const sharedMinute = String(MINUTE);
