import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Of containers that run: npm run check:containers.
    exclude: ["tests/containers/**"],
    globalSetup: ["tests/support/build-once.ts", "tests/support/global-redis.ts"],
    // Six processes that sync every write share the machine with the tests then.
    testTimeout: process.env.TEST_REDIS === "cluster" ? 120_000 : 30_000,
    hookTimeout: 60_000,
    // Two cores: more processes than that would measure each other.
    maxWorkers: 2,
  },
});
