import type { HttpOutput } from "./send-http.ts";

/** Whether an answer of 5xx is what was promised for this very case. */
export function isMeant(path: string, { status, body: { code } }: HttpOutput): boolean {
  // The oEmbed specification asks for 501 where a format is not offered.
  if (status === 501) return path.startsWith("/oembed");
  if (status !== 503) return false;
  return (
    // Readiness is for operators: a 503 is what it is there for.
    path.startsWith("/readyz") ||
    // More exports or imports at once than a process takes.
    (code === "overloaded" && /\/(?:export|import)(?:\?|$)/.test(path))
  );
}
