/** Why there is an alert, in one sentence of any language. */
import type { AlertFacts } from "../../shared/contract/alerts.ts";
import type { Messages } from "./messages.ts";
import { percent, whole } from "./numbers.ts";
import { fill, phrase } from "./phrase.ts";

/**
 * @param tag BCP 47, of the messages
 * @param reaction a reaction's name as people say it
 */
export function alertSentence(
  messages: Messages,
  tag: string,
  why: AlertFacts,
  reaction: (name: string) => string,
): string {
  const { alerts: say, counts } = messages;
  const votes = phrase(tag, counts.votes, why.votes);
  if (why.kind === "concentration") {
    return fill(say.concentration, { votes, matching: whole(tag, why.matching), source: why.source });
  }
  const minutes = phrase(tag, counts.minutes, why.minutes);
  if (why.kind === "burst") return fill(say.burst, { votes, minutes, usual: whole(tag, why.usual) });
  if (why.kind === "threshold") {
    return fill(say.threshold, {
      votes,
      minutes,
      reaction: reaction(why.reaction),
      limit: whole(tag, why.limit),
    });
  }
  return fill(say["mood-flip"], {
    votes,
    minutes,
    from: reaction(why.from),
    to: reaction(why.to),
    shareBefore: percent(tag, why.shareBefore),
    shareNow: percent(tag, why.shareNow),
  });
}
