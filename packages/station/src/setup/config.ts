import { err, type Fault, ok, type Result } from "@detente/basics";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import { checkMatchPolicy, MatchPolicy } from "../matching/policy.ts";
import { checkGate, GateSettings } from "../admission/gate-settings.ts";
import { ReleaseRule } from "../exchange/release/rule.ts";
import { checkExchanges, ScheduledExchange } from "../exchange/schedule/scheduled-exchange.ts";
import { BlindHitPolicies, checkSources, WatchedSource } from "../watch/watched-source.ts";
import { readJsonFile, writeFileDurably } from "./files.ts";
import { outsideLogs, outsideWitnesses } from "./outside.ts";

const Budget = Type.Object(
  {
    requestsPerMinute: Type.Integer({ minimum: 1 }),
    bytesPerMinute: Type.Integer({ minimum: 1024 }),
    statementsPerMinute: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);

/** A vkey, whose name is then the origin too, or both where a log signs under another name. */
const WitnessedLog = Type.Union([
  Type.String(),
  Type.Object(
    { origin: Type.String({ minLength: 1, maxLength: 255 }), vkey: Type.String() },
    { additionalProperties: false },
  ),
]);

const OutsideWitness = Type.Object(
  {
    vkey: Type.String(),
    /** The submission prefix: what stands before `/add-checkpoint`. */
    url: Type.String({ maxLength: 300 }),
  },
  { additionalProperties: false },
);

const StationConfig = Type.Object(
  {
    v: Type.Literal(1),
    name: Type.String({ pattern: "^[a-z0-9-]{1,32}$" }),
    origin: Type.String({ minLength: 1, maxLength: 200 }),
    /** Where peers and the command line reach this station. */
    url: Type.String({ pattern: "^https?://", maxLength: 300 }),
    listen: Type.Object(
      { host: Type.String({ minLength: 1 }), port: Type.Integer({ minimum: 0, maximum: 65535 }) },
      { additionalProperties: false },
    ),
    /** Who may read this station's log and what it witnesses: the unit's members, or anyone (C2SP monitors and verifiers). */
    logAccess: Type.Union([Type.Literal("unit"), Type.Literal("public")]),
    /** Logs outside the unit that this station witnesses as a C2SP witness. */
    witnessedLogs: Type.Array(WitnessedLog, { maxItems: 1000 }),
    /** C2SP witnesses outside the unit that are asked to cosign this station's log. */
    witnesses: Type.Optional(Type.Array(OutsideWitness, { maxItems: 16 })),
    /** Seconds from one round of asking them to the next. */
    witnessInterval: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    /** This party's own telemetry that is screened for what the unit shares. */
    watch: Type.Optional(Type.Array(WatchedSource, { maxItems: 100 })),
    /** What this party lets others ask blindly; without it nothing is published. */
    match: Type.Optional(MatchPolicy),
    /** What becomes of hits of blind look-ups, by partner; without it an officer decides. */
    blindHits: Type.Optional(BlindHitPolicies),
    /** STIX identities of this party: what they created, it marked itself. */
    identities: Type.Optional(Type.Array(Type.String({ pattern: "^identity--[0-9a-f-]{36}$" }), { maxItems: 1000 })),
    /** What the gate against poison and false flags goes by. */
    gate: Type.Optional(GateSettings),
    /** What of that which tools bring over TAXII is shared without an officer's looking at it. */
    release: Type.Optional(Type.Array(ReleaseRule, { maxItems: 100 })),
    /** Collections of TAXII servers outside that are pulled from and pushed to. */
    taxii: Type.Optional(Type.Array(ScheduledExchange, { maxItems: 100 })),
    /** What each peer may ask of this station. */
    peerBudget: Budget,
    /** Appends are grouped until this many statements wait. */
    groupSize: Type.Integer({ minimum: 1, maximum: 10_000 }),
  },
  { additionalProperties: false },
);

/** The settings of a station: `station.json` in its data directory. */
export type StationConfig = Static<typeof StationConfig>;

const validator = Compile(StationConfig);

export const DEFAULT_PORT = 7300;

export function defaultConfig(name: string, origin: string, url: string, port: number = DEFAULT_PORT): StationConfig {
  return {
    v: 1,
    name,
    origin,
    url,
    listen: { host: "127.0.0.1", port },
    logAccess: "unit",
    witnessedLogs: [],
    witnesses: [],
    peerBudget: { requestsPerMinute: 6000, bytesPerMinute: 512 * 1024 * 1024, statementsPerMinute: 120_000 },
    groupSize: 1000,
  };
}

export type ConfigFault = Fault<"not-a-station" | "bad-config">;

export async function loadConfig(dir: string): Promise<Result<StationConfig, ConfigFault>> {
  const path = `${dir}/station.json`;
  const file = await readJsonFile(path);
  if (!file.ok) {
    return file.fault.code === "no-file"
      ? err("not-a-station", `${dir} holds no station: run \`detente init --data ${dir}\` first`)
      : err("bad-config", file.fault.message);
  }
  const parsed = parseConfig(file.value, dir);
  return parsed.ok ? parsed : err("bad-config", `${path}: ${parsed.fault.message}`);
}

/** @param dir the data directory that the settings are for */
export function parseConfig(value: unknown, dir: string): Result<StationConfig, ConfigFault> {
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    return err("bad-config", `${first?.instancePath || "/"} ${first?.message ?? "is malformed"}`);
  }
  const logs = outsideLogs(value.witnessedLogs);
  if (!logs.ok) return err("bad-config", logs.fault.message);
  const witnesses = outsideWitnesses(value.witnesses ?? []);
  if (!witnesses.ok) return err("bad-config", witnesses.fault.message);
  const policy = value.match === undefined ? ok(undefined) : checkMatchPolicy(value.match, value.name);
  if (!policy.ok) return err("bad-config", policy.fault.message);
  const gate = checkGate(value.gate ?? {});
  if (!gate.ok) return err("bad-config", gate.fault.message);
  const exchanges = checkExchanges(value.taxii ?? []);
  if (!exchanges.ok) return err("bad-config", exchanges.fault.message);
  const sources = checkSources(value.watch ?? [], dir);
  return sources.ok ? ok(value) : err("bad-config", sources.fault.message);
}

export async function saveConfig(dir: string, config: StationConfig): Promise<void> {
  await writeFileDurably(`${dir}/station.json`, `${JSON.stringify(config, null, 2)}\n`);
}
