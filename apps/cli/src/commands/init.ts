import { optional, required, yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, an IPv6 host in brackets. */
function listenAddress(text: string): ListenAddress {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535) throw new Error(`"${text}" is not host:port, such as 0.0.0.0:7300`);
  return { host: (parts[1] ?? parts[2]) as string, port };
}

export type Flags = {
  readonly name: string;
  readonly url: string;
  readonly origin?: string;
  readonly listen?: ListenAddress;
  readonly publicLog: boolean;
};

export const initCommand = command<Flags, []>({
  brief: "Make the data directory of a new station: keys, settings, party file",
  about:
    "The directory must be empty. keys/next.json holds the keys that will follow the ones in use: move it to paper or " +
    "to a token, and bring it back only to rotate.",
  examples: [
    "detente init --name alpha --url https://detente.alpha.example:7300",
    "detente init --data ./bravo --name bravo --url http://127.0.0.1:7301",
  ],
  flags: {
    name: required(String, "name", "the party's name: lower-case letters, digits and hyphens"),
    url: required(String, "url", "where the other parties reach this station: https, or http on loopback"),
    origin: optional(String, "origin", "the origin of the party's log (default: the URL's host and the name)"),
    listen: optional(listenAddress, "host:port", "where the station listens (default: the port that the URL names)"),
    publicLog: yes("let anyone read this party's log, not only the unit's members"),
  },
  args: NO_ARGS,
  load: () => import("./init.run.ts"),
});
