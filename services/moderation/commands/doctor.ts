/** `reactions doctor`: whether the service can be reached and is well. */
import { type Moderation, ServiceError } from "../../../shared/client/client.ts";
import { isObject } from "../../../shared/contract/object.ts";
import type { ServiceState } from "../../../shared/contract/service-state.ts";
import { printable } from "../printing/printable.ts";
import type { Session } from "../session.ts";
import type { AddCommand } from "./command.ts";

/** One thing that was looked at. */
interface Finding {
  readonly check: string;
  /** `warning`: it works, but something should be changed. */
  readonly state: "well" | "warning" | "ill";
  readonly found: string;
}

/** Something is ill; the findings have said what. */
export class Ill extends Error {
  override readonly name = "Ill";
}

/** A clock that is wrong by more makes `--since 10m` mean something else. */
const CLOCK_MS_MAX = 5_000;
const BACKLOG_MS_MAX = 15_000;
const ANSWER_MS_MAX = 5_000;

export const addDoctor: AddCommand = (program, action) => {
  program
    .command("doctor")
    .description(
      "look whether the service answers, takes votes, keeps them, has the right time and no backlog",
    )
    .action(action(doctor));
};

async function doctor(session: Session): Promise<void> {
  const { out } = session;
  const findings: Finding[] = [];
  const tell = async (...found: readonly Finding[]): Promise<void> => {
    for (const finding of found) {
      findings.push(finding);
      if (out.json) await out.object(finding);
      else await out.line(`${finding.state.padEnd(8)}${finding.check.padEnd(12)}${printable(finding.found)}`);
    }
  };
  const answers = await reach(session);
  await tell(answers);
  if (answers.state !== "ill") {
    await tell(await ready(session), await site(session));
    if (session.hasToken) await tell(...(await state(session.moderation)));
    else
      await tell({
        check: "token",
        state: "warning",
        found: "REACTIONS_TOKEN is not set, so the rest is not shown.",
      });
  }
  const ill = findings.filter((finding) => finding.state === "ill").length;
  if (ill > 0) throw new Ill(`${ill} of ${findings.length} checks found something ill.`);
}

async function reach({ endpoint }: Session): Promise<Finding> {
  const began_ms = performance.now();
  const answer = await get(`${endpoint}/healthz`);
  const took_ms = Math.round(performance.now() - began_ms);
  return isObject(answer) && answer.ok === true
    ? { check: "reachable", state: "well", found: `${endpoint} answers in ${took_ms} ms.` }
    : { check: "reachable", state: "ill", found: `${endpoint} does not answer as this service does.` };
}

async function ready({ endpoint }: Session): Promise<Finding> {
  const answer = await get(`${endpoint}/readyz`);
  if (isObject(answer) && answer.ok === true)
    return { check: "votes", state: "well", found: "Votes are taken." };
  const reasons = isObject(answer) && isObject(answer.reasons) ? Object.entries(answer.reasons) : [];
  const said = reasons.map(([part, reason]) => `${part}: ${String(reason)}`).join("; ");
  return { check: "votes", state: "ill", found: said === "" ? "No word on whether votes are taken." : said };
}

async function site({ reactions, site: id }: Session): Promise<Finding> {
  try {
    const [counts] = await reactions.counts(["-"]);
    const names = Object.keys(counts?.counts ?? {}).join(", ");
    return { check: "site", state: "well", found: `${id} has the reactions ${names}.` };
  } catch (error) {
    return { check: "site", state: "ill", found: sentence(error) };
  }
}

async function state(moderation: Moderation): Promise<readonly Finding[]> {
  const asked_ms = Date.now();
  let found: ServiceState;
  try {
    found = await moderation.state();
  } catch (error) {
    return [{ check: "token", state: "ill", found: sentence(error) }];
  }
  const middle_ms = (asked_ms + Date.now()) / 2;
  const off_ms = Math.round(middle_ms - found.now);
  const backlog_s = Math.round(found.backlogAge_ms / 1_000);
  return [
    { check: "token", state: "well", found: "The token is known." },
    { check: "version", state: "well", found: found.version },
    {
      check: "clock",
      state: Math.abs(off_ms) > CLOCK_MS_MAX ? "warning" : "well",
      found: `This machine is ${Math.abs(off_ms)} ms ${off_ms < 0 ? "behind" : "ahead of"} Redis.`,
    },
    {
      check: "backlog",
      state: found.backlogAge_ms > BACKLOG_MS_MAX ? "ill" : "well",
      found: backlog_s === 0 ? "No vote waits." : `The oldest vote has waited ${backlog_s} s for a worker.`,
    },
    { check: "durability", state: found.warnings.length > 0 ? "warning" : "well", found: found.durability },
    ...found.warnings.map((warning): Finding => ({ check: "settings", state: "warning", found: warning })),
  ];
}

async function get(url: string): Promise<unknown> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })).json();
  } catch {
    return undefined;
  }
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ServiceError ? `${message} (${error.code})` : message;
}
