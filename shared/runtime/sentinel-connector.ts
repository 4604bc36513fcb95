/**
 * ioredis's connector for Sentinels without a trap of its failover detector: the detector of a connection that was lost goes
 * on listening, and when it hears of the new master while the next connection is being made, it disconnects that one. ioredis
 * takes this for the end that somebody asked for and never connects again: "Connection is closed." for good (ioredis 6.0.0,
 * SentinelConnector: `connect` throws once `connecting` is false, and Redis sets its status to "end").
 */
import { type Redis, type SentinelConnectionOptions, SentinelConnector } from "ioredis";

/** What ioredis keeps to itself: makes a connection to one Sentinel. */
interface Connecting {
  connectToSentinel: (...args: readonly unknown[]) => Redis;
}

export class LastingSentinelConnector extends SentinelConnector {
  /** @param options those of the connection, which ioredis hands on as they are */
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
    // A failover detector does not listen to its connections' errors, and ioredis prints what nobody listens to: lines of its own
    // among the log's, as long as one Sentinel of many is down. What all of them say is heard as `sentinelError`.
    const connecting = this as unknown as Connecting;
    const connect = connecting.connectToSentinel.bind(this);
    connecting.connectToSentinel = (...args) => connect(...args).on("error", () => {});
  }

  override connect(
    ...args: Parameters<SentinelConnector["connect"]>
  ): ReturnType<SentinelConnector["connect"]> {
    // Ends the detector of the connection before, too.
    this.disconnect();
    return super.connect(...args);
  }
}
