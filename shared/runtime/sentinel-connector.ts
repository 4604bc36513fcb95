/**
 * ioredis's connector for Sentinels without a trap of its failover detector: the detector of a connection that was lost goes
 * on listening, and when it hears of the new master while the next connection is being made, it disconnects that one. ioredis
 * takes this for the end that somebody asked for and never connects again: "Connection is closed." for good (ioredis 6.0.0,
 * SentinelConnector: `connect` throws once `connecting` is false, and Redis sets its status to "end").
 */
import { type SentinelConnectionOptions, SentinelConnector } from "ioredis";

export class LastingSentinelConnector extends SentinelConnector {
  /** @param options those of the connection, which ioredis hands on as they are */
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
  }

  override connect(
    ...args: Parameters<SentinelConnector["connect"]>
  ): ReturnType<SentinelConnector["connect"]> {
    // Ends the detector of the connection before, too.
    this.disconnect();
    return super.connect(...args);
  }
}
