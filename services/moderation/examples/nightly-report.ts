/**
 * Prints what a newsroom wants to find in its mail in the morning: pages that look odd, and what moderators did in the last 24
 * hours. Outside this repository import from "reader-reactions/client".
 *
 *   REACTIONS_TOKEN=… npx tsx services/moderation/examples/nightly-report.ts https://reactions.example news
 */
import { type AuditEntry, Moderation } from "../../../shared/client/client.ts";

const DAY_MS = 86_400_000;
const [endpoint = "http://127.0.0.1:3000", site = "default"] = process.argv.slice(2);
const moderation = new Moderation({ endpoint, site, token: process.env.REACTIONS_TOKEN ?? "" });

const suspects = await moderation.suspects();
console.log(`${suspects.length} pages look odd:`);
for (const { page, score, why, matching, votes } of suspects) {
  console.log(`  ${score.toFixed(2)} ${page}: ${matching} of ${votes} recent votes. ${why.join(" ")}`);
}

const done = (await lastDay(Date.now() - DAY_MS)).filter(({ what }) => what === "done");
console.log(`${done.length} orders were carried out:`);
for (const { at, who, order, page, result, reason } of done) {
  const when = new Date(at).toISOString().slice(11, 16);
  console.log(
    `  ${when} ${who}: ${order} of ${page ?? "the site"}, ${result?.votes ?? 0} votes. ${reason ?? ""}`,
  );
}

/** The audit since then, read backwards, a thousand entries at a time. */
async function lastDay(since_ms: number): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (;;) {
    const [first] = entries;
    const some = await moderation.audit({
      limit: 1_000,
      ...(first === undefined ? {} : { before: first.id }),
    });
    entries.unshift(...some);
    if (some[0] === undefined || some[0].at < since_ms) return entries.filter(({ at }) => at >= since_ms);
  }
}
