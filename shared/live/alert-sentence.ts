/** The facts of an alert as one English sentence. */
import type { AlertFacts } from "../contract/alerts.ts";

export function alertSentence(why: AlertFacts): string {
  switch (why.kind) {
    case "burst":
      return `${count(why.votes)} within ${why.minutes} minutes; on this page ${why.usual} are usual in that time.`;
    case "concentration":
      return `One network sent ${why.matching} of the last hour's ${count(why.votes)}.`;
    case "mood-flip":
      return `${percent(why.shareNow)} of the last ${count(why.votes)} are ${why.to}, which before had ${percent(why.shareBefore)}; ${why.from} led until then.`;
    case "threshold":
      return `${count(why.votes)} for ${why.reaction} within ${why.minutes} minutes; the limit is ${why.limit}.`;
  }
}

const count = (votes: number): string => `${votes} ${votes === 1 ? "vote" : "votes"}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
