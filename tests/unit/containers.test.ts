/** The files that containers run with say the same as the code. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { redisArguments } from "../../services/standalone/redis-arguments.ts";
import { PROBLEM_CODES, problem } from "../../shared/contract/problems.ts";

const root = new URL("../../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), "utf8");
const compose = read("docker-compose.yml");

describe("containers", () => {
  it("S40: the compose file gives the services only settings that there are", () => {
    const known = [...read("shared/runtime/config.ts").matchAll(/^ {2}([A-Z_]+): setting\(/gm)].map(
      ([, name]) => name,
    );
    const [, block = ""] = /^ {2}environment:\n((?: {4}.*\n)+)/m.exec(compose) ?? [];
    const given = [...block.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(given).toContain("REDIS_CLUSTER");
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("S40: a Redis in a container is told what every Redis of ours is told", () => {
    const words = redisArguments({ bind: "0.0.0.0", port: 6379, dir: "/data" });
    const expected = words.flatMap((word, i) =>
      word.startsWith("--") ? [`${word.slice(2)} ${words[i + 1] || '""'}`] : [],
    );
    const lines = read("services/containers/redis.conf").split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
      ...expected,
      "protected-mode no",
    ]);
  });

  it("S42: the proxy refuses in the words of the services", () => {
    const conf = read("services/containers/nginx.conf");
    const refusals = [...conf.matchAll(/location = \/refused\/(\w+) \{[^}]*?return (\d+) '(.*)';/g)];
    expect(refusals.length).toBeGreaterThan(3);
    for (const [, code, status, body = ""] of refusals) {
      const known = PROBLEM_CODES.find((name) => name === code) ?? expect.unreachable(`no problem ${code}`);
      expect(JSON.parse(body.replaceAll("\\'", "'"))).toEqual(problem(known));
      expect(Number(status)).toBe(problem(known).status);
    }
    const named = [...conf.matchAll(/error_page [\d ]+= \/refused\/(\w+);/g)].map(([, code]) => code);
    expect(named.sort()).toEqual(refusals.map(([, code]) => code).sort());
  });

  it("S44: the proxy passes on no host that a client claims", () => {
    expect(read("services/containers/nginx.conf")).toMatch(/^ {4}proxy_set_header X-Forwarded-Host "";$/m);
  });

  it("S43: Prometheus looks at every process of the compose file", () => {
    const targets = read("services/containers/prometheus.yml").match(/[a-z]+-\d(?=:3000)/g) ?? [];
    const processes = compose.match(/^ {2}(?:api|worker|realtime)-\d(?=:$)/gm)?.map((name) => name.trim());
    expect(targets.sort()).toEqual(processes?.sort());
  });

  it("S43: the dashboard asks for metrics that there are", () => {
    const asked =
      read("services/containers/grafana/dashboards/reactions.json").match(/reactions_[a-z_]+/g) ?? [];
    expect(asked.length).toBeGreaterThan(10);
    expect(unknownAmong(asked)).toEqual([]);
  });

  it("S119: the alerts of the README and of docs ask for metrics that there are", () => {
    for (const file of ["README.md", "docs/CAPACITY.md"]) {
      const asked = read(file).match(/reactions_[a-z_]+/g) ?? [];
      expect(asked.length).toBeGreaterThan(3);
      expect(unknownAmong(asked)).toEqual([]);
    }
    const [, alerts = ""] = /\n\| alert (.*?)\n\n/s.exec(read("README.md")) ?? [];
    expect(alerts.split("\n").length).toBeGreaterThan(10);
  });
});

/** Metrics that no source names; a histogram's parts stand for it. */
function unknownAmong(asked: readonly string[]): readonly string[] {
  const code = ["shared", "services"].flatMap((top) =>
    readdirSync(new URL(`${top}/`, root), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => read(`${top}/${file}`)),
  );
  const known = new Set(code.flatMap((text) => text.match(/(?<=")reactions_[a-z_]+(?=")/g) ?? []));
  const metrics = asked.map((name) => name.replace(/_(?:bucket|sum|count)$/, ""));
  return [...new Set(metrics)].filter((name) => !known.has(name));
}
