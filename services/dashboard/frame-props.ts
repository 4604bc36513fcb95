/** What every view is given. */
import type { Session } from "./session.ts";

export interface ViewProps {
  readonly session: Session;
}
