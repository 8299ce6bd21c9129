import type { Result } from "@detente/basics";
import type { ReadFault } from "@detente/rla";
import { troubleAt } from "../trouble.ts";

/** What was read of a file; its fault, which names file and line, ends the command. */
export function readOrTrouble<T>(result: Result<T, ReadFault>): T {
  if (result.ok) return result.value;
  const { fault } = result;
  throw troubleAt(`${fault.file}:${fault.line}`, fault);
}
