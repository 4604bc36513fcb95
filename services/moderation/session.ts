/** What every command works with: the service, the output, and the end. */
import type { Command } from "commander";
import { Moderation, Reactions } from "../../shared/client/client.ts";
import { Out } from "./printing/out.ts";
import { UsageError } from "./usage-error.ts";

/** What comes from the environment. */
export interface Surroundings {
  readonly token: string | undefined;
  readonly endpoint: string;
  readonly site: string;
}

export class Session {
  readonly out: Out;
  readonly endpoint: string;
  readonly site: string;
  readonly reactions: Reactions;
  /** Fires on Ctrl-C. */
  readonly ending: AbortSignal;
  readonly #token: string | undefined;

  constructor(command: Command, { token }: Surroundings, ending: AbortSignal) {
    const { endpoint, site, json } = command.optsWithGlobals<{
      endpoint: string;
      site: string;
      json?: true;
    }>();
    this.out = new Out(json === true);
    if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
      throw new UsageError(
        `--endpoint: expected an address like https://reactions.example, got ${JSON.stringify(endpoint)}`,
      );
    }
    this.endpoint = endpoint.replace(/\/+$/, "");
    this.site = site;
    this.reactions = new Reactions({ endpoint: this.endpoint, site });
    this.ending = ending;
    this.#token = token;
  }

  /** Whether there is a token at all. */
  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** @throws UsageError without a token */
  get moderation(): Moderation {
    if (this.#token === undefined) {
      throw new UsageError("This needs a moderator's token: set REACTIONS_TOKEN in the environment.");
    }
    return new Moderation({ endpoint: this.endpoint, site: this.site, token: this.#token });
  }
}
