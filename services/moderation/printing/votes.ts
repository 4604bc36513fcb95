/** As in `great 120, sad 3`; `nothing` when there is none. */
export function showVotes(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count !== 0);
  if (parts.length === 0) return "nothing";
  return parts.map(([reaction, count]) => `${reaction} ${count.toLocaleString("en")}`).join(", ");
}
