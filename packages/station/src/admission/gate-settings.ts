import { isAbsolute } from "node:path";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { type Static, Type } from "typebox";

const Path = Type.String({ minLength: 1, maxLength: 4096 });

/** What the gate against poison and false flags goes by: `gate` in station.json. */
export const GateSettings = Type.Object(
  {
    /** A directory with lists in the format of MISP's warninglists, at any depth; from the root. */
    lists: Type.Optional(Path),
    /** Files with own and protected names, networks and other values; from the root. */
    assets: Type.Optional(Type.Array(Path, { maxItems: 100 })),
    /** By party: how reliable it has proved, A to E, F not known, G a deceiver. */
    reliability: Type.Optional(
      Type.Record(Type.String({ pattern: "^[a-z0-9-]{1,32}$" }), Type.Enum(["A", "B", "C", "D", "E", "F", "G"])),
    ),
  },
  { additionalProperties: false },
);

export type GateSettings = Static<typeof GateSettings>;

/** Checks what the schema cannot: paths begin at the root, since nobody knows where a station was started. */
export function checkGate(settings: GateSettings): Result<GateSettings, Fault<"bad-gate">> {
  for (const [i, path] of (settings.assets ?? []).entries()) {
    if (!isAbsolute(path)) return err("bad-gate", `/gate/assets/${i}: "${path}" does not begin at the root`);
  }
  const { lists } = settings;
  return lists === undefined || isAbsolute(lists)
    ? ok(settings)
    : err("bad-gate", `/gate/lists: "${lists}" does not begin at the root: write the whole path`);
}
