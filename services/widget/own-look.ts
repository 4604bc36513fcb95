/** A publisher's own labels and icons from a JSON script inside the tag. Slots need no reading: the browser draws them. */
import { isObject } from "../../shared/contract/object.ts";

export interface OwnLook {
  /** The publisher's label of a reaction. */
  readonly label: (reaction: string) => string | undefined;
  /** The publisher's icon: the address of a picture, or text such as an emoji. */
  readonly icon: (reaction: string) => string | undefined;
}

/** Reads `<script type="application/json">{"labels":{…},"icons":{…}}</script>`; faulty JSON is passed over. */
export function readOwnLook(host: HTMLElement): OwnLook {
  const { labels, icons } = parse(host.querySelector('script[type="application/json"]')?.textContent ?? "");
  return { label: (reaction) => textIn(labels, reaction), icon: (reaction) => textIn(icons, reaction) };
}

/** Whether an icon is the address of a picture rather than text. */
export function isPicture(icon: string): boolean {
  return /^(?:https?:\/\/|\/|data:image\/)/.test(icon);
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function textIn(values: unknown, name: string): string | undefined {
  const text = isObject(values) && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof text === "string" ? text : undefined;
}
