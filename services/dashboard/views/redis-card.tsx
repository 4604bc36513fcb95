/** How Redis is: memory, and what of a vote survives. */
import type { RedisState } from "../../../shared/contract/system.ts";
import { bytes, rate } from "../numbers.ts";
import { sentence, tag, words } from "../words.ts";

export function RedisCard({ redis }: { readonly redis: RedisState }) {
  const say = words().system;
  const used = bytes(tag(), redis.usedMemory_bytes);
  const memory =
    redis.maxMemory_bytes === 0
      ? sentence(say.noLimit, { used })
      : sentence(say.ofMost, { used, most: bytes(tag(), redis.maxMemory_bytes) });
  const write = redis.lastWriteOk === null ? say.unknown : redis.lastWriteOk ? say.ok : say.notOk;
  const facts: readonly (readonly [string, string])[] = [
    [say.version, redis.version],
    [say.redisMemory, memory],
    [say.appendonly, redis.appendonly ? say.on : say.off],
    [say.lastWrite, write],
    [say.roundTrip, sentence(say.milliseconds, { n: rate(tag(), redis.roundTrip_ms) })],
    [say.durability, redis.durability],
  ];
  return (
    <section class="card">
      <h2>{say.redis}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {redis.warnings.length === 0 ? null : (
        <>
          <h3>{say.warnings}</h3>
          <ul>
            {redis.warnings.map((warning) => (
              <li key={warning} class="wrong">
                {warning}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
