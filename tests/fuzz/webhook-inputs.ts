/** Webhooks of few names that come, change and go: by chance alone hardly any name is a webhook's. */
import fc from "fast-check";
import { ALERT_KINDS } from "../../shared/contract/alerts.ts";
import { WEBHOOK_FORMATS } from "../../shared/contract/webhooks.ts";
import type { OpenApiInput } from "./openapi-inputs.ts";

/** None of these addresses leads anywhere (RFC 2606). */
const url = fc.constantFrom(
  "https://hook.invalid/x",
  "http://hook.invalid:8080/?x=%C3%A9",
  "ftp://hook.invalid",
);

const request = fc.record(
  {
    url,
    format: fc.constantFrom(...WEBHOOK_FORMATS),
    kinds: fc.subarray([...ALERT_KINDS]),
  },
  { requiredKeys: ["url"] },
);

export function webhookInputs(site: string, bearer: string): fc.Arbitrary<OpenApiInput> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
  const route = "/v1/sites/{site}/webhooks/{name}";
  return fc
    .record({
      name: fc.constantFrom("desk", "night-desk", "chat"),
      how: fc.constantFrom(["PUT", route], ["POST", `${route}/secret`], ["DELETE", route]),
      request,
    })
    .map(({ name, how: [method = "", path = ""], request: body }) => ({
      operation: `${method} ${path}`,
      method,
      path: path.replace("{site}", site).replace("{name}", name),
      headers,
      body: method === "PUT" ? JSON.stringify(body) : undefined,
    }));
}
