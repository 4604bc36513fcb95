/**
 * What a language has to say. English gives the shape; a file `locales/<tag>.ts` of this type beside it adds a language, and
 * nothing else is needed.
 */
import type en from "./locales/en.ts";

export type Messages = typeof en;
