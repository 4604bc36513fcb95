/** Stamps, Unix ms, are below this: a voter's record has 42 bits for one, which last until the year 2109. */
export const STAMP_MS_END = 2 ** 42;

/** No stamp is later. */
export const STAMP_MS_MAX = STAMP_MS_END - 1;
