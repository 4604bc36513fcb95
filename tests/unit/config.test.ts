import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openAddressOf } from "../../shared/runtime/address-of.ts";
import { ConfigError, readConfig } from "../../shared/runtime/config.ts";
import { mayBeOpen } from "../../shared/runtime/sites.ts";

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe("settings", () => {
  it("S7: none are needed", () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      dataDir: ".data",
      limits: true,
      logLevel: "info",
    });
    expect(readConfig({ PORT: "", REDIS_URL: "" })).toMatchObject({ port: 3000, redisUrl: undefined });
  });

  it("S7: every fault is reported at once, with what was expected and what came", () => {
    const faults = faultsOf({
      PORT: "70000",
      LOG_LEVEL: "loud",
      QUEUE_SHARDS: "0",
      REDIS_URL: "http://x",
      TRUST_PROXY: "a/b",
    });
    expect(faults).toHaveLength(5);
    for (const fault of faults) expect(fault).toMatch(/^[A-Z_]+: expected .+, got .+$/);
    expect(faults[0]).toBe('PORT: expected a port number from 0 to 65535 (0: any free one), got "70000"');
  });

  it("S7: nobody trusts everybody as a proxy", () => {
    for (const everybody of ["0.0.0.0/0", "::/0", "127.0.0.1,10.0.0.0/0", "10.0.0.0/08"])
      expect(faultsOf({ TRUST_PROXY: everybody })).toEqual([
        expect.stringMatching(
          /^TRUST_PROXY: expected addresses or networks of the proxies .+; not everybody/,
        ),
      ]);
    for (const fine of ["128.0.0.0/1", "::/1", "::ffff:10.0.0.1", "::ffff:10.0.0.0/104", "10.0.0.0/32"])
      expect(() => openAddressOf(readConfig({ TRUST_PROXY: fine }).trustProxy), fine).not.toThrow();
  });

  it("S7: a fault never repeats a secret", () => {
    const faults = faultsOf({ SECRET: "hunter2", ADMIN_TOKEN: "hunter2", REDIS_URL: "redis//:hunter2@x" });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain("hunter2");
  });

  it("S7: a token that no request could carry is refused", () => {
    expect(faultsOf({ ADMIN_TOKEN: "a token with spaces in it" })).toHaveLength(1);
    expect(readConfig({ ADMIN_TOKEN: "a-token-without-spaces" }).adminToken).toBe("a-token-without-spaces");
  });

  it("S7: LIMITS=off is refused unless HOST is loopback", () => {
    expect(readConfig({ LIMITS: "off" }).limits).toBe(false);
    expect(readConfig({ LIMITS: "off", HOST: "::1" }).limits).toBe(false);
    expect(faultsOf({ LIMITS: "off", HOST: "0.0.0.0" })).toEqual([
      'LIMITS: expected on unless HOST is loopback, got off with HOST "0.0.0.0"',
    ]);
    // Looks like loopback, is not.
    expect(faultsOf({ LIMITS: "off", HOST: "127.0.0.1.example" })).toHaveLength(1);
  });

  it("S90: reads several secrets, newest first", () => {
    const { secrets } = readConfig({ SECRET: "k2:a second secret of us,k1:the first secret of us" });
    expect(secrets).toEqual([
      { id: "k2", secret: "a second secret of us" },
      { id: "k1", secret: "the first secret of us" },
    ]);
    expect(readConfig({ SECRET: "only one, without id or comma".replace(",", "") }).secrets).toHaveLength(1);
    expect(faultsOf({ SECRET: "k1:short" })).toHaveLength(1);
    expect(faultsOf({ SECRET: "k1:long enough to be used,k1:long enough to be used" })).toHaveLength(1);
  });

  it("S155: what is published on loopback may be open, wherever a container listens; all else has to say so", () => {
    const open = (env: Readonly<Record<string, string>>) =>
      mayBeOpen(readConfig({ HOST: "0.0.0.0", ...env }));
    for (const PUBLISH of ["127.0.0.1:8080", "127.0.0.1:", "[::1]:8080"])
      expect(open({ PUBLISH }), PUBLISH).toBe(true);
    for (const PUBLISH of ["0.0.0.0:80", "80", "8080:", ":80", "[::]:80", "192.0.2.1:80", ""]) {
      expect(open({ PUBLISH }), PUBLISH).toBe(false);
      expect(open({ PUBLISH, OPEN: "on" }), PUBLISH).toBe(true);
    }
    const compose = readFileSync(new URL("../../docker-compose.yml", import.meta.url), "utf8");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills them in.
    expect(compose).toContain("OPEN: ${OPEN:-}\n    PUBLISH: ${PUBLISH:-127.0.0.1:8080}");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills them in.
    expect(compose).toContain('ports: ["${PUBLISH:-127.0.0.1:8080}:8080"]');
  });

  it("S153: a secret with a plus sign verifies and does not sign; the first without one signs, the last names", () => {
    const [old, young] = ["the first secret of us", "a second secret of us"];
    expect(readConfig({ SECRET: `+k2:${young},k1:${old}` })).toMatchObject({
      secrets: [
        { id: "k1", secret: old },
        { id: "k2", secret: young },
      ],
      nameSecret: old,
    });
    const retiring = readConfig({ SECRET: `+k3:another secret of us,k2:${young},*:${old}` });
    expect(retiring.secrets?.map(({ id }) => id)).toEqual(["k2", "k3"]);
    expect(retiring.nameSecret).toBe(old);
    // Base64 may begin so.
    for (const secret of ["+only one, of base64".replace(",", ""), `1:+${old}`])
      expect(readConfig({ SECRET: secret }).secrets).toEqual([{ id: "1", secret: secret.replace("1:", "") }]);
    expect(readConfig({ SECRET: `k2:${young},+${old}` }).nameSecret).toBe(`+${old}`);
    for (const SECRET of [
      `+k2:${young}`,
      `+k2:${young},*:${old}`,
      `+k2:${young},+k1:${old}`,
      `k2:${young},+k1:${old}`,
      `+k1:${young},k1:${old}`,
      `+:${young},k1:${old}`,
      `+${young},k1:${old}`,
      "+k2:short,k1:the first secret of us",
      `k2:${young},+*:${old}`,
    ])
      expect(faultsOf({ SECRET }), SECRET).toHaveLength(1);
  });

  it("S92: the last secret may key names and nothing else, if it is told so and is not listed twice", () => {
    expect(readConfig({ SECRET: "k2:a second secret of us,*:the first secret of us" })).toMatchObject({
      secrets: [{ id: "k2", secret: "a second secret of us" }],
      nameSecret: "the first secret of us",
    });
    expect(readConfig({ SECRET: "k2:a second secret of us,k1:the first secret of us" }).nameSecret).toBe(
      "the first secret of us",
    );
    for (const SECRET of [
      "*:the first secret of us",
      "*:the first secret of us,k2:a second secret of us",
      "k2:a second secret of us,*:short",
      "k1:the first secret of us,*:the first secret of us",
      "k2:a second secret of us,*:the first secret of us,*:an older secret of us",
    ])
      expect(faultsOf({ SECRET }), SECRET).toHaveLength(1);
  });

  it("S31: reads the nodes of a cluster, and refuses two kinds of Redis at once", () => {
    expect(readConfig({ REDIS_CLUSTER: "a:7000, b:7001" }).redisCluster).toEqual([
      { host: "a", port: 7000 },
      { host: "b", port: 7001 },
    ]);
    expect(readConfig({ REDIS_CLUSTER: "a:7000" }).queueShards).toBe(6);
    expect(readConfig({}).queueShards).toBe(1);
    expect(faultsOf({ REDIS_CLUSTER: "a" })).toHaveLength(1);
    expect(faultsOf({ REDIS_CLUSTER: "a:1", REDIS_URL: "redis://b" })).toHaveLength(1);
  });

  it("S31: reads Sentinels, logins and TLS, and says what does not fit together", () => {
    const { redisSentinel, redisUrl } = readConfig({
      REDIS_URL: "redis+sentinel://app:p%40ss@s1:26379,[::1]:26380/main/2",
    });
    expect(redisUrl).toBeUndefined();
    expect(redisSentinel).toEqual({
      nodes: [
        { host: "s1", port: 26379 },
        { host: "::1", port: 26380 },
      ],
      master: "main",
      db: 2,
      login: { username: "app", password: "p@ss" },
    });
    expect(readConfig({ REDIS_CLUSTER: "a:1", REDIS_TLS: "on", REDIS_PASSWORD: "x" })).toMatchObject({
      redisTls: {},
      redisLogin: { password: "x" },
    });
    for (const REDIS_URL of [
      "redis+sentinel://:hunter2@s1/main",
      "redis+sentinel://:hunter2@s1:26379",
      "redis+sentinel://s1:26379/",
      "redis+sentinel://:%zzhunter2@s1:26379/main",
    ]) {
      const faults = faultsOf({ REDIS_URL });
      expect(faults).toHaveLength(1);
      expect(faults.join()).not.toContain("hunter2");
    }
    expect(faultsOf({ REDIS_USERNAME: "app" })).toEqual([
      "REDIS_PASSWORD: expected the password of REDIS_USERNAME, got nothing",
    ]);
    expect(faultsOf({ REDIS_URL: "rediss://x", REDIS_TLS: "off" })).toHaveLength(1);
    expect(faultsOf({ VOTE_MIN_REPLICAS: "-1" })).toHaveLength(1);
    expect(faultsOf({ REDIS_CLUSTER: "a:0" })).toHaveLength(1);
    expect(faultsOf({ REDIS_CLUSTER: "," })).toHaveLength(1);
  });
});
