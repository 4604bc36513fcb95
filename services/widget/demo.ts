/** The demo page at `/`: any page id may be tried with `?page=`. */

const page = new URLSearchParams(location.search).get("page") ?? "the-last-ferry";

for (const bar of document.querySelectorAll("reader-reactions")) bar.setAttribute("page", page);
for (const link of document.querySelectorAll<HTMLAnchorElement>("#second")) link.href = location.href;
for (const code of document.querySelectorAll("#curl")) {
  code.textContent = `curl ${location.origin}/v1/sites/default/votes \\\n  --json '${JSON.stringify({ page, reaction: "great" })}'`;
}
