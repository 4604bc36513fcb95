/** Which keys do what. */
import type { RefObject } from "preact";
import { VIEWS } from "./route.ts";
import { keysOn, switchKeys, VIEW_KEYS } from "./shortcuts.ts";
import { words } from "./words.ts";

/**
 * Always there, and opened by whoever holds `dialog`: the browser alone knows whether it is open. A copy of that
 * in our state lags behind it, since a dialog says only later that it was closed, and a key pressed in between got lost.
 */
export function KeysHelp({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  const { keys: say, view } = words();
  const rows: readonly (readonly [string, string])[] = [
    ...VIEWS.map((name) => [VIEW_KEYS[name], view[name]] as const),
    ["j", say.next],
    ["k", say.previous],
    ["/", say.find],
    ["t", say.theme],
    ["w", say.wall],
    ["?", say.help],
    ["Esc", say.close],
  ];
  return (
    <dialog ref={dialog} aria-label={say.title}>
      <h2>{say.title}</h2>
      <dl class="keys">
        {rows.map(([key, deed]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{deed}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="buttons">
        <label class="check">
          <input
            type="checkbox"
            checked={keysOn()}
            onChange={(event) => switchKeys(event.currentTarget.checked)}
          />
          {say.on}
        </label>
        <button type="submit" class="main-button">
          {say.close}
        </button>
      </form>
    </dialog>
  );
}
