import { runCommand } from "../../services/standalone/run-command.ts";

/** Where the proxy is reached; set by whoever brought the containers up. */
export const PROXY = process.env.PROXY_URL ?? "http://127.0.0.1:8080";

/** Runs `docker …` and resolves to what it said; rejects when it failed. */
export async function docker(...args: string[]): Promise<string> {
  const { ok, output } = await runCommand("docker", args, { ms_max: 110_000 });
  if (!ok) throw new Error(`docker ${args.join(" ")}: ${output}`);
  return output;
}

/** The container of a service of the compose project that runs. */
export function containerOf(service: string): Promise<string> {
  return docker("compose", "ps", "--quiet", "--all", service);
}

/** Runs a program in a service's container. */
export async function inside(service: string, ...command: string[]): Promise<string> {
  return docker("exec", await containerOf(service), ...command);
}

/** Asks from inside a service's container, as that container; resolves to the status and the body. */
export async function askFrom(
  service: string,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; body: string }> {
  const script = `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})
    .then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.text() })))`;
  const answer: unknown = JSON.parse(await inside(service, "node", "-e", script));
  return answer as { status: number; body: string };
}

/** The sum of a metric of one process, over all its labels. */
export async function metricOf(service: string, name: string): Promise<number> {
  const { body } = await askFrom(service, "http://127.0.0.1:3000/metrics");
  const samples = body
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
