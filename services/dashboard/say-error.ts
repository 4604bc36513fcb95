/** What went wrong, in the viewer's language where we have words for it, else as the service says it. */
import type { ServiceError } from "../../shared/client/service-error.ts";
import { words } from "./words.ts";

export function sayError({ code, message }: ServiceError): string {
  const { errors } = words();
  return Object.hasOwn(errors, code) ? (errors[code] ?? message) : message;
}
