import type { Response } from "express";
import type { Html } from "./html.ts";

/** Feeds and mails ask often; a picture of counts need not be newer than a minute. */
const PICTURE_CACHE = "public, max-age=60, stale-while-revalidate=600";

/** A picture runs nothing and loads nothing, whoever opens it by its own address. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Sends an SVG. */
export function sendPicture(response: Response, picture: Html): void {
  response.set({
    "cache-control": PICTURE_CACHE,
    "content-security-policy": PICTURE_POLICY,
    "content-type": "image/svg+xml; charset=utf-8",
  });
  response.send(picture.toString());
}
