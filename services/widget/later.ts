/** Everything that a bar does not need for its first picture and for votes over HTTP: one file, loaded when there is time. */
export { Companion } from "./companion.ts";
