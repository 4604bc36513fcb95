/** How the service itself is. */
import { useEffect, useState } from "preact/hooks";
import type { Latency, SystemState } from "../../../shared/contract/system.ts";
import { ChartFigure } from "../charts/chart-figure.tsx";
import type { ViewProps } from "../frame-props.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { rate, whole } from "../numbers.ts";
import { useAsk } from "../use-ask.ts";
import { counted, sentence, tag, words } from "../words.ts";
import { Processes } from "./processes.tsx";
import { RedisCard } from "./redis-card.tsx";
import { Tile } from "./tile.tsx";

const REFRESH_MS = 2_000;

/** Ten minutes of answers. */
const STATES_MAX = 300;

export function SystemView({ session }: ViewProps) {
  const say = words().system;
  const [past, setPast] = useState<readonly SystemState[]>([]);
  const asked = useAsk(() => session.newsroom.system(), [], REFRESH_MS);
  const state = asked.value;
  useEffect(() => {
    if (state === undefined) return;
    setPast((held) => (state.at > (held.at(-1)?.at ?? 0) ? [...held, state].slice(-STATES_MAX) : held));
  }, [state]);
  const refused = state === undefined ? undefined : sum(state.refusedPerSecond);
  return (
    <>
      <h1>{say.title}</h1>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <LoadingNote asked={asked} />
      {state === undefined ? null : (
        <>
          <dl class="tiles">
            <Tile name={say.accepted} value={rate(tag(), state.acceptedPerSecond)} />
            <Tile name={say.tallied} value={rate(tag(), state.talliedPerSecond)} />
            <Tile name={say.refused} value={rate(tag(), refused ?? 0)} />
            <Tile
              name={say.backlog}
              value={counted(say.jobs, state.backlog.jobs)}
              note={milliseconds(state.backlog.age_ms)}
              {...(state.backlog.age_ms > 10_000 ? { tone: "wrong" as const } : {})}
            />
            <Tile
              name={say.failed}
              value={whole(tag(), state.backlog.failed)}
              {...(state.backlog.failed > 0 ? { tone: "wrong" as const } : {})}
            />
          </dl>
          <div class="columns">
            <ChartFigure
              title={say.ratesTitle}
              at={past.length < 2 ? undefined : past.map(({ at }) => at)}
              series={[
                { name: say.accepted, colour: "#1c7ed6", values: past.map((one) => one.acceptedPerSecond) },
                { name: say.tallied, colour: "#2b8a3e", values: past.map((one) => one.talliedPerSecond) },
                {
                  name: say.refused,
                  colour: "#e8590c",
                  values: past.map((one) => sum(one.refusedPerSecond)),
                },
              ]}
              height={180}
              format={(value) => rate(tag(), value)}
            />
            <section class="card">
              <h2>{say.latencies}</h2>
              <table>
                <thead>
                  <tr>
                    <td />
                    <th scope="col">{say.median}</th>
                    <th scope="col">{say.worst}</th>
                  </tr>
                </thead>
                <tbody>
                  <LatencyRow name={say.commit} latency={state.commit} />
                  <LatencyRow name={say.tally} latency={state.tally} />
                </tbody>
              </table>
              <h3>{say.refusals}</h3>
              <Refusals codes={state.refusedPerSecond} />
            </section>
          </div>
          <Processes processes={state.processes} />
          <RedisCard redis={state.redis} />
        </>
      )}
    </>
  );
}

function LatencyRow({ name, latency }: { readonly name: string; readonly latency: Latency }) {
  const { nothing } = words().system;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{latency.p50_ms === null ? nothing : milliseconds(latency.p50_ms)}</td>
      <td>{latency.p99_ms === null ? nothing : milliseconds(latency.p99_ms)}</td>
    </tr>
  );
}

function Refusals({ codes }: { readonly codes: Readonly<Record<string, number>> }) {
  const rows = Object.entries(codes).sort(([, one], [, other]) => other - one);
  if (rows.length === 0) return <EmptyNote text={words().system.noRefusals} />;
  return (
    <dl class="facts">
      {rows.map(([code, n]) => (
        <div key={code}>
          <dt>
            <code>{code}</code>
          </dt>
          <dd>{rate(tag(), n)}</dd>
        </div>
      ))}
    </dl>
  );
}

function milliseconds(n: number): string {
  return sentence(words().system.milliseconds, { n: rate(tag(), n) });
}

function sum(rates: Readonly<Record<string, number>>): number {
  return Object.values(rates).reduce((total, n) => total + n, 0);
}
