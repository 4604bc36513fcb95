/** What needs containers that run: services/containers/check/run brings them up and gives PROXY_URL. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/containers/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One set of containers, which tests end and exhaust.
    fileParallelism: false,
  },
});
