/**
 * Waline's export (walinejs/waline, `packages/server/src/controller/db.js`): one JSON object `{ type: "waline", version: 1,
 * time, tables, data: { Comment, Counter, Users } }`; the admin page saves it as it is, `GET /api/db` wraps it once more as
 * `{ errno, errmsg, data }`. A row of `Counter` is one article: `url` (what the site gave as `path`, mostly the path of the
 * address), `time` (views), and `reaction0` … `reaction8`, each a number or null (`assets/waline.sql`). Comments have
 * likes of their own, which are no reactions to the article and are left alone.
 *
 * Several rows of one `url` are copies: Waline raises all of them together and shows one. So the greatest holds.
 */
import { isObject } from "../../../shared/contract/object.ts";
import { WrongFile } from "../wrong-file.ts";
import { countOf, type ForeignPage, jsonOf } from "./foreign-totals.ts";

/** A site may have this many reactions: `reaction0` … `reaction8`, known here as `0` … `8`. */
const REACTIONS = 9;

/** @throws WrongFile */
export function readWaline(text: string): readonly ForeignPage[] {
  const root = jsonOf(text, "Waline");
  const whole = isObject(root) && root.type === undefined && isObject(root.data) ? root.data : root;
  if (!isObject(whole) || whole.type !== "waline" || !isObject(whole.data)) {
    throw new WrongFile('This is not an export of Waline: it lacks "type": "waline".');
  }
  const { Counter } = whole.data;
  if (!Array.isArray(Counter)) throw new WrongFile("This export of Waline has no table Counter.");
  const pages = new Map<string, Map<string, number>>();
  for (const [index, row] of Counter.entries()) {
    if (!isObject(row) || typeof row.url !== "string") throw malformed(index, "url");
    const votes = pages.get(row.url) ?? new Map<string, number>();
    pages.set(row.url, votes);
    for (let reaction = 0; reaction < REACTIONS; reaction++) {
      const count = countOf(row[`reaction${reaction}`]);
      if (count === undefined) throw malformed(index, `reaction${reaction}`);
      const name = String(reaction);
      votes.set(name, Math.max(votes.get(name) ?? 0, count));
    }
  }
  return [...pages].map(([page, votes]) => ({ page, votes }));
}

function malformed(index: number, field: string): WrongFile {
  return new WrongFile(`Row ${index + 1} of Counter: ${field} is missing or not well formed.`);
}
