import { canonicalJson, err, type Fault, type Json, ok, type Result, utf8 } from "@detente/basics";
import { type CharterDocument, checkCharter, parseCharter } from "@detente/record";
import { readJsonFile, writeFileDurably } from "./files.ts";

export type CharterFileFault = Fault<"bad-charter" | "not-a-founder" | "conflict">;

/** The founding charter that this party accepted; `undefined` where there is none yet. */
export async function loadCharter(dir: string): Promise<Result<CharterDocument | undefined, CharterFileFault>> {
  const path = `${dir}/charter.json`;
  const file = await readJsonFile(path);
  if (!file.ok) return file.fault.code === "no-file" ? ok(undefined) : err("bad-charter", file.fault.message);
  const charter = checkCharter(file.value);
  return charter.ok ? charter : err("bad-charter", `${path}: ${charter.fault.message}`);
}

/**
 * Keeps the founding charter that an officer accepts. It must name this party exactly as its own party file does:
 * a charter with another key in this party's place would speak for someone else.
 */
export async function storeCharter(dir: string, document: CharterDocument): Promise<Result<void, CharterFileFault>> {
  const known = await loadCharter(dir);
  if (!known.ok) return known;
  const bytes = canonicalJson(document as unknown as Json);
  const checked = parseCharter(utf8(bytes));
  if (!checked.ok) return err("bad-charter", checked.fault.message);
  if (known.value !== undefined) {
    return canonicalJson(known.value as unknown as Json) === bytes
      ? ok(undefined)
      : err("conflict", "another charter was accepted here before; one station serves one unit");
  }
  const own = await readJsonFile(`${dir}/party.json`);
  if (!own.ok) return err("bad-charter", own.fault.message);
  const ownText = canonicalJson(own.value as Json);
  if (!document.parties.some((party) => canonicalJson(party as unknown as Json) === ownText)) {
    return err(
      "not-a-founder",
      "the charter does not hold this party's file as `detente party` prints it; have it drafted again",
    );
  }
  await writeFileDurably(`${dir}/charter.json`, `${bytes}\n`);
  return ok(undefined);
}
