/** The demo page at `/`: four buttons, live counts. */
import { io } from "socket.io-client";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { isObject } from "../../shared/contract/object.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { castVote } from "./cast-vote.ts";
import { followCounts, type ReaderSocket } from "./follow-counts.ts";
import { keepVoter } from "./keep-voter.ts";
import { ReactionBar } from "./reaction-bar.ts";

const SITE = "default";
const PAGE = new URLSearchParams(location.search).get("page") ?? "the-last-ferry";

const LABELS: Readonly<Record<string, string>> = {
  great: "Great",
  sad: "Sad",
  angry: "Angry",
  recommend: "Recommend",
};

function element<Kind extends HTMLElement>(selector: string): Kind {
  const found = document.querySelector<Kind>(selector);
  if (found === null) throw new Error(`the demo page has no ${selector}`);
  return found;
}

const total = element("#total");
const status = element(".status");
const socket: ReaderSocket = io({ transports: ["websocket"], auth: { site: SITE } });
const bar = new ReactionBar(element(".bar"), DEFAULT_REACTIONS, LABELS, press);

element<HTMLAnchorElement>("#second").href = location.href;
element("#curl").textContent =
  `curl ${location.origin}/v1/sites/${SITE}/votes \\\n  --json '${JSON.stringify({ page: PAGE, reaction: "great" })}'`;

followCounts(socket, [PAGE], (counts: PageCounts) => {
  bar.drawCounts(counts.counts);
  total.textContent = `${new Intl.NumberFormat("en").format(counts.total)} ${counts.total === 1 ? "reader has" : "readers have"} answered`;
});
void keepVoter("", SITE).then(showMine, () => say("The service cannot be reached just now."));

async function press(reaction: string | null, before: string | null): Promise<void> {
  say("");
  try {
    const voter = await keepVoter("", SITE);
    const result = await castVote({ socket, endpoint: "", site: SITE }, { page: PAGE, reaction, voter });
    if (result.ok) return;
    say(result.problem.detail ?? result.problem.title);
  } catch {
    say("The service cannot be reached just now.");
  }
  // Back to what the reader held, unless another press came meanwhile.
  if (bar.pressed === reaction) bar.drawPressed(before);
}

async function showMine(voter: string): Promise<void> {
  const untouched = bar.pressed;
  const response = await fetch(`/v1/sites/${SITE}/mine?${new URLSearchParams({ page: PAGE })}`, {
    headers: { authorization: `Bearer ${voter}` },
  });
  const body: unknown = await response.json();
  const [mine] = isObject(body) && Array.isArray(body.pages) ? body.pages : [];
  if (isObject(mine) && typeof mine.reaction === "string" && bar.pressed === untouched)
    bar.drawPressed(mine.reaction);
}

function say(sentence: string): void {
  status.textContent = sentence;
}
