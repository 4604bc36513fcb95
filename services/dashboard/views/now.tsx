/** What moves readers at this moment. */
import { ChartFigure } from "../charts/chart-figure.tsx";
import { PLAIN } from "../charts/palette.ts";
import type { ViewProps } from "../frame-props.ts";
import { beats, pulse } from "../live.ts";
import { rate, short, whole } from "../numbers.ts";
import { tag, words } from "../words.ts";
import { HotList } from "./hot-list.tsx";
import { Tile } from "./tile.tsx";
import { Totals } from "./totals.tsx";

/** The service's own pace: a commit that waits for less than this is under way. */
const CAUGHT_UP_MS = 1_000;

export function NowView({ session }: ViewProps) {
  const say = words();
  const now = pulse();
  const past = beats();
  const total = now === undefined ? undefined : Object.values(now.totals).reduce((sum, n) => sum + n, 0);
  return (
    <>
      <h1 class="unseen">{say.view.now}</h1>
      <dl class="tiles">
        <Tile name={say.now.rate} value={now && rate(tag(), now.votesPerSecond)} />
        <Tile name={say.now.total} value={total === undefined ? undefined : whole(tag(), total)} />
        <Tile name={say.now.viewers} value={now && short(tag(), now.viewers)} />
        <Backlog age_ms={now?.backlog.age_ms} />
      </dl>
      <div class="columns">
        <ChartFigure
          title={say.now.rate}
          note={say.now.rateNote}
          at={past.length < 2 ? undefined : past.map(({ at }) => at)}
          series={[
            {
              name: say.now.rate,
              colour: PLAIN,
              values: past.map(({ votesPerSecond }) => votesPerSecond),
            },
          ]}
          height={180}
          format={(value) => rate(tag(), value)}
        />
        <section class="card">
          <h2>{say.now.mood}</h2>
          {now === undefined ? <p class="empty">{say.now.waiting}</p> : <Totals counts={now.totals} />}
        </section>
      </div>
      <HotList session={session} />
    </>
  );
}

function Backlog({ age_ms }: { readonly age_ms: number | undefined }) {
  const say = words().now;
  if (age_ms === undefined) return <Tile name={say.backlog} value={undefined} />;
  const behind = age_ms >= CAUGHT_UP_MS;
  const value = behind ? say.seconds.replace("{n}", rate(tag(), age_ms / 1_000)) : say.caughtUp;
  return <Tile name={say.backlog} value={value} {...(age_ms > 10_000 ? { tone: "wrong" as const } : {})} />;
}
