/** Attributes of `<reader-reactions>`, for the declarations beside this file. */
export interface ReaderReactionsAttributes {
  page?: string;
  site?: string;
  endpoint?: string;
  lang?: string;
  reactions?: string;
  mode?: "bar" | "compact";
  readonly?: boolean | "";
  signature?: string;
  account?: string;
  [label: `label-${string}`]: string | undefined;
}
