/** The demo page at `/`. `?page=` names another story, or any page id that one likes to try. */
import { isObject } from "../../shared/contract/object.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const LANGUAGES: Readonly<Record<string, string>> = {
  en: "English",
  ko: "한국어",
  ja: "日本語",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
  es: "Español",
  fr: "Français",
  de: "Deutsch",
  pt: "Português",
  it: "Italiano",
  uk: "Українська",
  pl: "Polski",
  tr: "Türkçe",
  ar: "العربية",
  he: "עברית",
  vi: "Tiếng Việt",
  id: "Bahasa Indonesia",
  hi: "हिन्दी",
};

const RIGHT_TO_LEFT = new Set(["ar", "he"]);

const query = new URLSearchParams(location.search);
const page = query.get("page") || "the-last-ferry";

function find<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the demo page has no ${selector}`);
  return found;
}

const frame = find("#second", HTMLIFrameElement);
const language = find("#lang", HTMLSelectElement);
const theme = find("#theme", HTMLSelectElement);

for (const bar of document.querySelectorAll("reader-reactions")) bar.setAttribute("page", page);
find("#curl", HTMLElement).textContent =
  `curl ${location.origin}/v1/sites/default/votes \\\n  --json '${JSON.stringify({ page, reaction: DEFAULT_REACTIONS[0] })}'`;

for (const [tag, name] of Object.entries(LANGUAGES)) language.add(new Option(name, tag));
language.value = query.get("lang") ?? "en";
if (language.selectedIndex < 0) language.value = "en";

/** All that speaks the reader's language, in the one chosen. */
function speak(): void {
  const lang = language.value;
  const direction = RIGHT_TO_LEFT.has(lang) ? "rtl" : "ltr";
  for (const element of document.querySelectorAll<HTMLElement>("[data-words]")) {
    element.lang = lang;
    element.dir = direction;
  }
  frame.src = `/embed?${new URLSearchParams({ site: "default", page, lang })}`;
}
language.addEventListener("change", speak);
speak();

theme.addEventListener("change", () => {
  document.documentElement.dataset.theme = theme.value;
});

window.addEventListener("message", ({ data, source }: MessageEvent<unknown>) => {
  if (source !== frame.contentWindow || !isObject(data) || data.type !== "reader-reactions:height") return;
  if (typeof data.height === "number") frame.height = String(Math.min(data.height, 1_000));
});

if (page !== "the-last-ferry") void tellStory();

/** Puts the story of `page` in place of the one that the page came with; for an id without a story that one stays. */
async function tellStory(): Promise<void> {
  const stories: unknown = await (await fetch("/stories.json")).json();
  const story: unknown = Array.isArray(stories)
    ? stories.find((one) => isObject(one) && one.page === page)
    : undefined;
  if (!isObject(story) || !Array.isArray(story.text)) return;
  for (const part of ["section", "title", "lead"])
    find(`#${part}`, HTMLElement).textContent = String(story[part]);
  document.title = `${story.title} · The Orrin Courier`;
  const paragraphs = story.text.map((sentences) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = String(sentences);
    return paragraph;
  });
  find("#text", HTMLElement).replaceChildren(...paragraphs);
}
