/** What a service does with settings of Redis that are wrong: it ends with one sentence, or waits and says why. */
import { expect, onTestFinished } from "vitest";
import { until, vote } from "./reader.ts";
import { type ServiceName, startProcess } from "./start-process.ts";

/** Starts a service that must end by itself; what it wrote. */
export async function refusedBy(name: ServiceName, env: Readonly<Record<string, string>>): Promise<string> {
  const service = startProcess(name, env);
  onTestFinished(() => service.kill());
  expect(await service.ended).toBe(1);
  return service.said();
}

/** Starts a service that must wait: what its log and its `/readyz` say; then it is asked to stop, and must. */
export async function waitsWith(
  name: ServiceName,
  env: Readonly<Record<string, string>>,
  reason: RegExp,
): Promise<string> {
  const service = startProcess(name, env);
  onTestFinished(() => service.kill());
  const address = await service.listens;
  await until("the reason at /readyz", async () => {
    const ready = await fetch(`${address}/readyz`);
    expect(ready.status).toBe(503);
    return reason.test(await ready.text());
  });
  await until("the reason in the log", () => reason.test(service.said()));
  if (name === "api") {
    expect(await vote(address, { page: "p", reaction: "great" })).toMatchObject({
      status: 503,
      body: { code: "unavailable" },
    });
  }
  expect((await service.stop()).code).toBe(0);
  expect(service.said()).not.toMatch(/^\s+at .+:\d+:\d+/m);
  return service.said();
}
