/** Settings of a service that limits and holds as in production, of readers whose addresses a proxy tells. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** So high that nothing is refused for its speed: a refusal is a finding. What is held does not depend on them. */
const PLENTY = 1_000_000;

const SITES = [
  {
    id: "default",
    name: "Default",
    limits: {
      newPagesAMinute: PLENTY,
      newVotersAMinute: PLENTY,
      votesAMinuteOfVoter: PLENTY,
      votesAMinuteOfNetwork: PLENTY,
    },
  },
];

export interface LimitsEnv {
  readonly env: Readonly<Record<string, string>>;
  /** Takes the file away that the settings name. */
  remove(): void;
}

export function makeLimitsEnv(): LimitsEnv {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-sites-"));
  const file = join(folder, "sites.json");
  writeFileSync(file, JSON.stringify(SITES));
  return {
    env: { LIMITS: "on", TRUST_PROXY: "127.0.0.1", SITES_FILE: file },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
