/** A network source as people see it: 6 hexadecimal digits. */
export function sourceName(source: number): string {
  return source.toString(16).padStart(6, "0");
}
