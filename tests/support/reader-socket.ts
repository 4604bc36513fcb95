import type { Socket } from "socket.io-client";
import type { ClientEvents, ServerEvents } from "../../shared/contract/events.ts";

/** A socket of socket.io's own client, as a reader has it: what our client is held against. */
export type ReaderSocket = Socket<ServerEvents, ClientEvents>;
