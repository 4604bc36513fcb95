/** What tests of the tag play on: the service, a publisher's site on another origin, and Chromium. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { startChromium } from "./chromium.ts";
import { type PublisherPage, startPublisher } from "./publisher-page.ts";
import { startService, type TestService } from "./start-service.ts";

/** There while the tests of its `describe` run, not before. */
export interface Stage {
  readonly service: TestService;
  readonly publisher: PublisherPage;
  readonly browser: Browser;
}

/**
 * Begun before the tests of the `describe` that this is called in, ended after them.
 * @param env settings of the service that differ from a test's usual ones
 */
export function setStage(env: Readonly<Record<string, string>> = {}): Stage {
  const stage: { service?: TestService; publisher?: PublisherPage; browser?: Browser } = {};
  beforeAll(async () => {
    [stage.service, stage.publisher, stage.browser] = await Promise.all([
      startService(inject("redisUrl"), env),
      startPublisher(),
      startChromium(),
    ]);
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.publisher?.close();
    await stage.service?.stop();
  });
  return {
    get service() {
      return begun(stage.service);
    },
    get publisher() {
      return begun(stage.publisher);
    },
    get browser() {
      return begun(stage.browser);
    },
  };
}

function begun<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error("asked for before the tests began");
  return part;
}
