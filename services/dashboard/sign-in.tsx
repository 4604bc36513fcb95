/** The door: a site and a moderator's token. */
import { useState } from "preact/hooks";
import { toServiceError } from "../../shared/client/service-error.ts";
import { LookSwitches } from "./look-switches.tsx";
import { sayError } from "./say-error.ts";
import { proposedSite, signIn, whySignedOut } from "./session.ts";
import { words } from "./words.ts";

export function SignIn() {
  const say = words().signIn;
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const why = refusal ?? (whySignedOut() === undefined ? undefined : say.ended);

  async function enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    try {
      await signIn(String(fields.get("site")).trim(), String(fields.get("token")).trim());
    } catch (error) {
      setRefusal(sayError(toServiceError(error)));
      setBusy(false);
    }
  }

  return (
    <main class="door">
      <form class="card" onSubmit={enter} autocomplete="off">
        <p class="wordmark">Reader Reactions</p>
        <h1>{say.title}</h1>
        <p class="quiet">{say.how}</p>
        <label>
          {say.site}
          <input name="site" required value={proposedSite()} spellcheck={false} autocapitalize="off" />
        </label>
        <label>
          {say.token}
          <input name="token" type="password" required autocomplete="off" spellcheck={false} />
        </label>
        {why === undefined ? null : (
          <p class="wrong" role="alert">
            {why}
          </p>
        )}
        <button type="submit" class="main-button" disabled={busy}>
          {busy ? say.checking : say.enter}
        </button>
        <p class="quiet small">{say.kept}</p>
      </form>
      <LookSwitches />
    </main>
  );
}
