/** Asks for a site's standing rules once for all calls that come back in the same turn of the event loop. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { type AskRules, askRules, type LateRules } from "./enforce-rules.ts";

interface Asking {
  /** The oldest stamp among the votes of all who ask, ms. */
  oldest: number;
  readonly answer: Promise<LateRules>;
}

/** The question is sent after everyone who joined it had written their votes, as the rules need it. */
export function askRulesTogether(redis: RedisConnection): AskRules {
  const sites = new Map<string, Asking>();
  const ask = async (site: string): Promise<LateRules> => {
    await new Promise(setImmediate);
    const oldest = sites.get(site)?.oldest ?? 0;
    sites.delete(site);
    return await askRules(redis, site, oldest);
  };
  return (site, oldest) => {
    const asking = sites.get(site) ?? { oldest, answer: ask(site) };
    asking.oldest = Math.min(asking.oldest, oldest);
    sites.set(site, asking);
    return asking.answer;
  };
}
