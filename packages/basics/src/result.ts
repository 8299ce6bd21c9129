/**
 * The outcome of handling something that came from outside: a value, or a fault that names its code.
 * Expected failures travel as values; broken invariants throw.
 */
export type Result<T, F extends Fault = Fault> = Ok<T> | Err<F>;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Err<F extends Fault> {
  readonly ok: false;
  readonly fault: F;
}

/** What went wrong: a code from a closed union, and a sentence that names the place and the remedy. */
export interface Fault<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function err<Code extends string>(code: Code, message: string): Err<Fault<Code>> {
  return { ok: false, fault: { code, message } };
}

/** Returns the value of a result that the caller knows to be good; throws otherwise. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.fault.code}: ${result.fault.message}`);
}
