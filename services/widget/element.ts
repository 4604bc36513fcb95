/** A new element, whose class is its part; children are nodes or text, never HTML. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  set(made, attributes, children);
  made.className ||= attributes.part ?? "";
  return made;
}

/** A drawing on a 24 by 24 grid; the first path is the one that a pressed button fills. */
export function makeIcon(paths: readonly string[]): SVGElement {
  const draw = (
    name: string,
    attributes: Readonly<Record<string, string>>,
    children: readonly Node[] = [],
  ) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    set(made, attributes, children);
    return made as SVGElement;
  };
  return draw(
    "svg",
    { viewBox: "0 0 24 24" },
    paths.map((d) => draw("path", { d })),
  );
}

function set(
  made: Element,
  attributes: Readonly<Record<string, string>>,
  children: readonly (Node | string)[],
): void {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
}
