import { isIP } from "node:net";
import type { QueueLogin, QueueSettings } from "@detente/telemetry";
import type { Cli } from "../cli.ts";
import { readWhole } from "../files.ts";
import { Trouble } from "../trouble.ts";

const MAX_FILE: number = 1024 * 1024;

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

/** How to reach the queue: logins come from the environment or from files that it names, never from arguments. */
export async function queueSettings(cli: Cli, servers: readonly string[]): Promise<QueueSettings> {
  const value = (name: string): string | undefined => cli.context.process.env?.[`DETENTE_NATS_${name}`] || undefined;
  const file = async (name: string): Promise<string | undefined> => {
    const path = value(name);
    return path === undefined ? undefined : Buffer.from(await readWhole(path, MAX_FILE)).toString("utf8");
  };
  const [creds, nkey, ca, cert, key] = await Promise.all(["CREDS", "NKEY", "CA", "CERT", "KEY"].map(file));
  const [user, password, token] = ["USER", "PASSWORD", "TOKEN"].map(value);
  const logins: QueueLogin[] = [];
  if (creds !== undefined) logins.push({ creds });
  if (nkey !== undefined) logins.push({ nkey });
  if (token !== undefined) logins.push({ token });
  if (user !== undefined) logins.push({ user, password: password ?? "" });
  if (logins.length > 1) {
    throw new Trouble("DETENTE_NATS_…", "more than one login is set", "keep one of CREDS, NKEY, TOKEN, USER");
  }
  const tls = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, text]) => text !== undefined));
  return { servers, login: logins[0], tls };
}
