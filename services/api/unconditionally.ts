import type { RequestHandler } from "express";

/**
 * Passes over `If-Match` and `If-Unmodified-Since` (RFC 9110, 13.1): they keep writers from overwriting each other, and a file
 * is only read here. The library that serves files would answer them with an error that is no problem of ours.
 */
export const unconditionally: RequestHandler = (request, _response, next) => {
  delete request.headers["if-match"];
  delete request.headers["if-unmodified-since"];
  next();
};
