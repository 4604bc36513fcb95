import { randomBytes } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { readRecords } from "../../shared/tallies/read-records.ts";
import { WITHDRAWN } from "../../shared/tallies/record.ts";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { freshPage } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
afterAll(() => lifecycle.stop());

const SITE = "default";

function votesOf(voters: number): readonly TallyVote[] {
  return Array.from({ length: voters }, (_, index) => ({
    voter: randomBytes(8).toString("hex"),
    reaction: index % 5 === 4 ? null : index % 5,
    at: 1_700_000_000_000 + index,
    source: randomBytes(3).readUIntBE(0, 3),
  }));
}

async function tallyAll(page: string, votes: readonly TallyVote[]): Promise<void> {
  for (let from = 0; from < votes.length; from += VOTES_A_CALL_MAX) {
    await tallyPage(redis, SITE, page, votes.slice(from, from + VOTES_A_CALL_MAX));
  }
}

function byVoter(a: { voter: string }, b: { voter: string }): number {
  return a.voter < b.voter ? -1 : 1;
}

it("M31: records come in the order of their pseudonyms, whatever the number of buckets", async () => {
  for (const voters of [0, 1, 48, 49, 500, 3_000]) {
    const page = freshPage(`records-${voters}`);
    const votes = votesOf(voters);
    await tallyAll(page, votes);
    const read = [];
    for await (const records of readRecords(redis, SITE, page)) read.push(...records);
    const kept = votes.map((vote) => ({ ...vote, reaction: vote.reaction ?? WITHDRAWN }));
    expect(read).toEqual(kept.sort(byVoter));
  }
});

it("M31: a page that grows while it is read loses none of the records that it had before", async () => {
  const page = freshPage("growing");
  const before = votesOf(2_000);
  await tallyAll(page, before);
  const read: string[] = [];
  for await (const records of readRecords(redis, SITE, page)) {
    read.push(...records.map(({ voter }) => voter));
    await tallyAll(page, votesOf(700));
  }
  expect(read).toEqual([...new Set(read)].sort());
  const seen = new Set(read);
  expect(before.filter(({ voter }) => !seen.has(voter))).toEqual([]);
});
