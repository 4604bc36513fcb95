/** What stands around every view: navigation, connection, language, theme, keys. */
import { useEffect, useRef } from "preact/hooks";
import { ConnectionBadge, StaleNote } from "./connection-badge.tsx";
import type { ViewProps } from "./frame-props.ts";
import { Icon } from "./icons.tsx";
import { KeysHelp } from "./keys-help.tsx";
import { pulse } from "./live.ts";
import { LookSwitches } from "./look-switches.tsx";
import { navigate, route } from "./navigate.ts";
import { VIEWS, type View, writeRoute } from "./route.ts";
import { signOut } from "./session.ts";
import { type Deed, listenToKeys } from "./shortcuts.ts";
import { chooseTheme, isDark } from "./theme.ts";
import { AlertsView } from "./views/alerts.tsx";
import { AuditView } from "./views/audit.tsx";
import { NowView } from "./views/now.tsx";
import { PageView } from "./views/page.tsx";
import { SystemView } from "./views/system.tsx";
import { isWall, switchWall, WALL_TURN_MS } from "./wall.ts";
import { nextOnWall } from "./wall-turns.ts";
import { words } from "./words.ts";

export function Frame({ session }: ViewProps) {
  const say = words();
  const shown = route();
  const wall = isWall();
  const main = useRef<HTMLElement>(null);
  const help = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const names: Readonly<Record<Deed["kind"], (deed: Deed) => void>> = {
      view: (deed) => deed.kind === "view" && navigate({ view: deed.view }),
      help: () => help.current?.showModal(),
      find: () => main.current?.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
      theme: () => chooseTheme(isDark() ? "light" : "dark"),
      wall: switchWall,
      next: () => moveFocus(main.current, 1),
      previous: () => moveFocus(main.current, -1),
    };
    return listenToKeys((deed) => names[deed.kind](deed));
  }, []);

  useEffect(() => {
    if (!wall) return undefined;
    const timer = setInterval(() => {
      navigate(nextOnWall(route(), pulse()?.hot.map(({ page }) => page) ?? []));
    }, WALL_TURN_MS);
    return () => clearInterval(timer);
  }, [wall]);

  useEffect(() => {
    document.title = `${say.view[shown.view]} · Reader Reactions`;
    window.scrollTo(0, 0);
  }, [shown.view, shown.page, say]);

  return (
    <div class={wall ? "frame wall" : "frame"}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {say.frame.skip}
      </button>
      <header>
        <p class="wordmark">
          Reader Reactions <span>{session.site}</span>
        </p>
        <nav aria-label={say.frame.views}>
          {VIEWS.map((view) => (
            <a key={view} href={writeRoute({ view })} aria-current={view === shown.view ? "page" : undefined}>
              <Icon name={view} />
              {say.view[view]}
            </a>
          ))}
        </nav>
        <div class="tools">
          <ConnectionBadge />
          {wall ? (
            <button type="button" class="small-button" onClick={switchWall}>
              {say.frame.leaveWall}
            </button>
          ) : (
            <>
              <LookSwitches />
              <button
                type="button"
                class="small-button keys-button"
                aria-label={say.frame.keys}
                onClick={() => help.current?.showModal()}
              >
                ?
              </button>
              <button type="button" class="small-button" onClick={() => signOut()}>
                {say.frame.signOut}
              </button>
            </>
          )}
        </div>
      </header>
      <StaleNote />
      <main id="main" ref={main} tabIndex={-1}>
        <Shown view={shown.view} session={session} />
      </main>
      <KeysHelp dialog={help} />
    </div>
  );
}

function Shown({ view, session }: ViewProps & { readonly view: View }) {
  if (view === "page") return <PageView session={session} />;
  if (view === "alerts") return <AlertsView session={session} />;
  if (view === "audit") return <AuditView session={session} />;
  if (view === "system") return <SystemView session={session} />;
  return <NowView session={session} />;
}

/** From row to row: whatever a view marks with `data-row`. */
function moveFocus(main: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(main?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const at = rows.findIndex((row) => row.matches(":focus"));
  rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}
