import type { Fault, Result } from "@detente/basics";

/**
 * Why a command cannot do what it was asked to: the only exception to faults as values, since at this outermost edge
 * nothing above could do more with them than print one line and end with exit code 2.
 */
export class Trouble extends Error {
  /**
   * @param place the file (with its line), flag or address where it went wrong
   * @param remedy what the person can do about it, unless `what` says so already
   */
  constructor(place: string, what: string, remedy?: string) {
    super(`${place}: ${what}${remedy === undefined ? "" : ` — ${remedy}`}`);
    this.name = "Trouble";
  }
}

/** The value of a result; its fault, whose message names the remedy and perhaps the place, ends the command. */
export function orTrouble<T>(result: Result<T>, place: string): T {
  if (result.ok) return result.value;
  throw troubleAt(place, result.fault);
}

export function troubleAt(place: string, { message }: Fault): Trouble {
  const rest = message.startsWith(place) ? message.slice(place.length).replace(/^:?\s+/, "") : message;
  return new Trouble(place, rest);
}
