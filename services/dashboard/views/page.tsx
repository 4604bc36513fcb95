/** One page: how its counts came about, where they came from, and what a moderator can do. */
import type { ViewProps } from "../frame-props.ts";
import { route } from "../navigate.ts";
import { PageDetail } from "./page-detail.tsx";
import { PagePicker } from "./page-picker.tsx";

export function PageView({ session }: ViewProps) {
  const { page, from, to } = route();
  if (page === undefined) return <PagePicker session={session} />;
  const range = from === undefined || to === undefined ? undefined : { from, to };
  return <PageDetail key={page} session={session} page={page} range={range} />;
}
