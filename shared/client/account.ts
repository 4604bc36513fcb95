/** Lets a client speak for a reader who signed in with the publisher. */
import type { HttpReactions } from "./http-reactions.ts";
import type { VoterStore } from "./keep-voter.ts";

/** Gives the account's token out and keeps the anonymous one, until its votes have moved. */
class AccountStore implements VoterStore {
  readonly anonymous: VoterStore;
  readonly #account: string;

  constructor(anonymous: VoterStore, account: string) {
    this.anonymous = anonymous;
    this.#account = account;
  }

  get(): string {
    return this.#account;
  }

  /** A token that was asked for before the reader signed in must not be lost: a vote may be sent with it. */
  set(token: string | null): void {
    if (token !== null) this.anonymous.set(token);
  }
}

/**
 * From now on the client votes as this account.
 * @param account the publisher's JWT; null: the reader signed out, and is the anonymous voter of this browser again
 */
export function useAccount(client: HttpReactions, account: string | null): void {
  const { keeper } = client;
  const anonymous = keeper instanceof AccountStore ? keeper.anonymous : keeper;
  client.keeper = account === null ? anonymous : new AccountStore(anonymous, account);
}

/**
 * Moves what this browser voted anonymously to the account, and forgets the anonymous voter. May be tried again whenever it
 * failed: the anonymous token is kept until the service has taken the order.
 * @returns whether there was anything to move
 * @throws ServiceError
 */
export async function moveToAccount(client: HttpReactions): Promise<boolean> {
  const { keeper } = client;
  const voter = keeper instanceof AccountStore ? keeper.anonymous.get() : null;
  if (!(keeper instanceof AccountStore) || voter === null) return false;
  await client.post("voters/self/move", { voter, account: keeper.get() });
  if (keeper.anonymous.get() === voter) keeper.anonymous.set(null);
  return true;
}
