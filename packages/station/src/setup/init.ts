import { mkdir, readdir } from "node:fs/promises";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { formatPartyFile, parsePartyFile, type PartyFile } from "@detente/record";
import { newTlsKey, NO_EXPIRATION, selfSignedCertificate, spkiPin } from "../wire/certificate.ts";
import { checkPeerUrl } from "../wire/pinned-pool.ts";
import { DEFAULT_PORT, defaultConfig, saveConfig, type StationConfig } from "./config.ts";
import { writeFileDurably } from "./files.ts";
import { generateSeeds, saveCurrent, saveNext } from "./keys.ts";
import { partyFile } from "./party.ts";
import { createToken } from "./token.ts";

export type InitFault = Fault<"not-empty" | "bad-settings">;

export interface InitOptions {
  /** The party's name: lower-case letters, digits and hyphens, at most 32. */
  readonly name: string;
  /** The log's origin; by default made from the URL's host and the name. */
  readonly origin?: string;
  /** Where peers reach the station: https, or http on loopback. */
  readonly url: string;
  /** By default the URL's port, which then must be written out. */
  readonly listen?: StationConfig["listen"];
  readonly logAccess?: StationConfig["logAccess"];
  readonly random: (length: number) => Uint8Array;
  readonly now: number;
}

/** Makes the data directory of a new station, its keys and its party file. Refuses a directory that holds anything. */
export async function initStation(dir: string, options: InitOptions): Promise<Result<PartyFile, InitFault>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await readdir(dir);
  if (found.length > 0) return err("not-empty", `${dir} holds ${found[0]}: choose an empty directory`);
  const config = initialConfig(options);
  if (!config.ok) return config;
  const { name, origin, url } = config.value;

  const keys = { current: generateSeeds(options.random), next: generateSeeds(options.random) };
  const tls = url.startsWith("https:") ? tlsIdentity(config.value, options) : undefined;
  const party = partyFile({ name, origin, url, ...(tls === undefined ? {} : { spki: spkiPin(tls.keyPem) }) }, keys);
  const partyBytes = formatPartyFile(party);
  // The other parties read the file by these rules, and would refuse the station only when all is set up.
  const acceptable = parsePartyFile(partyBytes);
  if (!acceptable.ok) return err("bad-settings", acceptable.fault.message.replace(/^party file\./, "--"));

  await mkdir(`${dir}/keys`, { mode: 0o700 });
  await saveCurrent(dir, { current: keys.current, previous: {} });
  await saveNext(dir, keys.next);
  if (tls !== undefined) {
    await writeFileDurably(`${dir}/keys/tls-key.pem`, tls.keyPem, 0o600);
    await writeFileDurably(`${dir}/keys/tls-cert.pem`, tls.certificate);
  }
  await createToken(dir, options.random);
  await writeFileDurably(`${dir}/party.json`, partyBytes);
  // Last: a directory without it is not taken for a station.
  await saveConfig(dir, config.value);
  return ok(party);
}

function tlsIdentity(
  { name, url }: StationConfig,
  { random, now }: InitOptions,
): { readonly keyPem: string; readonly certificate: string } {
  const keyPem = newTlsKey();
  const certificate = selfSignedCertificate({
    keyPem,
    commonName: name,
    hosts: [new URL(url).hostname],
    notBefore: new Date(now),
    notAfter: NO_EXPIRATION,
    serial: random(16),
  });
  return { keyPem, certificate };
}

function initialConfig(options: InitOptions): Result<StationConfig, InitFault> {
  if (!/^[a-z0-9-]{1,32}$/.test(options.name)) {
    return err("bad-settings", `--name "${options.name}": use 1 to 32 lower-case letters, digits and hyphens`);
  }
  const parsed = checkPeerUrl(options.url, "0".repeat(64));
  if (!parsed.ok) return err("bad-settings", `--url "${options.url}": ${parsed.fault.message}`);
  const url = parsed.value;
  if (url.pathname !== "/") {
    return err("bad-settings", `--url "${options.url}": a station's URL has no path; write ${url.origin}`);
  }
  const listen = options.listen ?? listenAsUrlSays(options.url, url);
  if (listen === undefined) {
    return err(
      "bad-settings",
      `--url "${options.url}": write the port, as in ${url.origin}:${DEFAULT_PORT}, or give --listen where a proxy forwards to`,
    );
  }
  const origin = options.origin ?? `${url.host.replace(/^\[|\]/g, "")}/${options.name}`;
  // No key can be named by anything else; whether all else is right, the made party file will show.
  if (!/^[!-*,-~]+$/.test(origin)) {
    return err("bad-settings", `--origin "${origin}": printable ASCII characters, no spaces and no "+"`);
  }
  const defaults = defaultConfig(options.name, origin, url.origin);
  return ok({ ...defaults, listen, logAccess: options.logAccess ?? defaults.logAccess });
}

/** Peers call 443 or 80 where a URL names no port: seldom what is meant, and a port that few may listen on. */
function listenAsUrlSays(text: string, { protocol, hostname, port }: URL): StationConfig["listen"] | undefined {
  // A URL object forgets a port that is its protocol's own, so whether one was written is only in the text.
  if (!/:[0-9]+\/?$/.test(text)) return undefined;
  return protocol === "http:"
    ? { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) }
    : { host: "0.0.0.0", port: Number(port || 443) };
}
