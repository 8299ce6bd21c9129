import type { QueueLogin, QueueSettings } from "@detente/telemetry/queue";
import type { Cli } from "../cli.ts";
import { readWhole } from "../files.ts";
import { Trouble } from "../trouble.ts";

const MAX_FILE: number = 1024 * 1024;

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
