/** Names of everything that Redis keeps of a page. All of them share one hash tag, so a page lives in one slot of a Cluster. */
import { createHash } from "node:crypto";

/** Longest page id that stands in key names as it is; each bucket repeats the name, so long ones would cost memory. */
const PLAIN_BYTES_MAX = 64;

/** A page as Redis knows it. */
export interface PageKeys {
  /** The page's hash: totals, epoch, revision, state, number of records and of buckets. Buckets stand beside it. */
  readonly hash: string;
  /** List of what an order took from the page, to be restored by an undo; by the order's id. */
  readonly kept: (order: string) => string;
  /** Hash of how many votes an order took, and of the totals before; by the order's id. */
  readonly memory: (order: string) => string;
  /** Is there once an order was undone: no late step of it takes anything any more. */
  readonly undone: (order: string) => string;
  /** Bitmap of the networks that hardly read the site's other pages; there while votes come and a network is known to be one. */
  readonly strangers: string;
  /** Sorted set of the voters whose votes are held, by source; holds.lua derives it from the page's hash. */
  readonly holds: string;
  /** The channel on which the page's new counts are published. */
  readonly channel: string;
  /** True when the key names hold a digest instead of the page's id, so that the hash must keep the id. */
  readonly digested: boolean;
}

/**
 * The keys of a page. Ids that are long, or hold a brace (which would end the hash tag early), or look like a digest
 * are replaced by 128 bits of their SHA-256.
 */
export function pageKeys(site: string, page: string): PageKeys {
  const digested = Buffer.byteLength(page) > PLAIN_BYTES_MAX || page.startsWith("#") || /[{}]/.test(page);
  const name = digested ? `#${createHash("sha256").update(page).digest("base64url").slice(0, 22)}` : page;
  const tag = `{${site}:${name}}`;
  return {
    hash: `${tag}:page`,
    kept: (order) => `${tag}:u:${order}`,
    memory: (order) => `${tag}:o:${order}`,
    undone: (order) => `${tag}:x:${order}`,
    strangers: `${tag}:strangers`,
    holds: `${tag}:holds`,
    channel: `${tag}:counts`,
    digested,
  };
}
