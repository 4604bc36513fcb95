/** One thing at a time that may fail: a button's state while it waits. */
import { useState } from "preact/hooks";
import { toServiceError } from "../../../shared/client/service-error.ts";
import { sayError } from "../say-error.ts";
import { signOut } from "../session.ts";

export interface Deed {
  readonly busy: boolean;
  /** Why the last one failed, as a sentence. */
  readonly refusal: string | undefined;
  readonly run: (deed: () => Promise<void>) => void;
}

export function useDeed(): Deed {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const carry = async (deed: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await deed();
    } catch (thrown) {
      const error = toServiceError(thrown);
      if (error.code === "token_invalid") signOut("token_invalid");
      setRefusal(sayError(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, run: (deed) => void carry(deed) };
}
