import { err, type Fault, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { canonicalDomain } from "./domain.ts";

/** dot-atom of RFC 5322 §3.2.3; quoted and non-ASCII local parts are refused, telemetry does not carry them. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/**
 * The canonical form of an address: the domain as a domain indicator, the local part as written.
 * RFC 5321 §2.4 lets hosts tell `Bob` from `bob`, none does: `matchKey` folds A–Z, and two spellings are one.
 */
export function canonicalEmail(text: string): Result<string, Fault<"bad-email">> {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !LOCAL.test(local)) {
    return err("bad-email", `${quote(text)} is not an address of the form local-part@domain`);
  }
  const domain = canonicalDomain(text.slice(at + 1));
  if (!domain.ok) return err("bad-email", `${quote(text)} has a domain that is not valid: ${domain.fault.message}`);
  return ok(`${local}@${domain.value}`);
}
