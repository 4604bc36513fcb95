/** HTML for people. Whatever is put into a template is escaped; only what came out of one is not escaped again. */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A piece of HTML that is safe to put into another. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** A template of HTML; attribute values must stand in quotes. Lists are joined, undefined is nothing. */
export function html(
  pieces: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[] | undefined)[]
): Html {
  const text = pieces.map((piece, index) => {
    const value = index === 0 ? undefined : values[index - 1];
    if (value === undefined) return piece;
    if (value instanceof Html) return `${value}${piece}`;
    if (typeof value === "object") return `${value.join("")}${piece}`;
    return `${String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "")}${piece}`;
  });
  return new Html(text.join(""));
}

/**
 * What a small page may load, and who may frame it.
 * @param framers sources of `frame-ancestors`
 */
export function smallPagePolicy(framers: string): string {
  return `default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors ${framers}`;
}

/** A small page that says one thing, in the look of `small-page.css`. */
export function smallPage(title: string, body: Html): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/small-page.css">
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`}`;
}
