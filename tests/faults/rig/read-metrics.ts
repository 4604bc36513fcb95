/** One number of a service's `/metrics`. */
export async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
}

export async function residentMemory_bytes(url: string): Promise<number> {
  return await readMetric(url, "process_resident_memory_bytes");
}
