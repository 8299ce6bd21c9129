import { mkdir, readdir } from "node:fs/promises";
import { canonicalJson, err, type Fault, type Json, ok, type Result } from "@detente/basics";
import type { PartyFile } from "@detente/record";
import { newTlsKey, NO_EXPIRATION, selfSignedCertificate, spkiPin } from "../wire/certificate.ts";
import { checkPeerUrl } from "../wire/pinned-pool.ts";
import { defaultConfig, saveConfig, type StationConfig } from "./config.ts";
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
  const config = await initialConfig(options);
  if (!config.ok) return config;
  const { name, origin, url } = config.value;

  const keys = { current: generateSeeds(options.random), next: generateSeeds(options.random) };
  await mkdir(`${dir}/keys`, { mode: 0o700 });
  await saveCurrent(dir, { current: keys.current, previous: {} });
  await saveNext(dir, keys.next);
  let spki: string | undefined;
  if (new URL(url).protocol === "https:") {
    const keyPem = newTlsKey();
    const certificate = selfSignedCertificate({
      keyPem,
      commonName: name,
      hosts: [new URL(url).hostname],
      notBefore: new Date(options.now),
      notAfter: NO_EXPIRATION,
      serial: options.random(16),
    });
    await writeFileDurably(`${dir}/keys/tls-key.pem`, keyPem, 0o600);
    await writeFileDurably(`${dir}/keys/tls-cert.pem`, certificate);
    spki = spkiPin(keyPem);
  }
  await createToken(dir, options.random);
  const party = partyFile({ name, origin, url, ...(spki === undefined ? {} : { spki }) }, keys);
  await writeFileDurably(`${dir}/party.json`, `${canonicalJson(party as unknown as Json)}\n`);
  // Last: a directory without it is not taken for a station.
  await saveConfig(dir, config.value);
  return ok(party);
}

async function initialConfig(options: InitOptions): Promise<Result<StationConfig, InitFault>> {
  if (!/^[a-z0-9-]{1,32}$/.test(options.name)) {
    return err("bad-settings", `name "${options.name}": use 1 to 32 lower-case letters, digits and hyphens`);
  }
  const url = checkPeerUrl(options.url, "0".repeat(64));
  if (!url.ok) return err("bad-settings", `url "${options.url}": ${url.fault.message}`);
  const { host, hostname, port, protocol } = url.value;
  const origin = options.origin ?? `${host.replace(/^\[|\]/g, "")}/${options.name}`;
  if (!/^[^\s+\u0000-\u001f]{1,200}$/u.test(origin)) {
    return err("bad-settings", `origin "${origin}": a log's origin has no spaces and no "+"`);
  }
  const defaults = defaultConfig(options.name, origin, options.url);
  const listen = options.listen ?? {
    host: protocol === "http:" ? hostname.replace(/^\[|\]$/g, "") : "0.0.0.0",
    port: Number(port || defaults.listen.port),
  };
  return ok({ ...defaults, listen, logAccess: options.logAccess ?? defaults.logAccess });
}
