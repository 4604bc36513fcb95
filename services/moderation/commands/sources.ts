/** `reactions sources` and `reactions suspects`: where votes came from. */
import type { SourcesAnswer, Suspect } from "../../../shared/client/client.ts";
import { BAR_WIDTH, bar } from "../printing/bars.ts";
import { printable } from "../printing/printable.ts";
import { showVotes } from "../printing/votes.ts";
import type { Session } from "../session.ts";
import { showTime } from "../times.ts";
import type { AddCommand } from "./command.ts";

/** Rows of the chart of minutes: what fits on a screen beside the table. */
const MINUTES_MAX = 30;

export const addSources: AddCommand = (program, action) => {
  program
    .command("sources")
    .argument("<page>", "id of the page")
    .description("show which network sources and which minutes a page's votes came from")
    .action(action(sources));
  program
    .command("suspects")
    .description(
      "list pages whose recent votes look sent by few or by a machine, and pages that hold votes, worst first, each with what to run",
    )
    .action(action(suspects));
};

async function sources({ moderation, out }: Session, page: string): Promise<void> {
  const answer = await moderation.sources(page);
  if (out.json) {
    await out.object(answer);
    return;
  }
  await out.line(
    `${printable(page)}: ${answer.votes.toLocaleString("en")} votes from ${answer.sources.toLocaleString("en")} sources${answer.held > 0 ? `, and ${answer.held.toLocaleString("en")} held` : ""}`,
  );
  if (answer.list.length === 0) return;
  const most = Math.max(...answer.list.map(({ votes }) => votes));
  await out.line("");
  await out.rows(
    ["source", "votes", "", "of them", "held", "first", "last"],
    answer.list.map(({ source, votes, counts, held, first, last }) => [
      source,
      votes,
      bar(votes, most),
      showVotes(counts),
      held,
      showTime(first),
      showTime(last),
    ]),
    [],
  );
  const minutes = minutesOf(answer);
  const busiest = Math.max(...minutes.map(([, votes]) => votes));
  await out.line("");
  await out.rows(
    ["minute", "votes", " ".repeat(BAR_WIDTH)],
    minutes.map(([at, votes]) => [showTime(at), votes, bar(votes, busiest)]),
    [],
  );
}

/** Votes by minute over all sources: the busiest minutes, in the order of time. */
function minutesOf({ list }: SourcesAnswer): readonly (readonly [at: number, votes: number])[] {
  const minutes = new Map<number, number>();
  for (const { at, votes } of list.flatMap((row) => row.minutes))
    minutes.set(at, (minutes.get(at) ?? 0) + votes);
  return [...minutes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MINUTES_MAX)
    .sort(([a], [b]) => a - b);
}

async function suspects({ moderation, out }: Session): Promise<void> {
  const list = await moderation.suspects();
  if (out.json) {
    for (const suspect of list) await out.object({ ...suspect, command: purgeOf(suspect) });
    return;
  }
  if (list.length === 0) await out.line("No page looks odd.");
  for (const suspect of list) {
    const { page, score, why, votes, matching, sampled, held } = suspect;
    await out.line(`${score.toFixed(2)}  ${printable(page)}`);
    for (const reason of why) await out.line(`      ${printable(reason)}`);
    const part = sampled ? ", of a part of the page's votes" : "";
    await out.line(
      `      ${matching.toLocaleString("en")} of ${votes.toLocaleString("en")} ${held > 0 ? "recent and held" : "recent"} votes match${part}:`,
    );
    await out.line(`      ${purgeOf(suspect)}`);
    if (held > 0)
      await out.line(
        `      reactions page release|discard ${quoted(page)} --source ${suspect.filter.source}`,
      );
  }
}

/** The command that purges what looks odd, fit to be pasted into a shell. */
function purgeOf({ filter: { page, source, since, until } }: Suspect): string {
  return `reactions page purge ${quoted(page)} --source ${source} --since ${since} --until ${until}`;
}

/** Single quotes keep everything but themselves; an id holds no control character, but marks of direction it may. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) && !word.startsWith("-")
    ? word
    : `-- '${printable(word).replaceAll("'", `'\\''`)}'`;
}
