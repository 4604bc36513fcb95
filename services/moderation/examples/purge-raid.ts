/**
 * Takes out what a raid brought: of every page that is suspect enough, the votes that its filter matches. Each purge can be
 * undone for 7 days, so the worst that a wrong guess costs is an undo. Outside this repository import from
 * "reader-reactions/client".
 *
 *   REACTIONS_TOKEN=… npx tsx services/moderation/examples/purge-raid.ts https://reactions.example news 0.8
 */
import { Moderation } from "../../../shared/client/client.ts";

const [endpoint = "http://127.0.0.1:3000", site = "default", surely = "0.8"] = process.argv.slice(2);
const moderation = new Moderation({ endpoint, site, token: process.env.REACTIONS_TOKEN ?? "" });

for (const { score, filter, why } of await moderation.suspects()) {
  if (score < Number(surely)) continue;
  const reason = `a raid: ${why.join(" ")}`.slice(0, 500);
  const { id } = await moderation.order({ order: "purge", ...filter, reason });
  const { result } = await moderation.waitFor(id);
  console.log(`${filter.page}: ${result?.votes ?? 0} votes taken out; to undo: reactions undo ${id}`);
}
