import type { TLSSocket } from "node:tls";
import { err, type Fault, fromHex, ok, type Result } from "@detente/basics";
import { buildConnector, Pool } from "undici";
import { pinOf } from "./certificate.ts";
import { isLoopbackAddress, isLoopbackHost } from "./loopback.ts";

export type PeerUrlFault = Fault<"bad-url" | "plain-http" | "no-pin">;

/** The connection was made, but the key at the other end is not the peer's. */
export class PinError extends Error {
  override readonly name = "PinError";
}

const CONNECTIONS = 8;
const CONNECT_TIMEOUT = 10_000;

/** Parses a station's address: http or https, no user, query or fragment. */
export function parsePeerUrl(url: string): Result<URL, PeerUrlFault> {
  if (!URL.canParse(url)) return err("bad-url", "not a URL");
  const parsed = new URL(url);
  const { protocol, username, password, search, hash } = parsed;
  if (protocol !== "https:" && protocol !== "http:") return err("bad-url", "a station's URL begins with https or http");
  const bare = username + password + search + hash === "";
  return bare ? ok(parsed) : err("bad-url", "a station's URL has no user, password, query or fragment");
}

/**
 * Whether a peer may be called at its address: over https with a pin, over http on loopback only.
 * @param pin SHA-256 of the peer's SubjectPublicKeyInfo, in hex, as the charter has it
 */
export function checkPeerUrl(url: string, pin?: string): Result<URL, PeerUrlFault> {
  const parsed = parsePeerUrl(url);
  if (!parsed.ok) return parsed;
  const { protocol, hostname, host } = parsed.value;
  if (protocol === "http:") {
    return isLoopbackHost(hostname) ? parsed : err("plain-http", `${host} is not loopback: its station must use https`);
  }
  const pinned = pin !== undefined && fromHex(pin)?.length === 32;
  return pinned ? parsed : err("no-pin", `${host} needs its key's SHA-256 (tls.spki, 64 hex digits) in its party file`);
}

/**
 * Connections to one peer. Over https the pin alone decides: no certificate authority is asked, and dates and names
 * in the certificate do not count, since the charter says which key is the peer's and for how long. The check comes
 * before the first byte of a request is sent.
 */
export function pinnedPool(url: URL, pin?: string): Pool {
  // Without session tickets each connection is a full handshake, in which the peer proves its key anew.
  const connectAnywhere = buildConnector({
    rejectUnauthorized: false,
    minVersion: "TLSv1.3",
    maxCachedSessions: 0,
    timeout: CONNECT_TIMEOUT,
  });
  return new Pool(url.origin, {
    connections: CONNECTIONS,
    maxHeaderSize: 16 * 1024,
    connect: (options, callback) => {
      connectAnywhere(options, (...outcome) => {
        const [error, socket] = outcome;
        if (error !== null) return callback(error, null);
        const wrong = url.protocol === "https:" ? wrongKey(socket as TLSSocket, pin) : wrongPlace(socket.remoteAddress);
        if (wrong === undefined) return callback(null, socket);
        socket.destroy();
        callback(wrong, null);
      });
    },
  });
}

function wrongKey(socket: TLSSocket, pin: string | undefined): PinError | undefined {
  const certificate = socket.getPeerX509Certificate();
  const found = certificate === undefined ? "none" : pinOf(certificate.publicKey);
  return found === pin ? undefined : new PinError(`expected the key ${pin}, found ${found}`);
}

/** A name such as localhost is looked up by the system, so where it led is checked. */
function wrongPlace(address: string | undefined): PinError | undefined {
  return address !== undefined && isLoopbackAddress(address)
    ? undefined
    : new PinError(`plain http led to ${address}, which is not loopback`);
}
