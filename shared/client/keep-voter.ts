import { isVoterToken } from "../contract/voter-token.ts";

/** Where a voter's token is kept. */
export interface VoterStore {
  /** The kept token; null when there is none. */
  get(): string | null;
  /** Keeps a token; null drops it. */
  set(token: string | null): void;
}

/**
 * A store in this page's own localStorage; no cookie. Where storage is forbidden (private windows, sandboxed frames) or
 * missing (Node) the token lasts as long as the store.
 */
export function keepVoter(site: string): VoterStore {
  const name = `reader-reactions:voter:${site}`;
  let lasting: string | null = null;
  return {
    get() {
      try {
        lasting = localStorage.getItem(name) ?? lasting;
      } catch {}
      return isVoterToken(lasting) ? lasting : null;
    },
    set(token) {
      lasting = token;
      try {
        if (token === null) localStorage.removeItem(name);
        else localStorage.setItem(name, token);
      } catch {}
    },
  };
}
