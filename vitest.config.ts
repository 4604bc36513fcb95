import { defineConfig } from "vitest/config";

/** Slow tests whose Redis processes are their own, whether a Docker engine answers or not: they need nothing of one. */
const SLOW_WITHOUT_ENGINE = [
  "tests/faults/{crash,full-disk,kill}.test.ts",
  "tests/integration/{cluster-faults,sentinels,test-cluster,tls}.test.ts",
];

/** Slow tests whose Redis, or that of the whole run, is in a container where an engine answers. */
const SLOW_WITH_ENGINE = [
  "tests/faults/{missed-counts,redis-away,stranded-connections}.test.ts",
  "tests/integration/{orders-killed,processes,wrong-redis}.test.ts",
];

/** Tests that kill, freeze and restart real processes, or whole clusters of Redis: `npm run test:slow`. */
const SLOW = [...SLOW_WITHOUT_ENGINE, ...SLOW_WITH_ENGINE];

/**
 * `TESTS`: `slow` for those alone, `all` for every test, `containers` for the integration and slow tests to which it matters whether
 * Redis is in a container; without it all but the slow ones.
 */
const asked = process.env.TESTS;

const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  slow: SLOW,
  containers: ["tests/integration/**/*.test.ts", ...SLOW_WITH_ENGINE],
};

const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  slow: [],
  all: [],
  containers: SLOW_WITHOUT_ENGINE,
};

export default defineConfig({
  test: {
    include: [...(INCLUDED[asked ?? ""] ?? ["tests/**/*.test.ts"])],
    // Of containers that run: npm run check:containers.
    exclude: ["tests/containers/**", ...(EXCLUDED[asked ?? ""] ?? SLOW)],
    globalSetup: ["tests/support/build-once.ts", "tests/support/global-redis.ts"],
    // Six processes that sync every write share the machine with the tests then.
    testTimeout: process.env.TEST_REDIS === "cluster" ? 120_000 : 30_000,
    hookTimeout: 60_000,
    // Two cores: more processes than that would measure each other.
    maxWorkers: 2,
    // Files share their worker's modules: to load BullMQ and socket.io anew for each took a third of the time.
    isolate: false,
  },
});
