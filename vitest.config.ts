import { defineConfig } from "vitest/config";

/** Tests that kill, freeze and restart real processes, or whole clusters of Redis: `npm run test:slow`. */
const SLOW = [
  "tests/faults/{full-disk,kill,missed-counts,redis-away}.test.ts",
  "tests/integration/{cluster-faults,processes,sentinels,test-cluster,tls,wrong-redis}.test.ts",
];

/** `TESTS`: `slow` for those alone, `all` for every test; without it all but those. */
const asked = process.env.TESTS;

export default defineConfig({
  test: {
    include: asked === "slow" ? SLOW : ["tests/**/*.test.ts"],
    // Of containers that run: npm run check:containers.
    exclude: ["tests/containers/**", ...(asked === undefined ? SLOW : [])],
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
