/**
 * Freezes pages whose article is older than some days: late raids on old stories are seldom noticed. Run it daily; pages that
 * are frozen or hidden already are left as they are. Outside this repository import from "reader-reactions/client".
 *
 *   REACTIONS_TOKEN=… npx tsx services/moderation/examples/freeze-old-pages.ts https://reactions.example news 90
 */
import { Moderation, Reactions } from "../../../shared/client/client.ts";

const DAY_MS = 86_400_000;
const [endpoint = "http://127.0.0.1:3000", site = "default", days = "90"] = process.argv.slice(2);
const moderation = new Moderation({ endpoint, site, token: process.env.REACTIONS_TOKEN ?? "" });
const reactions = new Reactions({ endpoint, site });
const oldest_ms = Date.now() - Number(days) * DAY_MS;

for await (const { page, published } of moderation.pages()) {
  if (published === undefined || published > oldest_ms) continue;
  const [counts] = await reactions.counts([page]);
  if (counts?.state !== "open") continue;
  const { id } = await moderation.order({ order: "freeze", page, reason: `older than ${days} days` });
  await moderation.waitFor(id);
  console.log(`frozen: ${page}`);
}
