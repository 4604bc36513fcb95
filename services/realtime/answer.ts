import type { Ack, Answer } from "../../shared/contract/events.ts";
import { Refusal, socketProblem } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";

/** Told of every event that was refused. */
export type OnRefused = (refusal: Refusal) => void;

/**
 * Answers one event: with the fields that `work` resolves to, or with the refusal that it throws. Clients may send anything,
 * so `answer` may be missing; then the work is done all the same.
 */
export async function answerEvent<Fields extends object>(
  answer: Answer<Fields> | undefined,
  work: () => Promise<Fields>,
  onRefused: OnRefused,
  log: Log,
): Promise<void> {
  let ack: Ack<Fields>;
  try {
    ack = { ok: true, ...(await work()) };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal("internal_error");
    if (refusal !== error) log.error({ err: error }, "an event failed");
    onRefused(refusal);
    ack = { ok: false, problem: socketProblem(refusal) };
  }
  if (typeof answer === "function") answer(ack);
}
