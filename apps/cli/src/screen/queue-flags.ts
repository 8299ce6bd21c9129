import { isIP } from "node:net";
import { type OptionalFlag, optional, size, wholeNumber, yes } from "../args.ts";

/** What `screen` takes for the queue. */
export type QueueFlags = {
  readonly queue?: readonly string[];
  readonly keep: boolean;
  readonly segment?: number;
  readonly patience?: number;
};

export const QUEUE_FLAGS: {
  readonly queue: OptionalFlag<readonly string[]>;
  readonly keep: ReturnType<typeof yes>;
  readonly segment: OptionalFlag<number>;
  readonly patience: OptionalFlag<number>;
} = {
  queue: optional(queueServers, "url", "let the workers of this NATS queue do it: see `detente worker --help`"),
  keep: yes("leave the job in the queue when it is done"),
  segment: optional(segmentSize, "size", "what one worker takes at once, such as 16M (default: 64M)"),
  patience: optional(wholeNumber, "seconds", "after which a silent worker's part goes to another (default: 30)"),
};

function segmentSize(text: string): number {
  const bytes = size(text);
  if (bytes === 0) throw new Error(`"${text}" is not a size of anything; write it as 64M`);
  return bytes;
}

/** `nats://host:4222` or `tls://host:4222`, several of one cluster separated by commas. */
export function queueServers(text: string): readonly string[] {
  const servers = text.split(",").map((server) => server.trim());
  const schemes = new Set(servers.map(schemeOf));
  if (schemes.size > 1) throw new Error("either all servers are nats:// or all are tls://");
  return servers;
}

function schemeOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^(?:nats|tls):$/.test(url.protocol) || url.hostname === "") {
    throw new Error(`"${server}" is not nats://HOST:PORT or tls://HOST:PORT`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Error("a login in an address is seen by all users of this machine; see DETENTE_NATS_USER in docs/cli.md");
  }
  if (url.protocol === "tls:" && isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0) {
    throw new Error(`"${server}": tls:// needs the server's name, as its certificate has it`);
  }
  return url.protocol;
}
