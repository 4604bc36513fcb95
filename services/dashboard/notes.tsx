/** What stands where there is nothing to show: why, and what to do. */
import type { ServiceError } from "../../shared/client/service-error.ts";
import { sayError } from "./say-error.ts";
import type { Asked } from "./use-ask.ts";
import { words } from "./words.ts";

export interface ErrorNoteProps {
  readonly error: ServiceError;
  readonly again: () => void;
}

export function ErrorNote({ error, again }: ErrorNoteProps) {
  const say = words().error;
  return (
    <div class="note wrong" role="alert">
      <p>
        <b>{say.title}.</b> {sayError(error)}
      </p>
      <button type="button" class="small-button" onClick={again}>
        {say.again}
      </button>
    </div>
  );
}

/** While the first answer is under way: nothing jumps when it comes, and nothing looks empty that is not. */
export function LoadingNote({ asked }: { readonly asked: Pick<Asked<unknown>, "value" | "error"> }) {
  if (asked.value !== undefined || asked.error !== undefined) return null;
  return <EmptyNote text={words().loading} />;
}

export function EmptyNote({ text }: { readonly text: string }) {
  return <p class="note empty">{text}</p>;
}
