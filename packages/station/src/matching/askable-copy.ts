import { err, type Fault, ok, type Result } from "@detente/basics";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Copies } from "./copies.ts";
import type { SetCopy } from "./partner-copy.ts";

interface Where {
  readonly unit: () => UnitRuntime | undefined;
  readonly copies: Copies;
}

/** The copy of a partner's set that questions go by, or why there is none and who can mend it. */
export function askableCopy({ unit, copies }: Where, partner: string): Result<SetCopy, Fault<"no-set">> {
  const copy = copies.of(partner);
  if (copy !== undefined) return ok(copy);
  const others = unit()?.peers.list() ?? [];
  if (!others.some(({ name }) => name === partner))
    return err("no-set", `${partner} is no other member of the unit; \`detente status\` names them`);
  const offered = copies.list().find(({ party }) => party === partner);
  if (offered === undefined)
    return err("no-set", `${partner}: no set of it is for this party; ask its officer for \`detente match publish\``);
  const why = offered.fault ?? "it is being fetched";
  return err("no-set", `${partner}: its set is not here yet: ${why}; try again soon, \`detente match list\` shows it`);
}
