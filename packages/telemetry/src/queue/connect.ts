import {
  type Authenticator,
  connect,
  type ConnectionOptions,
  credsAuthenticator,
  errors,
  nkeyAuthenticator,
  type NodeConnectionOptions,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/transport-node";
import { jetstreamManager } from "@nats-io/jetstream";
import { Queue } from "./queue.ts";
import { QueueError } from "./queue-error.ts";

/** Where the queue's servers are, and who this is there. */
export interface QueueSettings {
  /** `nats://` or `tls://` addresses, all of one kind. */
  readonly servers: readonly string[];
  readonly login: QueueLogin | undefined;
  /** Texts of PEM files; what is absent is the system's. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export type QueueLogin =
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  /** The text of a seed file. */
  | { readonly nkey: string }
  /** The text of a `.creds` file. */
  | { readonly creds: string };

/** A part of a result, as the server gives it back: in base64, with what the protocol adds. */
const LARGEST_MESSAGE = 720 * 1024;
const CONNECT_MS = 10_000;
const RECONNECT_MS = 500;

/**
 * Connects with the party's own NATS server, and again whenever the connection is lost.
 * @throws QueueError where the server cannot be reached, refuses, or is not fit
 */
export async function connectQueue({ servers, login, tls }: QueueSettings): Promise<Queue> {
  const place = servers.join(", ");
  const isTls = servers.every((server) => server.startsWith("tls://"));
  const options: ConnectionOptions & NodeConnectionOptions = {
    servers: [...servers],
    name: "detente",
    timeout: CONNECT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    ...(login === undefined ? {} : { authenticator: authenticator(login) }),
    ...(isTls || Object.keys(tls).length > 0 ? { tls: { ...tls } } : {}),
  };
  const connection = await connect(options).catch((error: unknown) => {
    throw new QueueError(`${place}: ${reasonOf(error)}`, error);
  });
  try {
    // Asks whether this account has JetStream.
    const manager = await jetstreamManager(connection);
    const { max_payload: largest = 0 } = connection.info ?? {};
    if (largest < LARGEST_MESSAGE) {
      throw new QueueError(`${place}: allows messages of ${largest} bytes only — set max_payload to 1MB, its default`);
    }
    return new Queue(connection, manager, place);
  } catch (error) {
    await connection.close();
    if (error instanceof QueueError) throw error;
    throw new QueueError(`${place}: has no JetStream for this account — start nats-server with -js`, error);
  }
}

function authenticator(login: QueueLogin): Authenticator {
  if ("user" in login) return usernamePasswordAuthenticator(login.user, login.password);
  if ("token" in login) return tokenAuthenticator(login.token);
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text.trim());
  const made = "nkey" in login ? nkeyAuthenticator(bytes(login.nkey)) : credsAuthenticator(bytes(login.creds));
  try {
    made("a nonce, to see whether it can be signed");
  } catch (error) {
    const form = "nkey" in login ? "the nkey is no seed (SU…)" : "the credentials are none (BEGIN NATS USER JWT …)";
    throw new QueueError(`login: ${form} — check the file`, error);
  }
  return made;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.AuthorizationError) return "refuses the login — check the DETENTE_NATS_… variables";
  const { message, code = message } = error as NodeJS.ErrnoException;
  return `cannot be reached (${code}) — check the address and that nats-server runs`;
}
