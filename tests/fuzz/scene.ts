/** Where inputs are thrown: real processes on a Redis of their own, and what is known of them from outside. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis, type RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { COLLECTED_ENV } from "../faults/rig/live-memory.ts";
import { startTestBed, type TestBed } from "../faults/rig/test-bed.ts";
import { until } from "../support/reader.ts";
import { redisAddress } from "../support/redis-place.ts";
import type { ServiceProcess } from "../support/service-process.ts";
import { growthOf, type Memory, readMemory } from "./memory.ts";
import { type OpenApiDocument, readOpenApi } from "./openapi-document.ts";
import { Outcomes } from "./outcomes.ts";
import { ReadersState } from "./readers-state.ts";
import { Waiting } from "./waiting.ts";

export const ADMIN_TOKEN = "a-token-that-only-the-fuzzer-knows";

/** Workers get something done within that time; an order over all pages of a site takes seconds. */
const QUIET_MS_MAX = 60_000;

/** A quarter of what the service takes before it turns readers' orders away (`orders_full`): none is to be. */
const READERS_ORDERS_MAX = 250;

/** Draws the inputs of this batch. */
export type Draw = <Input>(arbitrary: fc.Arbitrary<Input>, count: number) => readonly Input[];

export interface ScenePlan {
  /** The sites of `SITES_FILE`, as it takes them. */
  readonly sites: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[];
  /** Those of them that readers vote on. */
  readonly voted: readonly string[];
  /** Further settings of every service. */
  readonly env?: Readonly<Record<string, string>>;
}

export class Scene {
  readonly outcomes = new Outcomes();
  readonly bed: TestBed;
  readonly redis: RedisConnection;
  readonly api: ServiceProcess;
  readonly realtime: ServiceProcess;
  readonly worker: ServiceProcess;
  /** What the API says that it does. */
  readonly document: OpenApiDocument;
  /** What must be there of each site that readers vote on. */
  readonly states: ReadonlyMap<string, ReadersState>;
  readonly #lifecycle: Lifecycle;
  readonly #waiting: Waiting;
  #grown = "";

  private constructor(
    bed: TestBed,
    document: OpenApiDocument,
    voted: readonly string[],
    lifecycle: Lifecycle,
  ) {
    const [api, realtime, worker] = [bed.apis[0], bed.realtimes[0], bed.workers[0]];
    if (api === undefined || realtime === undefined || worker === undefined)
      throw new Error("nothing to fuzz");
    [this.api, this.realtime, this.worker] = [api, realtime, worker];
    this.bed = bed;
    this.document = document;
    this.states = new Map(voted.map((site) => [site, new ReadersState(site)]));
    this.#lifecycle = lifecycle;
    this.redis = openRedis("worker", redisAddress(bed.place), lifecycle, openLog("fuzz", "silent"));
    this.#waiting = new Waiting(this.redis, bed.shards);
    lifecycle.onStop("waiting", () => this.#waiting.close());
  }

  static async begin({ sites, voted, env }: ScenePlan): Promise<Scene> {
    const lifecycle = new Lifecycle();
    const folder = mkdtempSync(join(tmpdir(), "reader-reactions-fuzz-"));
    lifecycle.onStop("settings", async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "sites.json");
    writeFileSync(file, JSON.stringify(sites.map((site) => ({ name: site.id, ...site }))));
    const settings = { ...COLLECTED_ENV, ADMIN_TOKEN, SITES_FILE: file, ...env };
    const bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1, env: settings });
    lifecycle.onStop("bed", () => bed.stop());
    return new Scene(bed, await readOpenApi(bed.apis[0]?.url ?? ""), voted, lifecycle);
  }

  /**
   * Plays batches of `size` inputs until there were `inputs`, or a fault; then looks at what all of it left behind.
   * @returns inputs that were thrown
   */
  async play(
    inputs: number,
    size: number,
    seed: number,
    batch: (draw: Draw) => Promise<void>,
  ): Promise<number> {
    const batches = Math.ceil(inputs / size);
    let early: { readonly memory: Memory; readonly batches: number } | undefined;
    let played = 0;
    for (; played < batches && this.outcomes.faults.length === 0; played++) {
      await this.#work(() => this.#waiting.readersOrders(), READERS_ORDERS_MAX);
      await batch((arbitrary, numRuns) => fc.sample(arbitrary, { numRuns, seed: seed + played }));
      if (played === Math.floor(batches / 4))
        early = { memory: await readMemory(this.bed, this.redis), batches: played + 1 };
    }
    await this.#work(() => this.#waiting.all(), 0);
    if (early !== undefined) {
      const since = (played - early.batches) * size;
      const growth = growthOf(early.memory, await readMemory(this.bed, this.redis), since);
      this.#grown = growth.said;
      for (const sentence of growth.faults) this.outcomes.fault(sentence, since);
    }
    for (const [site, state] of this.states)
      for (const sentence of await state.check(this.redis)) this.outcomes.fault(sentence, site);
    const failed = await this.#waiting.failed();
    if (failed > 0) this.outcomes.fault("jobs failed for good", failed);
    return played * size;
  }

  /**
   * Resolves when no more than `most` is left for the workers to do. That may take minutes, after a million inputs: many orders wait, each
   * for thousands of pages; but they must go on.
   */
  async #work(count: () => Promise<number>, most: number): Promise<void> {
    for (let left = await count(); left > most; ) {
      const before = left;
      const goesOn = async () => {
        left = await count();
        return left < before;
      };
      await until(`the workers to go on with ${before} jobs`, goesOn, QUIET_MS_MAX);
    }
  }

  /** By how much each process grew after a quarter of what was played. */
  get grown(): string {
    return this.#grown;
  }

  async stop(): Promise<void> {
    await this.#lifecycle.stop();
  }
}
