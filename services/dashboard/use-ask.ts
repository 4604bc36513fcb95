/** Asks the service for something to show, again when what it depends on changes and every now and then. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type ServiceError, toServiceError } from "../../shared/client/service-error.ts";
import { signOut } from "./session.ts";

export interface Asked<Value> {
  /** The newest answer; stays while a later question fails. */
  readonly value: Value | undefined;
  /** Why the newest question had none; undefined when it had. */
  readonly error: ServiceError | undefined;
  /** Asks now. */
  readonly again: () => void;
}

/**
 * @param on what the question depends on; a change forgets the old answer and asks at once
 * @param every_ms asks again after this long, while the tab is seen
 */
export function useAsk<Value>(
  ask: () => Promise<Value>,
  on: readonly unknown[],
  every_ms?: number,
): Asked<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: ServiceError }>({ key: "" });
  const [turn, setTurn] = useState(0);
  const newest = useRef(ask);
  newest.current = ask;
  const key = JSON.stringify(on);

  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const value = await newest.current();
        if (!gone) setState({ key, value });
      } catch (thrown) {
        if (gone) return;
        const error = toServiceError(thrown);
        if (error.code === "token_invalid") return signOut("token_invalid");
        setState((old) => (old.key === key ? { ...old, error } : { key, error }));
      }
      if (!gone && every_ms !== undefined) timer = setTimeout(lookIfSeen, every_ms);
    };
    const lookIfSeen = (): void => {
      if (document.hidden) timer = setTimeout(lookIfSeen, every_ms);
      else void look();
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key, turn, every_ms]);

  const fits = state.key === key;
  return {
    value: fits ? state.value : undefined,
    error: fits ? state.error : undefined,
    again: () => setTurn((n) => n + 1),
  };
}
