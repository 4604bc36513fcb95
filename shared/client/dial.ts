/** What is used of an open websocket: a browser's, or one of the package `ws`. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

/**
 * Begins to open a websocket. Node has one of its own from version 22 on.
 * @param hear called with each message
 * @param closed called when the connection ends, or could not be made
 * @throws whatever keeps it from beginning: an address that is none, a policy of the page
 */
export async function dial(
  address: string,
  hear: (data: unknown) => void,
  closed: () => void,
): Promise<Wire> {
  const { WebSocket } = globalThis.WebSocket ? globalThis : await import("ws");
  const wire = new WebSocket(address);
  wire.onmessage = ({ data }: { readonly data: unknown }) => hear(data);
  wire.onclose = closed;
  // That it ends is told in any case; but an error of `ws` that nobody hears would end the process.
  wire.onerror = () => {};
  return wire;
}
