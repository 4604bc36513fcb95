/** Site ids stand in paths and Redis keys: lower-case letters, digits and hyphens, 1 to 63 characters. */
const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether `value` can be the id of a site. */
export function isSiteId(value: unknown): value is string {
  return typeof value === "string" && SITE_ID.test(value);
}
