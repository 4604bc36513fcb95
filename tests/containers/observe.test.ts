import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { freshPage, tallied, until, vote } from "../support/reader.ts";
import { inside, PROXY } from "./compose.ts";

const PROMETHEUS = process.env.PROMETHEUS_URL ?? "http://127.0.0.1:9090";
const DASHBOARD = new URL("../../services/containers/grafana/dashboards/reactions.json", import.meta.url);

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

async function ask(expression: string): Promise<{ status: string; series: number; error: string }> {
  const query = expression.replaceAll("$__rate_interval", "1m");
  const answer = await fetch(`${PROMETHEUS}/api/v1/query?${new URLSearchParams({ query })}`);
  const { status, data, error } = (await answer.json()) as {
    status: string;
    data?: { result: unknown[] };
    error?: string;
  };
  return { status, series: data?.result.length ?? 0, error: error ?? "" };
}

describe("profile observe", () => {
  it("S43: Prometheus takes its configuration and reaches every process", async () => {
    const said = await inside("prometheus", "promtool", "check", "config", "/etc/prometheus.yml");
    expect(said).toContain("is valid");
    await until("six processes", async () => (await ask("up == 1")).series === 6, 60_000);
  });

  it("S43: every graph of the dashboard shows something once there are votes", async () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, "utf8")) as Dashboard;
    expect(panels.length).toBeGreaterThan(10);
    await tallied(PROXY, { page: freshPage(), reaction: "great" });
    expect((await vote(PROXY, { page: freshPage(), reaction: "nonsense" })).status).toBe(400);
    for (const { title, targets } of panels) {
      for (const { expr } of targets)
        await until(
          `${title}: ${expr}`,
          async () => {
            const { status, series, error } = await ask(expr);
            expect(status, `${title}: ${error}`).toBe("success");
            return series > 0;
          },
          60_000,
        );
    }
  });
});
