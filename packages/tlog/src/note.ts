import {
  assert,
  type Bytes,
  concatBytes,
  err,
  type Fault,
  fromBase64,
  ok,
  type Result,
  toBase64,
  utf8,
  utf8Decode,
} from "@detente/basics";
import { isKeyName, isSameKey, keyIdHex, type Verifier } from "./vkey.ts";

/** A text and who signed it (c2sp.org/signed-note). Until it is verified, anyone may have written it. */
export interface Note {
  /** What is signed, its final newline included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** The bytes after the key id; their form depends on the key's type. */
  readonly signature: Bytes;
}

/** Signatures found valid, and by whom: `verified[i]` made `signatures[i]`. */
export interface VerifiedNote {
  readonly text: string;
  /** At least one, each key once. */
  readonly verified: readonly Verifier[];
  readonly signatures: readonly NoteSignature[];
}

export type NoteFault = Fault<"malformed-note">;
export type NoteVerifyFault = Fault<"no-known-signature" | "bad-signature" | "ambiguous-key">;

/** Bytes. Room for the 64 largest signatures (ML-DSA-44: 3.3 kB a line) and a long text. */
export const MAX_NOTE_LENGTH: number = 1 << 20;

export const MAX_SIGNATURES = 64;

const PREFIX = "\u2014 ";

/** A key id of four bytes and a signature of at least one. */
const MIN_SIGNATURE_BYTES = 5;

const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/** Reads a note under limits: at most 1 MiB, 1 to 64 signatures. The last empty line parts the text from the signatures. */
export function parseNote(bytes: Bytes): Result<Note, NoteFault> {
  if (bytes.length > MAX_NOTE_LENGTH) return malformed(`longer than ${MAX_NOTE_LENGTH} bytes`);
  const note = utf8Decode(bytes);
  if (note === undefined) return malformed("not UTF-8");
  if (CONTROL.test(note)) return malformed("it holds a control character");
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return malformed("no empty line between text and signatures");
  const signatures = parseSignatureLines(note.slice(split + 2));
  return signatures.ok ? ok({ text: note.slice(0, split + 1), signatures: signatures.value }) : signatures;
}

/** Reads 1 to 64 signature lines, each with its newline: the end of a note, or what a witness answers. */
export function parseSignatureLines(text: string): Result<NoteSignature[], NoteFault> {
  if (!text.endsWith("\n")) return malformed("the last signature line does not end in a newline");
  const lines = text.slice(0, -1).split("\n", MAX_SIGNATURES + 1);
  if (lines.length > MAX_SIGNATURES) return malformed(`more than ${MAX_SIGNATURES} signatures`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (signature === undefined)
      return malformed(`signature line ${signatures.length + 1} does not read "— name base64"`);
    signatures.push(signature);
  }
  return ok(signatures);
}

/** A signature line with its newline. */
export function formatSignatureLine(signature: NoteSignature): string {
  assert(
    isKeyName(signature.name) && signature.signature.length > 0,
    "a signature line needs a key name and a signature",
  );
  return `${PREFIX}${signature.name} ${toBase64(concatBytes(u32(signature.keyId), signature.signature))}\n`;
}

/** Writes a note. Throws on one that could not be read back: it would be of our own making. */
export function formatNote(note: Note): Bytes {
  assert(
    note.text.endsWith("\n") && !CONTROL.test(note.text),
    "a note's text ends in a newline and has no other control character",
  );
  assert(note.signatures.length >= 1 && note.signatures.length <= MAX_SIGNATURES, "a note has 1 to 64 signatures");
  const bytes = utf8(`${note.text}\n${note.signatures.map(formatSignatureLine).join("")}`);
  assert(bytes.length <= MAX_NOTE_LENGTH, "a note has at most 1 MiB");
  return bytes;
}

/**
 * Checks every signature by a key that is known here. Signatures by others are ignored; one by a known key that does
 * not verify rejects the whole note, and so does the lack of any.
 */
export function verifyNote(note: Note, verifiers: readonly Verifier[]): Result<VerifiedNote, NoteVerifyFault> {
  const verified: Verifier[] = [];
  const signatures: NoteSignature[] = [];
  for (const signature of note.signatures) {
    const [key, ...others] = verifiers.filter(
      ({ name, keyId, verify }) => verify !== undefined && name === signature.name && keyId === signature.keyId,
    );
    if (key?.verify === undefined) continue;
    const label = `${key.name}+${keyIdHex(key.keyId)}`;
    if (others.some((other) => !isSameKey(key, other)))
      return err("ambiguous-key", `two known keys share the id ${label}`);
    if (!key.verify(note.text, signature.signature))
      return err("bad-signature", `the signature by ${label} is not valid`);
    if (verified.includes(key)) continue;
    verified.push(key);
    signatures.push(signature);
  }
  if (verified.length === 0) return err("no-known-signature", "no signature is by a key known here");
  return ok({ text: note.text, verified, signatures });
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  if (!line.startsWith(PREFIX)) return undefined;
  const [name = "", encoded = "", ...rest] = line.slice(PREFIX.length).split(" ", 3);
  const bytes = fromBase64(encoded);
  if (rest.length > 0 || !isKeyName(name) || bytes === undefined || bytes.length < MIN_SIGNATURE_BYTES)
    return undefined;
  const keyId = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  return { name, keyId, signature: bytes.subarray(4) };
}

function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function malformed(what: string): ReturnType<typeof err<"malformed-note">> {
  return err("malformed-note", `not a signed note: ${what}`);
}
