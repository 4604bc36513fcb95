/** Which keys do what. */
import { Modal } from "./modal.tsx";
import { VIEWS } from "./route.ts";
import { keysOn, switchKeys, VIEW_KEYS } from "./shortcuts.ts";
import { words } from "./words.ts";

export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
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
    <Modal title={say.title} onClose={onClose}>
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
    </Modal>
  );
}
