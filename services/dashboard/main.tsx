/** The dashboard: what moves readers, now; served at `/dashboard`. */
import { render } from "preact";
import { App } from "./app.tsx";
import { speak, wantedLanguage } from "./words.ts";

const place = document.getElementById("app");
if (place === null) throw new Error("the dashboard's page has no place for it");
void speak(wantedLanguage()).then(() => render(<App />, place));
