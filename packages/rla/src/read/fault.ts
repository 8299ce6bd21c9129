import type { Err, Fault } from "@detente/basics";
import { cleanText } from "@detente/intel/text";

/** Why a file, or a row of it, cannot be taken. */
export type ReadCode =
  | "bad-header"
  | "bad-quote"
  | "bad-row"
  | "bad-zip"
  | "duplicate-id"
  | "line-too-long"
  | "missing-file"
  | "not-json"
  | "not-text"
  | "not-utf8"
  | "not-xml"
  | "too-deep"
  | "too-large"
  | "too-many"
  | "unknown-format"
  | "unterminated-quote";

/** A fault of one row or value, before it is known where it stands. The message is the reason and the remedy. */
export type RowFault = Fault<ReadCode>;

/** What is wrong with a file and where; the message begins with `file:line:`. */
export interface ReadFault extends Fault<ReadCode> {
  readonly file: string;
  /** From 1. A JSON or XML file's line is that on which the element begins. */
  readonly line: number;
}

export function readFault(file: string, line: number, { code, message }: RowFault): ReadFault {
  const name = cleanText(file, 200);
  return { code, file: name, line, message: `${name}:${line}: ${message}` };
}

export function refuse(file: string, line: number, code: ReadCode, message: string): Err<ReadFault> {
  return { ok: false, fault: readFault(file, line, { code, message }) };
}
