/** What a language has to say: one file each beside this one. */
import type { EachDefault } from "../../../shared/contract/reactions.ts";

/** Phrases with a number, by plural category (CLDR); `{n}` stands for the number. */
export type Phrases = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** The words of the first picture. */
export interface Names {
  readonly direction?: "rtl";
  /** Name of the group of buttons. */
  readonly group: string;
  /** Names of the reactions that a site has unless it chose its own. */
  readonly labels: EachDefault<string>;
}

/** What the bar says beyond names. */
export interface Sentences {
  /** How many chose one reaction: read out after its label. */
  readonly votes: Phrases;
  /** How many answered in all. */
  readonly total: Phrases;
  /** A vote waits until the service can be reached. */
  readonly kept: string;
  /** A vote was refused. */
  readonly refused: string;
  /** Only readers who signed in may vote, or the sign-in has ended. */
  readonly signIn: string;
  /** A page takes no more votes. */
  readonly frozen: string;
  /** A page shows no counts. */
  readonly hidden: string;
  /** The counts cannot be had for the time being. */
  readonly away: string;
  /** There is nothing to show: unknown site, faulty page. */
  readonly missing: string;
}

/** All words of one language; the English sentences come with the part that loads later. */
export type Locale = Names & Partial<Sentences>;
