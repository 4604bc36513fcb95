import { describe, expect, it } from "vitest";
import { isPassing } from "../../services/worker/passing-error.ts";
import { TooFewReplicasError } from "../../shared/runtime/replicas.ts";

describe("failures of a tally", () => {
  it("V40: those of a Redis that is full, away, starting or on the move pass by themselves", () => {
    for (const message of [
      "OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:107.",
      "MISCONF Errors writing to the AOF file: No space left on device script: 1f, on @user_script:107.",
      "LOADING Redis is loading the dataset in memory",
      "MOVED 3999 127.0.0.1:6381",
      "Connection is closed.",
    ]) {
      expect(isPassing(new Error(message)), message).toBe(true);
    }
    expect(isPassing(new TooFewReplicasError("0 of 1 replicas have the write"))).toBe(true);
  });

  it("V40: those of the job or of the data do not", () => {
    for (const message of [
      "WRONGTYPE Operation against a key",
      "ERR user_script:1: attempt to index",
      "NOOMS",
    ]) {
      expect(isPassing(new Error(message)), message).toBe(false);
    }
  });
});
